"""Put a backup back, and bring it to what the journal says was done since."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.config.backup import database, manifest
from wiredesk.config.backup.catch_up import unfinished_mark
from wiredesk.config.backup.errors import BackupError
from wiredesk.config.backup.manifest import STORE, Listed, Manifest
from wiredesk.config.backup.store import copy_out, place_of
from wiredesk.config.backup.take import check_files
from wiredesk.config.server.prepare import prepare_data
from wiredesk.config.server.supervisor import sole_user
from wiredesk.delivery.store.changes import clock
from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import (
    Applied,
    apply_journal,
    note_position,
)
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.hold_unproved import hold_unproved

Say = Callable[[str], None]
DARK_KEY = "restored-dark"


@dataclass(slots=True)
class Restored:
    """What a restore led to. ``dark_because`` is empty where the journal was applied."""

    folder: Path
    manifest: Manifest
    applied: Applied = field(default_factory=Applied)
    journal_until: str = ""  # when the journal's last line was written, ISO 8601
    dark_because: str = ""
    held: int = 0
    kept_old: Path | None = None


@dataclass(slots=True)
class _Journal:
    """The journal that is to be applied, or why none is."""

    folder: Path
    why_not: str = ""
    until: str = ""


def restore(
    folder: Path,
    say: Say,
    *,
    journal_folder: Path | None = None,
    without_journal: bool = False,
    replace: bool = False,
) -> Restored:
    """Put a backup into the data folder and database of the settings.

    ``folder`` is one backup, or a folder of them: then its newest. Everything is proved
    before anything is touched. From the first file on a mark keeps ``wiredesk up`` from
    starting, until the journal is applied or every wire story is held. Raises
    ``BackupError``, ``CannotStartError`` while the site runs, ``JournalError``.
    """
    found = manifest.find(folder)
    stated = manifest.read(found)
    if stated.engine != database.engine():
        raise BackupError(
            f"This is a backup of {stated.engine}; DATABASE_URL names "
            f"{database.engine()}."
        )
    say(f"Proving the backup of {stated.taken_at} …")
    manifest.check(found, stated)
    check_files(found, say, read=True)
    following = _journal(stated, journal_folder, without_journal)
    settings.WIREDESK_RUN.mkdir(parents=True, exist_ok=True)
    with sole_user(settings.WIREDESK_RUN / "lock"):
        _refuse_full(replace)
        restored = Restored(found, stated, journal_until=following.until)
        _mark()
        restored.kept_old = _put_back(found, stated, say)
        prepare_data(say, is_restore=True)
        _adopt(following)
        _prove_stories(restored, following, say)
        # Pages kept so far are of the database that was here before.
        clock().renew()
        unfinished_mark().unlink()
        _flush(settings.WIREDESK_HOME)
    return restored


def _journal(stated: Manifest, folder: Path | None, without_journal: bool) -> _Journal:
    place = journal.folder_of(folder)
    if without_journal:
        return _Journal(place, _("It was restored without a journal, as was asked."))
    verdict = journal.verify(place)
    if not verdict.holds:
        raise BackupError(
            f"{verdict.faults[0]} Nothing was touched. Name another copy with "
            "--journal, or begin in the dark with --without-journal."
        )
    if stated.position is None:
        return _Journal(
            place, _("The journal couldn't be written when the backup was taken.")
        )
    if not verdict.lines:
        return _Journal(place, _("There is no journal in %s.") % place)
    if not journal.holds(stated.position, place):
        why = _("The journal in %s is older than the backup, or another site's.")
        return _Journal(place, why % place)
    until = verdict.last_at.isoformat() if verdict.last_at else ""
    return _Journal(place, until=until)


def _refuse_full(replace: bool) -> None:
    if replace or unfinished_mark().exists():
        return
    full = database.is_there()
    for folder in (settings.WIREDESK_ORIGINALS, settings.MEDIA_ROOT):
        full = full or (folder.is_dir() and any(folder.iterdir()))
    if full:
        raise BackupError(
            f"{settings.WIREDESK_HOME} or its database isn't empty. With --replace what "
            "is there is set aside first (a PostgreSQL database is emptied)."
        )


def _mark() -> None:
    path = unfinished_mark()
    with path.open("w", encoding="utf-8") as stream:
        stream.write("wiredesk restore has not finished\n")
        stream.flush()
        os.fsync(stream.fileno())
    _flush(path.parent)


def _put_back(found: Path, stated: Manifest, say: Say) -> Path | None:
    stamp = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    keep_old = Path(settings.WIREDESK_HOME) / f"before-restore-{stamp}"
    for folder in (settings.WIREDESK_ORIGINALS, settings.MEDIA_ROOT):
        if folder.is_dir() and any(folder.iterdir()):
            keep_old.mkdir(parents=True, exist_ok=True)
            folder.rename(keep_old / folder.name)
    say("Putting the database back …")
    database.put_back(found / stated.database, keep_old)
    say(f"Putting {stated.files:,} originals and pictures back …")
    for file in manifest.listed(found):
        place = _place_in_home(file)
        if not copy_out(
            place_of(found.parent / STORE, file.sha256), place, file.sha256
        ):
            raise BackupError(f"The backup's file of {file.path} was altered just now.")
    os.sync()
    return keep_old if keep_old.is_dir() else None


def _place_in_home(file: Listed) -> Path:
    part, _slash, name = file.path.partition("/")
    if part == "originals":
        return place_of(Path(settings.WIREDESK_ORIGINALS), name)
    media = Path(settings.MEDIA_ROOT).resolve()
    place = (media / name).resolve()
    if part != "media" or not place.is_relative_to(media):
        raise BackupError(f"The backup's list names {file.path}, which is no place.")
    return place


def _adopt(following: _Journal) -> None:
    """Go on writing behind the journal that is applied, where it came from elsewhere."""
    own = journal.folder_of()
    if following.why_not or following.folder.resolve() == own.resolve():
        return
    if journal.end(own).sequence:
        raise BackupError(
            f"{own} holds a journal of its own. Move it away, or name it with --journal; "
            "then restore again."
        )
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(following.folder.glob("*.jsonl")):
        shutil.copyfile(path, own / path.name)
    os.sync()


def _prove_stories(restored: Restored, following: _Journal, say: Say) -> None:
    stated = restored.manifest
    if following.why_not or stated.position is None:
        restored.dark_because = following.why_not
        say("Holding every wire story: no journal says what was killed since …")
        _hold_all(restored, say)
        _begin_at_the_end(say)
    else:
        say("Applying the journal …")
        restored.applied = apply_journal(
            after=stated.position,
            restoring=True,
            heard=lambda lines: say(f"Applied {lines:,} lines"),
        )
    write(
        verb="restore",
        thing="backup",
        detail={
            "taken_at": stated.taken_at,
            "lines": restored.applied.lines,
            "changed": restored.applied.changed,
            "held": restored.held,
        },
    )


def _begin_at_the_end(say: Say) -> None:
    """Never apply later what a journal says that isn't known to follow."""
    try:
        note_position(position=journal.end())
    except journal.JournalError as error:
        say(f"{error} Put it in order or move it away before you start the site.")


def _hold_all(restored: Restored, say: Say) -> None:
    after = 0
    while True:
        held, after = hold_unproved(after=after)
        if not held:
            break
        restored.held += held
        say(f"Held {restored.held:,} stories")
    raise_alarm(
        key=DARK_KEY,
        text=_(
            "The site was restored from a backup of %(when)s, and all %(count)s wire "
            "stories of it are held: what was killed since isn't known. %(why)s Publish "
            "them one by one, or a feed's at once with wiredesk wire lift."
        )
        % {
            "when": restored.manifest.taken_at,
            "count": restored.held,
            "why": restored.dark_because,
        },
        thing="backup",
        address="/desk/stories/",
    )


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
