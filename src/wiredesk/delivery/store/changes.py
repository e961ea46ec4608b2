"""Tell the clock what a transaction changes: before its commit, and after it.

Before: it is opened, so that from the commit on, to the instruction, nobody answers with
what was. And it is written down outside the database, so that for whoever is killed
between the commit and the word of it the word is said by another.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
import threading
import time
import weakref
from array import array
from collections.abc import Collection, Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from wiredesk.delivery.store.clock import Clock, slots_of

_COUNT = struct.Struct("<I")
_ROOM = 64_000  # slots that a note has room for; groups of stories have hundreds
_NOTE_SIZE = _COUNT.size + _ROOM * array("I").itemsize
# PostgreSQL finishes a commit whose client was killed; it's over by then.
_COMMIT_LASTS = 5.0  # seconds


def folder() -> Path:
    """Give the store's folder."""
    place: Path = settings.WIREDESK_RUN / "store"
    return place


_clocks: dict[tuple[int, Path], Clock] = {}


def clock() -> Clock:
    """Give this process's view of the clock."""
    # A lock on a file that was open before a fork wouldn't keep parent and child apart.
    mine = (os.getpid(), folder())
    if mine not in _clocks or not _clocks[mine].is_there:
        _clocks[mine] = Clock(folder())
    return _clocks[mine]


class _Note:
    """A thread's file with the slots that it is about to change, locked while it lives."""

    def __init__(self, place: Path) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.place, self.process = place, os.getpid()
        # Nobody else can know the name: other machines and containers count alike.
        half = place / f".{secrets.token_hex(12)}"
        self.file = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        weakref.finalize(self, os.close, self.file)
        # Its room is there from now on, so that a full disk can't stop a kill.
        os.posix_fallocate(self.file, 0, _NOTE_SIZE)
        fcntl.flock(self.file, fcntl.LOCK_EX)
        # Seen by others only now that it is locked.
        half.rename(place / half.name[1:])

    def write(self, opened: Collection[int]) -> None:
        if len(opened) > _ROOM:
            raise OSError(f"A change of {len(opened):,} keys at once is too much.")
        slots = array("I", opened)
        os.pwrite(self.file, _COUNT.pack(len(slots)) + slots.tobytes(), 0)

    def clear(self) -> None:
        os.pwrite(self.file, _COUNT.pack(0), 0)


class _Pending(threading.local):
    """What this thread's transaction has changed so far."""

    def __init__(self) -> None:
        self.opened: dict[int, None] = {}
        self.note: _Note | None = None


_pending = _Pending()


def note_changes(*, keys: Iterable[str], using: str | None = None) -> None:
    """Note in a transaction that answers with these surrogate keys will be others.

    From now until it is over nothing with one of them is taken for true. Without a store
    there is nothing to note. Raises ``OSError`` where it can't be noted: then nothing may
    change.
    """
    if not settings.WIREDESK_STORE_MEMORY:
        return
    here = transaction.get_connection(using)
    is_expected = any(hook is _settle for _, hook, *_ in here.run_on_commit)
    if not is_expected:
        _settle()  # what a transaction that was undone has left
    opening = [slot for slot in slots_of(keys) if slot not in _pending.opened]
    if not opening:
        return
    opened = {**_pending.opened, **dict.fromkeys(opening)}
    _my_note().write(opened)
    clock().open(opening)
    _pending.opened = opened
    if not is_expected:
        transaction.on_commit(_settle, using=using)
        if here.run_on_commit:
            # Before all others, which may take their time or fail.
            here.run_on_commit.insert(0, here.run_on_commit.pop())


def settle_what_is_over(using: str | None = None) -> None:
    """Close what this thread's undone transaction has left open. Safe at any time."""
    if _pending.opened and not transaction.get_connection(using).in_atomic_block:
        _settle()


def _settle() -> None:
    """Say what was changed, now that others can see it."""
    if not _pending.opened:
        return
    opened, _pending.opened = _pending.opened, {}
    clock().close(opened)
    if _pending.note is not None:
        _pending.note.clear()


def _my_note() -> _Note:
    note, place = _pending.note, folder() / "notes"
    # A fork's copy of a note is the parent's.
    if note is None or note.place != place or note.process != os.getpid():
        note = _pending.note = _Note(place)
    return note


def finish_for_the_dead() -> int:
    """Stamp what threads that are gone had noted; gives how many notes there were.

    Call it every second or so, and before the first request.
    """
    place = folder() / "notes"
    found = 0
    for path in place.glob("[!.]*") if place.is_dir() else ():
        found += _finish(path)
    return found


def _finish(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False  # somebody else was quicker
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.fstat(file).st_nlink or _may_still_commit(file):
            return False
        raw = os.pread(file, _NOTE_SIZE, 0)
        (count,) = _COUNT.unpack_from(raw)
        slots = array("I")
        slots.frombytes(raw[_COUNT.size : _COUNT.size + count * slots.itemsize])
        if slots:
            clock().close(slots)
        path.unlink(missing_ok=True)
        return bool(slots)
    except BlockingIOError:
        return False  # its thread lives
    finally:
        os.close(file)


def _may_still_commit(file: int) -> bool:
    age = time.time() - os.fstat(file).st_mtime
    return connection.vendor == "postgresql" and 0 <= age < _COMMIT_LASTS
