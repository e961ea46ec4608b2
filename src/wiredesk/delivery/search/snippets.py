"""The words around a match, the match marked, everything escaped."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from wiredesk.delivery.search.words import Query, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SNIPPET_WORDS = 34
_BEFORE = 8  # words of the snippet that stand before the first match
# Letters to either side of the match in which that many words are looked for.
_REACH = 600
_WORD = re.compile(r"[^\W_]+")
_MORE_BEFORE, _MORE_AFTER = SafeString("… "), SafeString(" …")


def highlight(text: str, query: Query) -> SafeString:
    """Give the whole text as HTML, the words that were searched for in ``<mark>``."""
    return _marked(text, _matches(text, query))


def snippet(text: str, query: Query) -> SafeString:
    """Give some ``SNIPPET_WORDS`` words of the text as HTML, from near the first match.

    Where nothing matches (the match is in the headline), the beginning of the text.
    """
    where = next((first for first, _ in _matches(text, query)), 0)
    before = text[max(0, where - _REACH) : where].split()
    after = text[where : where + _REACH].split()
    is_begun, is_open = where > _REACH, where + _REACH < len(text)
    # Who cuts a text cuts a word.
    if is_begun:
        before = before[1:] or before
    if is_open:
        after = after[:-1] or after
    # Near the end of the text there is room for more of what stands before.
    room = max(SNIPPET_WORDS - len(after), _BEFORE)
    is_begun = is_begun or len(before) > room
    before = before[-room:]
    left = SNIPPET_WORDS - len(before)
    is_open = is_open or len(after) > left
    # A match may stand in the middle of what spaces are around: “ferry”, sea-ferry.
    joint = " " if where and text[where - 1].isspace() else ""
    cut = f"{' '.join(before)}{joint}{' '.join(after[:left])}"
    html = _marked(cut, _matches(cut, query))
    return (
        (_MORE_BEFORE if is_begun else SafeString())
        + html
        + (_MORE_AFTER if is_open else SafeString())
    )


@lru_cache(maxsize=64)
def _looked_for(query: Query) -> tuple[frozenset[str], re.Pattern[str]]:
    """Give the stems of a query's words, and words that begin with one: few others do."""
    stems = frozenset(_stem(word) for term in query.wanted for word in term.words)
    begins = "|".join(re.escape(stem) for stem in sorted(stems))
    return stems, re.compile(rf"(?:{begins})[^\W_]*")


def _matches(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Give the places of words that are looked for, whatever their endings."""
    stems, begins = _looked_for(query)
    if not stems:
        return
    at = 0
    for line in text.splitlines(keepends=True):
        folded = line.lower() if line.isascii() else line.translate(_FOLDED)
        # Where each letter stays one, places stay, and few words need a look.
        by_words = _BY_WORDS in folded
        for match in _WORD.finditer(line) if by_words else begins.finditer(folded):
            first, last = match.span()
            # Asked of the pattern, it would be asked at each letter of the text.
            is_whole = first == 0 or not folded[first - 1].isalnum()
            word = fold(match[0]) if by_words else match[0]
            if is_whole and _stem(word) in stems:
                yield at + first, at + last
        at += len(line)


# Stands for a letter whose fold is several, or depends on what is around it.
_BY_WORDS = "\0"
_SIGMA = 0x3A3  # another small letter at the end of a word


class _Folded(dict[int, str]):
    """Letters by their number as they are looked for."""

    def __missing__(self, number: int) -> str:
        folded = fold(chr(number))
        is_one = len(folded) == 1 and number != _SIGMA
        self[number] = folded if is_one else _BY_WORDS
        return self[number]


_FOLDED = _Folded()


def _stem(word: str) -> str:
    """Cut the commonest English endings: near enough to show why a story was found."""
    for ending in ("ings", "ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    html, end = "", 0
    for first, last in spans:
        html += f"{escape(text[end:first])}<mark>{escape(text[first:last])}</mark>"
        end = last
    return SafeString(html + escape(text[end:]))  # each piece of the text is escaped
