"""Give kills and withholds again that the journal remembers, with what they matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.logbook.actions.apply_journal import Done
from wiredesk.stories.actions.settle import settle
from wiredesk.stories.journaled import message_of
from wiredesk.stories.models import Reference
from wiredesk.wire.actions.take_journaled import take_journaled

if TYPE_CHECKING:
    from wiredesk.logbook.journal import Line


def apply_kills(lines: list[Line], *, restoring: bool) -> Done:
    """Take the messages of these lines again, and let each mean what it last meant.

    A kill that names no id is matched with what goes by its name here. What it matched
    on the lost database is pinned: a story may be here under the same id and yet not by
    the name, or at a time that no longer fits. Call in a transaction.
    """
    matched = [line for line in lines if line.facts.get("matched")]
    before = {message.pk for line in matched if (message := message_of(line.facts))}
    done = take_journaled(lines, restoring=restoring)
    pins: dict[int, frozenset[str]] = {}
    for line in matched:
        message = message_of(line.facts)
        if message is not None:
            pins[message.pk] = frozenset(line.facts["matched"])
    rows = Reference.objects.filter(message__in=pins, by_name=True)
    known: dict[int, set[str]] = {pk: set() for pk in pins}
    for pk, guid in rows.values_list("message_id", "guid"):
        known[pk].add(guid)
    different = {pk: guids for pk, guids in pins.items() if guids != known[pk]}
    if different:
        settle([], pins=different)
        done.changed += len(before.intersection(different))
    return done
