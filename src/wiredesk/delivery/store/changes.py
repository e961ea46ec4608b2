"""Tell the clock what a transaction changes: before its commit, and after it.

Before: what goes dark is opened, so that from the commit on, to the instruction, nobody
answers with it. And all of it is written down outside the database, so that whoever is
killed between the commit and the word of it has the word said for him.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from django.conf import settings
from django.db import transaction

from wiredesk.delivery.store.clock import EVERYTHING, Clock, slots_of

_COUNT = struct.Struct("<I")
# Slots that a note has room for; a change of more is noted as one of everything.
_ROOM = 16_000
_TRIES = 10
_NOTE_SIZE = _COUNT.size + _ROOM * array("I").itemsize

_Owner: TypeAlias = tuple[Path, int, int]  # where, and which process's which thread


def folder() -> Path:
    """Give the store's folder."""
    place: Path = settings.WIREDESK_RUN / "store"
    return place


_clocks: dict[tuple[int, Path], Clock] = {}


def clock() -> Clock:
    """Give this process's view of the clock."""
    # A lock on a file that was open before a fork wouldn't keep parent and child apart.
    mine = (os.getpid(), folder())
    if mine not in _clocks:
        _clocks[mine] = Clock(folder())
    return _clocks[mine]


class _Note:
    """A thread's file with the slots that it is about to change, locked while it lives."""

    def __init__(self, owner: _Owner) -> None:
        place, process, thread = self.owner = owner
        place.mkdir(parents=True, exist_ok=True)
        # One that just isn't locked yet looks like a dead one's and may be taken away.
        for _ in range(_TRIES):
            self.file = os.open(
                place / f"{process}-{thread}", os.O_RDWR | os.O_CREAT, 0o600
            )
            fcntl.flock(self.file, fcntl.LOCK_EX)
            if os.fstat(self.file).st_nlink:
                break
            os.close(self.file)
        # Its room is there from now on, so that a full disk can't stop a kill.
        os.posix_fallocate(self.file, 0, _NOTE_SIZE)

    def write(self, slots: Iterable[int]) -> None:
        noted = array("I", slots)
        if len(noted) > _ROOM:
            noted = array("I", [EVERYTHING])
        os.pwrite(self.file, _COUNT.pack(len(noted)) + noted.tobytes(), 0)

    def clear(self) -> None:
        os.pwrite(self.file, _COUNT.pack(0), 0)


@dataclass
class _Pending(threading.local):
    """What this thread's transaction has changed so far."""

    slots: dict[int, None] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)  # slot → number of its opening
    note: _Note | None = None


_pending = _Pending()


def note_changes(
    *, changed: Iterable[str], dark: Iterable[str] = (), using: str | None = None
) -> None:
    """Note in a transaction that it changes these keys, and which of them go dark.

    ``changed`` are surrogate keys of answers that will be others; ``dark`` those of
    stories and pictures that mustn't be seen from the commit on.
    """
    hooks = transaction.get_connection(using).run_on_commit
    is_expected = any(hook is _settle for _, hook, *_ in hooks)
    if _pending.slots and not is_expected:
        _settle()  # of a transaction that was undone
    opening = slots_of(dark)
    _pending.slots.update(dict.fromkeys([*slots_of(changed), *opening]))
    if not _pending.slots:
        return
    _my_note().write(_pending.slots)
    if opening:
        number = clock().open(opening)
        _pending.opened.update(dict.fromkeys(opening, number))
    if not is_expected:
        transaction.on_commit(_settle, using=using)


def _settle() -> None:
    """Say what was changed, now that others can see it."""
    by_number: dict[int, list[int]] = {}
    for slot, number in _pending.opened.items():
        by_number.setdefault(number, []).append(slot)
    for number, slots in by_number.items():
        clock().close(slots, number)
    rest = [slot for slot in _pending.slots if slot not in _pending.opened]
    if rest:
        clock().stamp(rest)
    _pending.slots, _pending.opened = {}, {}
    if _pending.note is not None:
        _pending.note.clear()


def _my_note() -> _Note:
    # A fork's copy of a note is the parent's.
    me = (folder() / "notes", os.getpid(), threading.get_native_id())
    if _pending.note is None or _pending.note.owner != me:
        _pending.note = _Note(me)
    return _pending.note


def finish_for_the_dead() -> int:
    """Stamp what threads that are gone had noted; gives how many notes there were.

    Call it every second or so, and before the first request.
    """
    place = folder() / "notes"
    found = 0
    for path in place.glob("*") if place.is_dir() else ():
        found += _finish(path)
    return found


def _finish(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False  # somebody else was quicker
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False  # its thread lives
    else:
        (count,) = _COUNT.unpack(os.pread(file, _COUNT.size, 0) or bytes(_COUNT.size))
        noted = array("I")
        if 0 < count <= _ROOM:
            noted.frombytes(os.pread(file, count * noted.itemsize, _COUNT.size))
            clock().stamp(noted)
        path.unlink(missing_ok=True)
        return bool(noted)
    finally:
        os.close(file)
