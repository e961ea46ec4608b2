"""Write to the journal; where it can't be written, go on, say so and make up for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from wiredesk.logbook import journal
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.write import write
from wiredesk.logbook.journal import Note
from wiredesk.logbook.models import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = "journal"
THING = "journal"
MISSED, MADE_UP = "journal-missed", "journal-made-up"
MOST = 50  # missed entries made up for in one step


def keep_in_journal(*, notes: Sequence[Note]) -> bool:
    """Write the notes to the journal for good; tells whether that could be done.

    What makes something dark calls this inside the transaction that does it, so that
    no such change is ever committed without its line; a line without its change does no
    harm. A journal that can't be written never keeps a story up: the notes then stand
    in the logbook, the desk is alarmed, and ``make_up_for_missed`` writes them later.
    """
    if not notes:
        return True
    try:
        journal.append(notes)
    except journal.JournalError as error:
        _miss(notes, error)
        return False
    return True


@transaction.atomic
def _miss(notes: Sequence[Note], error: journal.JournalError) -> None:
    plain = [{"verb": note.verb, "facts": note.facts} for note in notes]
    write(verb=MISSED, thing=THING, detail={"notes": plain})
    raise_alarm(
        key=KEY,
        text=_(
            "Kills, withdrawals and orders can't be written to the journal, so a "
            "restore would miss them. They take effect all the same. %(why)s"
        )
        % {"why": error},
        thing=THING,
        times=len(notes),
    )


@transaction.atomic
def make_up_for_missed(*, most: int = MOST) -> int:
    """Write what the journal missed, now that it may work again; gives how many lines.

    Clears the alarm once nothing is missing. Call it every few seconds. Raises
    ``JournalError`` while the journal still can't be written.
    """
    if not _missed().exists():
        return 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Waits for writers under way: an entry with a smaller id could still come.
            cursor.execute("LOCK TABLE logbook_entry IN SHARE ROW EXCLUSIVE MODE")
    missed = list(_missed()[:most])
    notes = [
        Note(note["verb"], note["facts"])
        for entry in missed
        for note in entry.detail["notes"]
    ]
    journal.append(notes)
    through = missed[-1].pk
    write(verb=MADE_UP, thing=THING, detail={"through": through, "lines": len(notes)})
    if not _missed().exists():
        clear_alarm(key=KEY)
    return len(notes)


def _missed() -> models.QuerySet[Entry]:
    of_journal = Entry.objects.filter(thing=THING)
    last = of_journal.filter(verb=MADE_UP).order_by("-pk").first()
    through = last.detail["through"] if last else 0
    return of_journal.filter(verb=MISSED, pk__gt=through).order_by("pk")
