"""Datelines at the beginning of a text: "PORT ELLERY, Nov. 3 (Halyard) —".

Agencies put the dateline into the text, or into a field, or both; whoever prints it
itself must know whether the text brings it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiredesk.lib.html import to_text

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
# A place, the agency in brackets, a dash.
_DATELINE = re.compile(
    rf"[^()\n]{{0,80}}\(\s*(?P<agency>[^()\n]{{1,60}}?)\s*\)\s*[{DASHES}]+"
)
_IN_BRACKETS = re.compile(r"\(\s*([^()]{1,60}?)\s*\)")
_BARE_END = rf"[\s,.]*(?:\([^()\n]{{1,60}}\)\s*)?[{DASHES}:]"
_NOT_WORDS = re.compile(r"[\W_]+")
# Some agencies lead with a summary or a line of their own; the dateline comes after it.
_PARAGRAPHS = 3
_FIRST_WORDS = 300  # characters of a paragraph


def brings_dateline(text: str, dateline: str) -> bool:
    """Tell whether ``text`` begins with the dateline, or with another of that agency."""
    words = words_in(dateline)
    if not words:
        return False
    agency = _IN_BRACKETS.search(dateline)
    # A bare place may also be the first word of the story: then a dash must follow.
    same = r"\W*" + r"[\W_]+".join(words) + ("" if agency else _BARE_END)
    if re.match(same, text, re.IGNORECASE):
        return True
    own = _DATELINE.match(text)
    if own is None or agency is None:
        return False
    return words_in(agency.group(1)) == words_in(own.group("agency"))


def is_datelined(text: str, agency: str) -> bool:
    """Tell whether the brackets at the beginning of ``text`` name ``agency``."""
    own = _DATELINE.match(text)
    if own is None:
        return False
    named = set(words_in(own.group("agency")))
    return bool(named) and named <= set(words_in(agency))


def opens_with_dateline(html: str, dateline: str, agency: str = "") -> bool:
    """Tell whether the first paragraph of ``html`` begins with the dateline."""
    words = to_text(html.partition("</p>")[0])[:_FIRST_WORDS].replace("\n", " ").strip()
    return brings_dateline(words, dateline) or is_datelined(words, agency)


def says_dateline(htmls: Iterable[str], dateline: str, agency: str = "") -> bool:
    """Tell whether one of the first paragraphs of a text begins with the dateline.

    ``htmls`` are the stretches of the text in their order.
    """
    left = _PARAGRAPHS
    for html in htmls:
        paragraphs = [part for part in html.split("</p>")[:left] if part.strip()]
        if any(opens_with_dateline(part, dateline, agency) for part in paragraphs):
            return True
        left -= len(paragraphs)
        if left <= 0:
            break
    return False


def without_dateline(text: str, dateline: str, agency: str = "") -> str:
    """Give plain text without the dateline at its beginning, for lists and snippets."""
    own = _DATELINE.match(text)
    if own is None:
        return text
    if brings_dateline(text, dateline) or is_datelined(text, agency):
        return text[own.end() :].lstrip()
    return text


def words_in(text: str) -> list[str]:
    """Give the words of a line, for comparing two of them."""
    return [word for word in _NOT_WORDS.split(text.casefold()) if word]


def first_words(text: str, count: int) -> list[str]:
    """Give the words of a text, and one more than ``count`` where it has more."""
    # A text may begin with what is no word, and its last piece is all that is left.
    pieces = _NOT_WORDS.split(text.casefold(), maxsplit=count + 2)
    return [piece for piece in pieces if piece][: count + 1]
