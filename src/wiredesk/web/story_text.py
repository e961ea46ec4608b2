"""The story's text as it is printed: each line once, whoever brings it.

Agencies put the dateline into the text, or into a field, or both; the same goes for the
credit and copyright lines at the end. What we print ourselves is not printed again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.lib.markup import cut
from wiredesk.stories.closing_lines import ClosingLines
from wiredesk.stories.datelines import DASHES, opens_with_dateline, says_dateline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from wiredesk.web.pictures import PagePicture

_FIRST = re.compile(r"\s*<p(?:\s[^>]*)?>")
# A dateline in HTML, where nothing in it is marked up.
_PLAIN_DATELINE = re.compile(
    rf"[^()<>&\n]{{0,80}}\([^()<>&\n]{{1,60}}\)\s*[{DASHES}]+\s*"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text, or a picture between two. One of them is there."""

    html: SafeString | None = None
    picture: PagePicture | None = None


@dataclass(frozen=True, slots=True)
class StoryText:
    """The text in print order.

    ``opening`` is the first paragraph's opening tag, after which ``dateline`` stands;
    both are empty where the text brings its own or has none. ``alone``: the text begins
    with no paragraph, so the dateline is one by itself.
    """

    parts: tuple[Part, ...]
    opening: SafeString | None = None
    dateline: str = ""
    alone: bool = False


def compose(
    parts: Iterable[Part], dateline: str, closing: Iterable[str], agency: str = ""
) -> StoryText:
    """Give the text with the dateline once, without ``closing`` lines at its end.

    ``agency`` is the name of the story's source: a dateline of its own in the text is
    one even where the field is empty.
    """
    kept = _without_closing(list(parts), closing)
    dateline = dateline.strip()
    first = kept[0].html if kept else None
    start = _FIRST.match(first) if first is not None else None
    opens = first is not None and opens_with_dateline(first, dateline, agency)
    texts = (part.html for part in kept if part.html is not None)
    if not opens and says_dateline(texts, dateline, agency):
        return StoryText(tuple(kept))
    if first is None or start is None:
        return StoryText(tuple(kept), dateline=dateline, alone=bool(dateline))
    opening, rest = cut(first, start.end())
    if opens:
        own = _PLAIN_DATELINE.match(rest)
        if own is None:
            return StoryText(tuple(kept))
        dateline, rest = own[0].strip(), cut(rest, own.end())[1]
    if not dateline:
        return StoryText(tuple(kept))
    return StoryText((Part(html=rest), *kept[1:]), opening, _with_dash(dateline))


def _with_dash(dateline: str) -> str:
    return dateline if dateline[-1] in f"{DASHES}:." else f"{dateline} —"


def _without_closing(parts: list[Part], closing: Iterable[str]) -> list[Part]:
    lines = ClosingLines(closing)
    while parts and (last := parts[-1].html) is not None:
        head, gone = cut(last, lines.begin_in(last))
        if head.strip():
            return [*parts[:-1], Part(html=head)] if gone else parts
        parts = parts[:-1]
    return parts
