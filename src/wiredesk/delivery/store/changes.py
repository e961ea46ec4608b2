"""Tell the clock what a transaction changes: before its commit, and after it.

Before: what goes dark is opened, so that from the commit on, to the instruction, nobody
answers with it. And all of it is written down outside the database, so that whoever is
killed between the commit and the word of it has the word said for him.
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

from wiredesk.delivery.store.clock import EVERYTHING, Clock, slots_of

_COUNTS = struct.Struct("<II")  # of slots that are open, of slots that only change
# Slots that a note has room for; a change of more is noted as one of everything.
_ROOM = 16_000
_NOTE_SIZE = _COUNTS.size + _ROOM * array("I").itemsize
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

    def write(self, opened: Collection[int], changed: Collection[int]) -> None:
        if len(opened) + len(changed) > _ROOM:
            opened, changed = list(opened)[: _ROOM - 1], [EVERYTHING]
        counts = _COUNTS.pack(len(opened), len(changed))
        slots = array("I", [*opened, *changed])
        os.pwrite(self.file, counts + slots.tobytes(), 0)

    def clear(self) -> None:
        os.pwrite(self.file, _COUNTS.pack(0, 0), 0)


class _Pending(threading.local):
    """What this thread's transaction has changed so far."""

    def __init__(self) -> None:
        self.opened: dict[int, None] = {}
        self.changed: dict[int, None] = {}
        self.note: _Note | None = None

    @property
    def is_empty(self) -> bool:
        return not self.opened and not self.changed


_pending = _Pending()


def note_changes(
    *, changed: Iterable[str], dark: Iterable[str] = (), using: str | None = None
) -> None:
    """Note in a transaction that it changes these keys, and which of them go dark.

    ``changed`` are surrogate keys of answers that will be others; ``dark`` those of
    stories and pictures that mustn't be seen from the commit on. Without a store there
    is nothing to note. Raises ``OSError`` where it can't be noted: then nothing may change.
    """
    if not settings.WIREDESK_STORE_MEMORY:
        return
    here = transaction.get_connection(using)
    is_expected = any(hook is _settle for _, hook, *_ in here.run_on_commit)
    if not is_expected:
        _settle()  # what a transaction that was undone has left
    opening = [slot for slot in slots_of(dark) if slot not in _pending.opened]
    _pending.changed.update(dict.fromkeys(slots_of(changed)))
    if _pending.is_empty and not opening:
        return
    opened = {**_pending.opened, **dict.fromkeys(opening)}
    _my_note().write(opened, _pending.changed)
    if opening:
        clock().open(opening)
        _pending.opened = opened
    if not is_expected:
        transaction.on_commit(_settle, using=using)
        if here.run_on_commit:
            # Before all others, which may take their time or fail.
            here.run_on_commit.insert(0, here.run_on_commit.pop())


def settle_what_is_over(using: str | None = None) -> None:
    """Close what this thread's undone transaction has left open. Safe at any time."""
    if not _pending.is_empty and not transaction.get_connection(using).in_atomic_block:
        _settle()


def _settle() -> None:
    """Say what was changed, now that others can see it."""
    if _pending.is_empty:
        return
    opened, changed = _pending.opened, _pending.changed
    _pending.opened, _pending.changed = {}, {}
    if opened:
        clock().close(opened)
    if rest := [slot for slot in changed if slot not in opened]:
        clock().stamp(rest)
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
        opened, changed = _COUNTS.unpack_from(raw)
        slots = array("I")
        end = _COUNTS.size + (opened + changed) * slots.itemsize
        slots.frombytes(raw[_COUNTS.size : end])
        if slots:
            clock().close(slots[:opened])
            clock().stamp(slots[opened:])
        path.unlink(missing_ok=True)
        return bool(slots)
    except BlockingIOError:
        return False  # its thread lives
    finally:
        os.close(file)


def _may_still_commit(file: int) -> bool:
    age = time.time() - os.fstat(file).st_mtime
    return connection.vendor == "postgresql" and 0 <= age < _COMMIT_LASTS
