"""Addresses of stories, and what is left of one whose words must go."""

from __future__ import annotations

import re

_OF_STORY = re.compile(
    r"(/[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}/)[^/\s?#\"]*-(?=[0-9]{1,19}/)"
)


def without_words(address: str) -> str:
    """Give a story's address, path or URL, without its slug: it finds the same story.

    ``/2026/03/02/ferry-sinks-17/`` becomes ``/2026/03/02/17/``; anything else stays.
    """
    return _OF_STORY.sub(r"\1", address)
