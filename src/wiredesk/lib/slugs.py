"""Words as they stand in an address: short, ASCII, the same for the same text."""

from __future__ import annotations

import re
from collections.abc import Container

from anyascii import anyascii

_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
# Straight, typographic, modifier letter, grave: "don't" is one word with each.
_APOSTROPHES = re.compile("['\u2019\u02bc`]")


def slug_of(words: str, *, fallback: str, limit: int = 60) -> str:
    """Give at most ``limit`` characters of a-z, 0-9 and hyphens, cut at a word's end.

    Letters of any script are written in Latin ones; where nothing is left, ``fallback``.
    """
    # Thousands of characters can't reach the slug, so they needn't be transliterated.
    text = _APOSTROPHES.sub("", words[: 4 * limit])
    if not text.isascii():
        text = anyascii(text)
    slug = _NOT_IN_A_SLUG.sub("-", text.lower()).strip("-")
    if len(slug) > limit:
        slug = slug[: limit + 1].rpartition("-")[0] or slug[:limit]
    return slug or fallback


def free_slug(slug: str, taken: Container[str]) -> str:
    """Give ``slug``, with a number behind it where it is among ``taken``."""
    number, free = 2, slug
    while free in taken:
        free = f"{slug}-{number}"
        number += 1
    return free
