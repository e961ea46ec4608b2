"""Bring the database to what the journal says, before the first request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import apply_journal, last_read
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.journal import Position

KEY = "journal-at-start"


def unfinished_mark() -> Path:
    """Give the file that stands in the data folder while a restore isn't finished."""
    return Path(settings.WIREDESK_HOME) / "restore-unfinished"


def refuse_unfinished() -> None:
    """Raise ``ImproperlyConfigured`` where a restore didn't come to its end.

    Until the journal has been applied nobody knows which stories were killed since.
    """
    if unfinished_mark().exists():
        raise ImproperlyConfigured(
            f"A restore into {settings.WIREDESK_HOME} didn't finish, so stories could "
            "show that were killed since the backup. Run wiredesk restore again."
        )


def catch_up(say: Callable[[str], None]) -> None:
    """Apply the journal's lines since the last start; what is done already is left.

    That finds a database that somebody put back by hand. A journal that can't be read
    or that isn't this database's never keeps the site from starting: the desk is told.
    """
    try:
        try:
            applied = apply_journal(after=last_read(), restoring=False)
        except journal.JournalGapError as error:
            _alarm(str(error))
            applied = apply_journal(after=Position(), restoring=False)
    except journal.JournalError as error:
        _alarm(str(error))
        return
    if applied.changed:
        say(
            f"Brought back {applied.changed} kills, withholds and orders of the journal."
        )
    for sentence in applied.left:
        say(sentence)


def _alarm(why: str) -> None:
    raise_alarm(
        key=KEY,
        text=_(
            "The journal doesn't go on from what this database knows. Should the "
            "database be an older one, bring it back with wiredesk restore. %(why)s"
        )
        % {"why": why},
        thing="journal",
    )
