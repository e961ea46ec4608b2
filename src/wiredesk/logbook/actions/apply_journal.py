"""Bring a database to what the journal says was done since it was saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from django.db import transaction

from wiredesk.logbook import journal
from wiredesk.logbook.actions.write import write
from wiredesk.logbook.journal import Line, Position
from wiredesk.logbook.models import Entry

if TYPE_CHECKING:
    from pathlib import Path

THING = "journal"
READ = "journal-read"
CHUNK = 200  # lines in one transaction
_TOLD = 50  # of what couldn't be applied; the rest is counted


@dataclass(slots=True)
class Done:
    """What a chunk of lines led to: how many changed something, and what couldn't be."""

    changed: int = 0
    left: list[str] = field(default_factory=list)


class Applier(Protocol):
    """Does again what lines say was done, unless it is done already.

    It is called in a transaction, with lines of its verbs in the journal's order.
    ``restoring``: the database is an older one that was brought back; else it is
    only started again, and what waits in it will be done anyway.
    """

    def __call__(self, lines: list[Line], *, restoring: bool) -> Done: ...


@dataclass(slots=True)
class Applied:
    """What reading the journal led to. ``left`` are sentences, the first fifty."""

    lines: int = 0
    changed: int = 0
    left_count: int = 0
    left: list[str] = field(default_factory=list)
    position: Position = field(default_factory=Position)


_appliers: dict[str, Applier] = {}


def register_applier(verbs: Iterable[str], function: Applier) -> None:
    """Have lines of these verbs applied by ``function``; call when the apps are ready.

    Lines of a verb that nobody registered are passed over.
    """
    for verb in verbs:
        _appliers[verb] = function


def last_read() -> Position:
    """Give the place in the journal up to which this database has been brought."""
    entry = Entry.objects.filter(thing=THING, verb=READ).order_by("-pk").first()
    if entry is None:
        return Position()
    return Position(entry.detail["sequence"], entry.detail["digest"])


def note_position(*, position: Position) -> None:
    """Write down that this database has all that the journal says up to ``position``."""
    if position != last_read():
        write(
            verb=READ,
            thing=THING,
            detail={"sequence": position.sequence, "digest": position.digest},
        )


def apply_journal(
    *,
    after: Position,
    restoring: bool,
    folder: Path | None = None,
    heard: Callable[[int], None] = lambda lines: None,
) -> Applied:
    """Apply the lines behind ``after``, in chunks that each remember how far they got.

    Safe to repeat. ``heard`` is told how many lines were read so far. Raises as
    ``journal.read`` does, with what came before the fault applied.
    """
    applied = Applied(position=after)
    for applier, lines in _chunks(journal.read(after, folder)):
        with transaction.atomic():
            done = applier(lines, restoring=restoring) if applier else Done()
            note_position(position=lines[-1].position)
        applied.lines += len(lines)
        applied.changed += done.changed
        applied.left_count += len(done.left)
        applied.left += done.left[: _TOLD - len(applied.left)]
        applied.position = lines[-1].position
        heard(applied.lines)
    return applied


def _chunks(lines: Iterable[Line]) -> Iterator[tuple[Applier | None, list[Line]]]:
    """Give neighbouring lines of one applier together: the order must stay."""
    chunk: list[Line] = []
    current: Applier | None = None
    for line in lines:
        applier = _appliers.get(line.verb)
        if chunk and (applier is not current or len(chunk) >= CHUNK):
            yield current, chunk
            chunk = []
        current = applier
        chunk.append(line)
    if chunk:
        yield current, chunk
