"""Word to editors that arrives dressed as news: kills, holds and advisories.

A kill's own text was once published by subscribers as a story. Only what says of itself
that it is such a word counts, so that "Advisory board meets" stays news.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_KINDS = frozenset(
    {
        "achtung",
        "advisory",
        "advisories",
        "coverage advisory",
        "daybook",
        "kill",
        "kill advisory",
        "mandatory kill",
        "note to editors",
        "planning advisory",
        "planungshinweis",
        "tagesvorschau",
        "withdrawal advisory",
    }
)
_WORDS = (
    r"(?:mandatory|story|photo|text|bulletin)\s+(?:kill|withdrawal|elimination)"
    r"|kill\s+(?:advisory|notice|bulletin)|advisory\s+kill|hold\s+advisory"
    r"|withdrawal\s+(?:advisory|notice)|withhold\s+advisory|advisory\s+to\s+editors"
    r"|(?:urgent\s+)?(?:attention|note\s+to)\s+editors|editors['\u2019]?\s+advisory"
)
_HEADLINE = re.compile(
    rf"\W*(?:(?:{_WORDS})\s*(?:\Z|[:,;.!(/\-\u2013\u2014])"
    r"|(?:advisory|kill|eliminate)\s*(?:\Z|[:!]|[\-\u2013\u2014]+\s))",
    re.IGNORECASE,
)
_SLUGLINE = re.compile(
    r"(?:--|,\s*|\A)(?:(?:mandatory\s+)?kill|kill\s+advisory|advisory)\s*\Z",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"\W*(?:{_WORDS})\s*(?:[:.!\-\u2013\u2014]|\n)"
    r"|.{0,600}?(?:\ba\s+kill\s+is\s+mandatory\b"
    r"|\bmake\s+certain\s+the\s+story\s+is\s+not\s+(?:used|published)\b"
    r"|\b(?:editors:?|please)\s+kill\s+the\s+(?:story|item|article|photo)\b)",
    re.IGNORECASE | re.DOTALL,
)
_LOOKED_AT = 900


def names_advisory(words: Iterable[str | None]) -> bool:
    """Tell whether one of an item's own classes (genre, profile, role) is an advisory."""
    return any(word is not None and word.strip().lower() in _KINDS for word in words)


def reads_as_advisory(headline: str | None, slugline: str | None, text: str) -> bool:
    """Tell whether headline, slugline or the opening of the text say so themselves."""
    return bool(
        _HEADLINE.match(headline or "")
        or _SLUGLINE.search(slugline or "")
        or _OPENING.match(text[:_LOOKED_AT])
    )
