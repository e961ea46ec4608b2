"""The words around a match, the match marked, everything escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import escape, format_html, format_html_join

from wiredesk.delivery.search.words import Query, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

SNIPPET_WORDS = 34
_BEFORE = 8  # words of the snippet that stand before the first match
_WORD = re.compile(r"[^\W_]+")


def highlight(text: str, query: Query) -> SafeString:
    """Give the whole text as HTML, the words that were searched for in ``<mark>``."""
    return _marked(text, _matches(text, _stems(query)))


def snippet(text: str, query: Query) -> SafeString:
    """Give some ``SNIPPET_WORDS`` words of the text as HTML, from near the first match.

    Where nothing matches (the match is in the headline), the beginning of the text.
    """
    text = " ".join(text.split())
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    matches = _matches(text, _stems(query))
    first = 0
    if matches:
        where = matches[0][0]
        hit = next((i for i, (_, end) in enumerate(spans) if end > where), 0)
        first = max(hit - _BEFORE, 0)
        first = max(min(first, len(spans) - SNIPPET_WORDS), 0)
    shown = spans[first : first + SNIPPET_WORDS]
    if not shown:
        return format_html("")
    start, end = shown[0][0], shown[-1][1]
    within = [(a - start, b - start) for a, b in matches if a >= start and b <= end]
    return format_html(
        "{}{}{}",
        "… " if first else "",
        _marked(text[start:end], within),
        " …" if first + SNIPPET_WORDS < len(spans) else "",
    )


def _stems(query: Query) -> set[str]:
    return {_stem(word) for term in query.wanted for word in term.words}


def _matches(text: str, stems: set[str]) -> list[tuple[int, int]]:
    if not stems:
        return []
    if text.isascii():  # folding keeps the places of letters
        words = _WORD.finditer(text.lower())
        return [match.span() for match in words if _stem(match[0]) in stems]
    words = _WORD.finditer(text)
    return [match.span() for match in words if _stem(fold(match[0])) in stems]


def _stem(word: str) -> str:
    """Cut the commonest English endings: near enough to show why a story was found."""
    for ending in ("ings", "ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    pieces: list[tuple[SafeString]] = []
    end = 0
    for first, last in spans:
        pieces.append((escape(text[end:first]),))
        pieces.append((format_html("<mark>{}</mark>", text[first:last]),))
        end = last
    pieces.append((escape(text[end:]),))
    return format_html_join("", "{}", pieces)
