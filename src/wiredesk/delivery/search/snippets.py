"""The words around a match, the match marked, everything escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from wiredesk.delivery.search.words import Query, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    text, stems = " ".join(text.split()), _stems(query)
    start = next((_back(text, where) for where, _ in _matches(text, stems)), 0)
    shown = text[start:].split(" ", SNIPPET_WORDS)
    if len(shown) < SNIPPET_WORDS and start:
        shown = text.rsplit(" ", SNIPPET_WORDS)[-SNIPPET_WORDS:]
        start = len(text) - len(" ".join(shown))
    cut = " ".join(shown[:SNIPPET_WORDS])
    html = _marked(cut, _matches(cut, stems))
    after = " …" if len(shown) > SNIPPET_WORDS else ""
    return format_html("{}{}{}", "… " if start else "", html, after)


def _back(text: str, where: int) -> int:
    """Give the place ``_BEFORE`` words before the word at ``where``."""
    start = text.rfind(" ", 0, where) + 1
    for _ in range(_BEFORE):
        if not start:
            break
        start = text.rfind(" ", 0, start - 1) + 1
    return start


def _stems(query: Query) -> set[str]:
    return {_stem(word) for term in query.wanted for word in term.words}


def _matches(text: str, stems: set[str]) -> Iterator[tuple[int, int]]:
    """Give the places of words with these stems, as they are looked for."""
    if not stems:
        return
    if text.isascii():  # folding keeps the places of letters
        # A word begins with its stem, so few others need a look.
        begins = "|".join(re.escape(stem) for stem in sorted(stems))
        for match in re.finditer(rf"(?<![^\W_])(?:{begins})[^\W_]*", text.lower()):
            if _stem(match[0]) in stems:
                yield match.span()
        return
    for match in _WORD.finditer(text):
        if _stem(fold(match[0])) in stems:
            yield match.span()


def _stem(word: str) -> str:
    """Cut the commonest English endings: near enough to show why a story was found."""
    for ending in ("ings", "ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    # What is safe stays so when it is put together.
    html, end = SafeString(), 0
    for first, last in spans:
        html += escape(text[end:first])
        html += format_html("<mark>{}</mark>", text[first:last])
        end = last
    return html + escape(text[end:])
