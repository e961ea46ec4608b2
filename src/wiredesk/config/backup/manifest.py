"""What a backup says of itself: the manifest and the list of its files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from wiredesk.config.backup.errors import BackupError
from wiredesk.config.backup.store import digest_of
from wiredesk.logbook.journal import Position

FORM = 1  # of the manifest; a newer one isn't guessed at
MANIFEST, FILES, STORE = "manifest.json", "files.jsonl", "files"


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of the newsroom: its place below the data folder, and its bytes."""

    path: str  # originals/… or media/…
    sha256: str
    size: int  # bytes

    def as_line(self) -> str:
        """Give its line in the list."""
        return json.dumps(asdict(self), ensure_ascii=True) + "\n"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup: when it was begun, the digests that prove it, its place in the journal.

    ``journal_sequence`` is ``None`` where the journal couldn't be written when the
    backup was taken: then no journal can be proved to follow it.
    """

    form: int
    wiredesk: str  # version
    taken_at: str  # ISO 8601
    engine: str
    database: str
    database_sha256: str
    database_size: int  # bytes
    files_sha256: str
    files: int
    files_size: int  # bytes
    journal_sequence: int | None
    journal_digest: str

    @property
    def position(self) -> Position | None:
        """Give the line of the journal that the backup wrote when it began."""
        if self.journal_sequence is None:
            return None
        return Position(self.journal_sequence, self.journal_digest)


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into a backup's folder."""
    text = json.dumps(asdict(manifest), indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Give the manifest of a backup. Raises ``BackupError`` where there is none."""
    path = folder / MANIFEST
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if plain.get("form") != FORM:
            raise BackupError(f"{path} is of a form this version doesn't know.")
        return Manifest(**plain)
    except FileNotFoundError as error:
        raise BackupError(f"{folder} is no backup: it has no {MANIFEST}.") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} can't be read: {error}.") from error


def find(folder: Path) -> Path:
    """Give the backup in ``folder``: itself, or the newest of those it holds."""
    if (folder / MANIFEST).is_file():
        return folder
    found = sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))
    if not found:
        raise BackupError(f"There is no backup in {folder}.")
    return found[-1]


def listed(folder: Path) -> Iterator[Listed]:
    """Give each file of a backup, in the list's order."""
    with (folder / FILES).open(encoding="ascii") as lines:
        for line in lines:
            yield Listed(**json.loads(line))


def check(folder: Path, manifest: Manifest) -> None:
    """Prove the database's copy and the list by their digests; else ``BackupError``."""
    for name, digest in (
        (manifest.database, manifest.database_sha256),
        (FILES, manifest.files_sha256),
    ):
        path = folder / name
        if not path.is_file():
            raise BackupError(f"{path} is missing: the backup isn't whole.")
        if digest_of(path) != digest:
            raise BackupError(f"{path} isn't what the manifest says: it was altered.")
