"""The journal: what must outlive the database, in files of its own.

Append-only lines of JSON, each with the SHA-256 of the line before it, flushed to the
disk before ``append`` comes back. It knows no domain: a verb and plain facts that name
nobody and quote nothing, since what is chained can't be erased.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

logger = logging.getLogger(__name__)

FULL = 8 * 1024 * 1024  # bytes; then a new file is begun, as on each new day (UTC)
LONGEST = 16 * 1024 * 1024  # bytes of one line
PATIENCE = 5.0  # seconds another writer may take
_LOOK = 0.005
_SUFFIX = ".jsonl"
_TAIL = 64 * 1024


class JournalError(OSError):
    """The journal can't be written or read; the text says which and why."""


class JournalBrokenError(JournalError):
    """A line was altered, is missing or can't be read, and it isn't the last one."""


class JournalGapError(JournalError):
    """The journal doesn't hold the line that reading should go on from."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be written: ``verb``, and ``facts`` as plain JSON."""

    verb: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Position:
    """A line's place: its number, from 1, and the SHA-256 of its bytes, in hex.

    Number 0 with an empty digest is the place before the first line.
    """

    sequence: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read; ``raw`` are its bytes without the line's end."""

    position: Position
    at: datetime
    verb: str
    facts: dict[str, Any]
    raw: bytes


@dataclass(slots=True)
class Verdict:
    """What ``verify`` found. ``faults`` are sentences; none means the chain holds.

    ``torn`` are bytes at the very end that a crash left of an unfinished line: nothing
    was done in their name, and the next line takes their place.
    """

    lines: int = 0
    files: int = 0
    torn: int = 0
    end: Position = field(default_factory=Position)
    last_at: datetime | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether nothing was altered or is missing."""
        return not self.faults


def folder_of(folder: Path | None = None) -> Path:
    """Give the folder asked for, else the one in the settings."""
    return folder if folder is not None else Path(settings.WIREDESK_JOURNAL)


def append(notes: Sequence[Note], folder: Path | None = None) -> Position:
    """Write the notes behind one another with one flush; gives the last one's place.

    When this returns they survive a power cut. Raises ``JournalError`` where the disk
    is full, the folder can't be written to or another writer doesn't end: then none of
    them is there.
    """
    place = folder_of(folder)
    try:
        _make(place)
        with _alone(place):
            return _append(place, notes)
    except JournalError:
        raise
    except OSError as error:
        raise JournalError(
            f"The journal in {place} can't be written: {error.strerror or error}."
        ) from error


def end(folder: Path | None = None) -> Position:
    """Give the place of the last whole line; the place before the first if none."""
    place = folder_of(folder)
    try:
        return _end(place)[0]
    except JournalError:
        raise
    except OSError as error:
        raise _unreadable(place, error) from error


def read(after: Position | None = None, folder: Path | None = None) -> Iterator[Line]:
    """Give the lines behind ``after`` (default: all), each checked against the chain.

    An unfinished last line is left out. Raises ``JournalGapError`` where ``after`` is
    not in the journal, ``JournalBrokenError`` at the first line that doesn't follow,
    ``JournalError`` where a file can't be read.
    """
    place = folder_of(folder)
    start = after or Position()
    try:
        yield from _read(place, start)
    except JournalError:
        raise
    except OSError as error:
        raise _unreadable(place, error) from error


def holds(position: Position, folder: Path | None = None) -> bool:
    """Tell whether the journal has this very line. Raises as ``read`` does."""
    if not position.sequence:
        return True
    try:
        next(iter(read(position, folder)), None)
    except JournalGapError:
        return False
    return True


def verify(folder: Path | None = None) -> Verdict:
    """Read the whole journal and find the first altered or missing line.

    What the chain can't show by itself is that its newest lines were cut off: compare
    ``end`` with a place that was written down elsewhere.
    """
    place = folder_of(folder)
    verdict = Verdict(files=len(_files(place)))
    try:
        for line in read(folder=place):
            verdict.lines += 1
            verdict.end, verdict.last_at = line.position, line.at
        if verdict.files:
            verdict.torn = _end(place)[2]
    except JournalError as error:
        verdict.faults.append(str(error))
    return verdict


# --- writing ------------------------------------------------------------------------


def _make(place: Path) -> None:
    if place.is_dir():
        return
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _flush_folder(place.parent)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep other writers out, of this process and of others."""
    lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > limit:
                    raise JournalError(
                        f"Another writer holds the journal in {place} for more than "
                        f"{PATIENCE:g} s."
                    ) from None
                time.sleep(_LOOK)
        yield
    finally:
        os.close(lock)


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where a file ended when we last wrote to it: then it needn't be read again."""

    path: Path
    state: tuple[int, int, int]
    position: Position


_tails: dict[Path, _Tail] = {}
_tails_lock = threading.Lock()


