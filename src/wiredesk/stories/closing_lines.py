"""Credit and copyright lines at the end of a text, as in "© 2026 Halyard Press".

Agencies put them into fields, or under the text, or both; whoever prints the fields'
lines itself must leave out those that the text brings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wiredesk.lib.html import to_text
from wiredesk.stories.datelines import first_words, words_in

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAST = re.compile(r"<p(?:\s[^>]*)?>((?:(?!</?p[\s>]).)*)</p>\s*\Z", re.DOTALL)


class ClosingLines:
    """The lines that are printed anyway, alone or one after the other."""

    def __init__(self, lines: Iterable[str]) -> None:
        kept = [line for line in lines if words_in(line)]
        self._known = [words_in(line) for line in [*kept, " ".join(kept)]]
        self._longest = max(map(len, self._known))

    def begin_in(self, html: str) -> int:
        """Give where the paragraphs at the end begin that say nothing else.

        The length of ``html`` where its last paragraph is text of the story's own.
        """
        end = len(html)
        while found := _last_paragraph(html[:end]):
            if first_words(to_text(found.group(1)), self._longest) not in self._known:
                break
            end = found.start()
        return end


def _last_paragraph(html: str) -> re.Match[str] | None:
    start = html.rfind("<p")
    return _LAST.match(html, start) if start >= 0 else None
