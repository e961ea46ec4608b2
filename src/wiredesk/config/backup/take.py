"""Take a backup while the site runs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from wiredesk import __version__
from wiredesk.config.backup import database, manifest
from wiredesk.config.backup.errors import BackupError
from wiredesk.config.backup.manifest import FILES, FORM, STORE, Listed, Manifest
from wiredesk.config.backup.store import digest_of, keep, place_of
from wiredesk.logbook import journal
from wiredesk.logbook.actions.write import write
from wiredesk.logbook.journal import Note, Position
from wiredesk.wire import originals

Say = Callable[[str], None]
_EVERY = 2.0  # seconds between two words on how far it is


@dataclass(slots=True)
class Taken:
    """A backup that was taken and proved."""

    folder: Path
    manifest: Manifest
    new_files: int = 0
    new_bytes: int = 0
    gone: int = 0  # files that were taken away while it went on
    seconds: float = 0.0
    journal_failure: str = ""


def take_backup(to: Path, say: Say) -> Taken:
    """Write a backup below ``to`` and prove it; the site may run meanwhile.

    It appears under its name, the second it began, once it is whole. Files are kept
    beside it in ``files``, which all backups of that folder share. Raises
    ``BackupError`` or ``OSError``: then nothing new is seen there.
    """
    began = time.monotonic()
    taken_at = timezone.now()
    to.mkdir(parents=True, exist_ok=True)
    folder = to / taken_at.strftime("%Y%m%dT%H%M%S.%fZ")
    draft = to / f".{folder.name}-{uuid4().hex[:8]}"
    draft.mkdir(mode=0o700)
    with ExitStack() as unless_whole:
        unless_whole.callback(shutil.rmtree, draft)
        # First the journal's place, then the database, then the files: what comes in
        # between is applied twice or kept in vain, and never missed.
        position, failure = _mark_journal()
        copy = draft / database.file_name()
        say("Copying the database …")
        database.copy_to(copy, _Rarely(say, "Copying the database: {} of {} pages"))
        say("Keeping originals and pictures …")
        taken = _keep_files(to, draft, say)
        written = Manifest(
            form=FORM,
            wiredesk=__version__,
            taken_at=taken_at.isoformat(),
            engine=database.engine(),
            database=copy.name,
            database_sha256=digest_of(copy),
            database_size=copy.stat().st_size,
            files_sha256=digest_of(draft / FILES),
            files=taken.files,
            files_size=taken.size,
            journal_sequence=position.sequence if position else None,
            journal_digest=position.digest if position else "",
        )
        manifest.write(draft, written)
        os.sync()  # once for everything: a flush a file would take minutes
        say("Proving the copy …")
        manifest.check(draft, manifest.read(draft))
        database.prove(copy, written.engine)
        check_files(draft, say, read=False)
        draft.rename(folder)
        unless_whole.pop_all()
        os.sync()
    detail = {"taken_at": written.taken_at, "database": written.database_sha256}
    write(verb="backup", thing="backup", detail=detail)
    return Taken(
        folder,
        written,
        taken.new,
        taken.new_size,
        taken.gone,
        time.monotonic() - began,
        failure,
    )


def _mark_journal() -> tuple[Position | None, str]:
    """Write a line that only journals as new as this backup can have."""
    try:
        return journal.append([Note("backup", {"id": uuid4().hex})]), ""
    except journal.JournalError as error:
        return None, str(error)


@dataclass(slots=True)
class _Files:
    files: int = 0
    size: int = 0
    new: int = 0
    new_size: int = 0
    gone: int = 0


def _keep_files(to: Path, draft: Path, say: Say) -> _Files:
    store, sums = to / STORE, _Files()
    told = _Rarely(say, "Kept {} files")
    with (draft / FILES).open("w", encoding="ascii") as lines:
        for path, name, digest in _files_of_home():
            try:
                kept = keep(path, store, sha256=digest)
            except FileNotFoundError:
                sums.gone += 1  # erased by contract meanwhile, or a rendition made anew
                continue
            lines.write(Listed(name, kept.sha256, kept.size).as_line())
            sums.files += 1
            sums.size += kept.size
            sums.new += kept.is_new
            sums.new_size += kept.size if kept.is_new else 0
            told(sums.files, 0)
    return sums


def _files_of_home() -> Iterator[tuple[Path, str, str]]:
    """Give each file, its name in a backup, and the digest its own name promises."""
    originals.tidy()  # what a power cut left is hidden
    for path in _below(Path(settings.WIREDESK_ORIGINALS)):
        yield path, f"originals/{path.name}", path.name
    media = Path(settings.MEDIA_ROOT)
    for path in _below(media):
        yield path, f"media/{path.relative_to(media).as_posix()}", ""


def _below(folder: Path) -> Iterator[Path]:
    """Give the files below a folder but hidden ones, which are still being written."""
    for place, _folders, names in os.walk(folder):
        for name in names:
            if not name.startswith("."):
                yield Path(place) / name


class _Rarely:
    """Says how far it is, at most every other second."""

    def __init__(self, say: Say, words: str) -> None:
        self.say, self.words, self.last = say, words, time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self.last >= _EVERY:
            self.last = time.monotonic()
            self.say(self.words.format(done, of))


def check_files(folder: Path, say: Say, *, read: bool) -> None:
    """Raise ``BackupError`` where a file of the backup is missing or altered.

    ``read``: by its bytes; else by its size alone.
    """
    told = _Rarely(say, "Proved {} files")
    for number, file in enumerate(manifest.listed(folder), 1):
        path = place_of(folder.parent / STORE, file.sha256)
        if not path.is_file() or path.stat().st_size != file.size:
            raise BackupError(f"{path} is missing or cut off; it is {file.path}.")
        if read and digest_of(path) != file.sha256:
            raise BackupError(f"{path} was altered; it is {file.path}.")
        told(number, 0)