def _append(place: Path, notes: Sequence[Note]) -> Position:
    last, path, torn = _end(place)
    now = timezone.now()
    lines, position = [], last
    for note in notes:
        raw = _line(position, now, note)
        position = Position(position.sequence + 1, hashlib.sha256(raw).hexdigest())
        lines.append(raw + b"\n")
    if not lines:
        return last
    if path is not None and torn:
        logger.warning("%s ended in %s bytes of an unfinished line.", path, torn)
        _cut(path, torn)
    is_new = path is None or _is_full(path, now)
    if is_new:
        path = place / f"{last.sequence + 1:012d}-{now:%Y-%m-%d}{_SUFFIX}"
    assert path is not None  # noqa: S101  (new, or found above)
    _write(path, b"".join(lines))
    if is_new:
        _flush_folder(place)
    with _tails_lock:
        _tails[place] = _Tail(path, _state(path), position)
    return position


def _line(before: Position, now: datetime, note: Note) -> bytes:
    raw = json.dumps(
        {
            "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "facts": note.facts,
            "previous": before.digest,
            "sequence": before.sequence + 1,
            "verb": note.verb,
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode("ascii")
    if len(raw) > LONGEST:
        raise JournalError(f"A line of {len(raw):,} bytes is too long for the journal.")
    return raw


def _is_full(path: Path, now: datetime) -> bool:
    return not path.stem.endswith(f"{now:%Y-%m-%d}") or path.stat().st_size >= FULL


def _state(path: Path) -> tuple[int, int, int]:
    """Give what changes when somebody else wrote to the file or put another there."""
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


def _write(path: Path, raw: bytes) -> None:
    """Write and flush; where that fails, take back what was written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        try:
            view = memoryview(raw)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def _cut(path: Path, torn: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.ftruncate(descriptor, os.fstat(descriptor).st_size - torn)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- reading ------------------------------------------------------------------------


def _files(place: Path) -> list[Path]:
    """Give the journal's files in their order: names begin with their first line's."""
    if not place.is_dir():
        return []
    return sorted(path for path in place.iterdir() if path.suffix == _SUFFIX)


def _first_of(path: Path) -> int:
    number = path.name.partition("-")[0]
    if not number.isdecimal():
        raise JournalBrokenError(f"{path} is no file of the journal; take it away.")
    return int(number)


def _end(place: Path) -> tuple[Position, Path | None, int]:
    """Give the last whole line's place, its file, and the torn bytes behind it."""
    files = _files(place)
    with _tails_lock:
        tail = _tails.get(place)
    if tail and files and files[-1] == tail.path and _state(tail.path) == tail.state:
        return tail.position, tail.path, 0
    newest = files[-1] if files else None
    torn_of_newest = 0
    for path in reversed(files):
        raw, torn = _last_line(path)
        if path == newest:
            torn_of_newest = torn
        if raw is not None:
            line = _parsed(raw, path)
            return line.position, newest, torn_of_newest
    return Position(), newest, torn_of_newest


def _last_line(path: Path) -> tuple[bytes | None, int]:
    """Give the last line that has an end, if any, and the bytes behind it."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        tail = b""
        reach = _TAIL
        while True:
            start = max(0, size - reach)
            stream.seek(start)
            tail = stream.read(size - start)
            whole, found, torn = tail.rpartition(b"\n")
            if start == 0 or (found and b"\n" in whole):
                break
            reach *= 8
        if not found:
            return None, size
        return whole.rpartition(b"\n")[2], len(torn)


def _read(place: Path, start: Position) -> Iterator[Line]:
    files = _files(place)
    begin = 0
    for number, path in enumerate(files):
        if _first_of(path) <= max(1, start.sequence):
            begin = number
    last: Position | None = None if start.sequence else Position()
    for path in files[begin:]:
        for line in _lines_of(path, is_last=path == files[-1]):
            if line.position.sequence <= start.sequence:
                if line.position == start:
                    last = start
                continue
            if last is None:
                raise _gap(place, start)
            if line.position.sequence != last.sequence + 1 or (
                _previous(line) != last.digest
            ):
                raise JournalBrokenError(
                    f"{path.name}: line {line.position.sequence} doesn't follow from "
                    f"line {last.sequence}: a line is missing or was altered."
                )
            last = line.position
            yield line
    if last is None:
        raise _gap(place, start)


def _gap(place: Path, start: Position) -> JournalGapError:
    return JournalGapError(
        f"The journal in {place} doesn't hold line {start.sequence} as it was when "
        "this was written down: it is missing, older, or another one."
    )


def _lines_of(path: Path, *, is_last: bool) -> Iterator[Line]:
    with path.open("rb") as stream:
        while raw := stream.readline(LONGEST + 1):
            if not raw.endswith(b"\n"):
                if is_last and len(raw) <= LONGEST:
                    return  # a crash cut it off; nothing was done in its name
                raise JournalBrokenError(f"{path.name} ends in the middle of a line.")
            yield _parsed(raw[:-1], path)


def _parsed(raw: bytes, path: Path) -> Line:
    try:
        plain = json.loads(raw)
        return Line(
            position=Position(int(plain["sequence"]), hashlib.sha256(raw).hexdigest()),
            at=datetime.fromisoformat(plain["at"]),
            verb=str(plain["verb"]),
            facts=dict(plain["facts"]),
            raw=raw,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise JournalBrokenError(
            f"{path.name} has a line that can't be read."
        ) from error


def _previous(line: Line) -> str:
    return str(json.loads(line.raw).get("previous"))


def _unreadable(place: Path, error: OSError) -> JournalError:
    return JournalError(
        f"The journal in {place} can't be read: {error.strerror or error}."
    )
