"""A byline as agencies write it, as the names and desks in it."""

from __future__ import annotations

import re

from wiredesk.lib.text import one_line

_BY = re.compile(r"by(?:[ :]\s*|\Z)", re.IGNORECASE)
# Von, Par and Por begin surnames too, so two more words must follow.
_VON = re.compile(r"(?:von|par|por)[ :]\s*(?=[^\s,;]+ [^\s,;])", re.IGNORECASE)
_COMMAS = re.compile(r" ?[,;|] ?")
_AND = re.compile(r" (?:and|und|et|och|og|e|y|en) | ?& ?", re.IGNORECASE)
_SUFFIX = re.compile(
    r"(?:[JS]r|I{2,3}|IV|Ph\.?D|M\.?D|MBE|CBE|OBE|MP|RN)\.?\Z", re.IGNORECASE
)
_MOST = 20


def split_byline(text: str | None) -> tuple[str, ...]:
    """Give one entry a name or desk, in order, without "By" and without repeats.

    "By Ann Roe and Bo Low, Example Press" is three entries. "and" parts two names
    only where both sides have two words, so that a Trade and Industry Desk stays one.
    """
    written = one_line(text)
    if not written:
        return ()
    written = _without_opening(written)
    entries: list[str] = []
    for part in _COMMAS.split(written):
        if entries and _SUFFIX.match(part):
            entries[-1] = f"{entries[-1]}, {part}"
        else:
            entries.extend(_names(part))
    return tuple(dict.fromkeys(entry for entry in entries if entry))[:_MOST]


def _without_opening(written: str) -> str:
    match = _BY.match(written) or _VON.match(written)
    return written[match.end() :] if match else written


def _names(part: str) -> list[str]:
    part = re.sub(r"\A(?:and|und|et|och|og|y|e)\s+", "", part, flags=re.IGNORECASE)
    pieces = _AND.split(part)
    if len(pieces) > 1 and all(" " in piece.strip() for piece in pieces):
        return [piece.strip() for piece in pieces]
    return [part.strip()]
