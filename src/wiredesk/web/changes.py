"""A version of a story as its history prints it: what changed, and what was around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wiredesk.stories.merge.word_diff import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wiredesk.stories.history import Step
    from wiredesk.stories.merge.word_diff import DiffBlock, Run

# A paragraph beside a change tells where it is; more of what stayed is counted.
BESIDE = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line above the text that changed, under its name."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or the number of those that stayed and are not printed."""

    block: DiffBlock | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step with what its template prints; ``what`` is one line."""

    step: Step
    what: str
    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]


def tell(step: Step) -> ToldStep:
    """Give a step as it is printed; of the first version the whole text."""
    lines = tuple(_lines(step))
    if step.is_first:
        pieces = tuple(Piece(block) for block in step.blocks)
        return ToldStep(step, _("First published"), lines, pieces)
    return ToldStep(step, _what(step, lines), lines, tuple(_pieces(step)))


def _lines(step: Step) -> Iterator[Line]:
    for name, runs in (
        (_("Headline"), step.headline),
        (_("Subheadline"), step.subheadline),
        (_("Byline"), step.byline),
        (_("Dateline"), step.dateline),
    ):
        if runs:
            yield Line(name, runs)


def _what(step: Step, lines: tuple[Line, ...]) -> str:
    parts = [
        _("{line} changed").format(line=line.name) if not place else line.name.lower()
        for place, line in enumerate(lines)
    ]
    if len(parts) > 1:
        names = get_text_list([lines[0].name, *parts[1:]], _("and"))
        parts = [_("{lines} changed").format(lines=names)]
    changed, added, removed = (
        step.count(change) for change in (Change.CHANGED, Change.ADDED, Change.REMOVED)
    )
    if changed:
        words = ngettext("{n} paragraph changed", "{n} paragraphs changed", changed)
        parts.append(words.format(n=changed))
    if added:
        words = ngettext("{n} paragraph added", "{n} paragraphs added", added)
        parts.append(words.format(n=added))
    if removed:
        words = ngettext("{n} paragraph removed", "{n} paragraphs removed", removed)
        parts.append(words.format(n=removed))
    return " · ".join(parts)


def _pieces(step: Step) -> Iterator[Piece]:
    """Give the paragraphs that changed, each with its neighbours, and count the rest."""
    blocks = step.blocks
    changed = [place for place, block in enumerate(blocks) if not block.is_collapsible]
    near = {
        place + offset for place in changed for offset in range(-BESIDE, BESIDE + 1)
    }
    skipped = 0
    for place, block in enumerate(blocks):
        if changed and place not in near:
            skipped += 1
        elif changed:
            if skipped:
                yield Piece(skipped=skipped)
                skipped = 0
            yield Piece(block)
    if skipped:
        yield Piece(skipped=skipped)
