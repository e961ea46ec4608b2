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
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import receiver

from wiredesk.delivery.store.clock import Clock, are_opened_once, slots_of
from wiredesk.lib.databases.ending import committing, rolled_back

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


class Ready(Protocol):
    """Pages as the change makes them, drawn before its commit."""

    def keep(self, number: int) -> None:
        """Keep them for the change of this number; for 0, of no one, let them go."""


DrawAhead = Callable[[Collection[str], Mapping[int, int]], Ready]


class _Pending(threading.local):
    """What this thread's transaction has changed so far."""

    def __init__(self) -> None:
        self.note: _Note | None = None
        self.begin()

    def begin(self) -> None:
        """Forget a transaction that is over."""
        self.opened: dict[int, None] = {}
        self.pages: dict[str, None] = {}
        # Of what was drawn before the commit; ``number`` is the change's, once it is made.
        self.words: dict[int, int] = {}
        self.ready: Ready | None = None
        self.number = 0


@dataclass(slots=True)
class _Process:
    """Of all threads of the process."""

    draw_ahead: DrawAhead | None = None


_pending, _process = _Pending(), _Process()


def draw_ahead_with(draw: DrawAhead | None) -> None:
    """Say how this process draws pages before a commit; ``None``: it doesn't.

    ``draw`` gets the pages that ``note_changes`` was told of, and the clock's words of all
    that is open. It runs at the transaction's very end; what it raises is logged.
    """
    _process.draw_ahead = draw


def are_drawn_ahead() -> bool:
    """Tell whether what ``note_changes`` is told of is drawn before the commit."""
    return _process.draw_ahead is not None


def note_changes(*, keys: Iterable[str], pages: Iterable[str] = ()) -> None:
    """Note in a transaction that answers with these surrogate keys will be others.

    From now until it is over nothing with one of them is taken for true. Without a store
    there is nothing to note. Raises ``OSError`` where it can't be noted: then nothing may
    change. ``pages`` are, of these answers, host and path of those to be drawn before the
    commit, the most important first.
    """
    if not settings.WIREDESK_STORE_MEMORY:
        return
    here = transaction.get_connection()
    is_expected = _is_expected(here)
    if not is_expected:
        _give_up()  # what a transaction that was undone has left
    opening = [slot for slot in slots_of(keys) if slot not in _pending.opened]
    if opening:
        opened = {**_pending.opened, **dict.fromkeys(opening)}
        _my_note().write(opened)
        clock().open(opening)
        _pending.opened = opened
        if not is_expected:
            _expect_the_end(here)
    _pending.pages |= dict.fromkeys(pages) if _pending.opened else {}


def settle_what_is_over() -> None:
    """Close what this thread's undone transaction has left open. Safe at any time."""
    if _pending.opened and not transaction.get_connection().in_atomic_block:
        _give_up()


def _is_expected(here: BaseDatabaseWrapper) -> bool:
    return any(hook is _settle for _, hook, *_ in here.run_on_commit)


def _expect_the_end(here: BaseDatabaseWrapper) -> None:
    """Have the commit settle what is open, before all others, who may fail or be slow."""
    others = len(here.run_on_commit)
    transaction.on_commit(_settle, robust=True)
    transaction.on_commit(_keep, robust=True)
    here.run_on_commit = here.run_on_commit[others:] + here.run_on_commit[:others]


@receiver(committing, dispatch_uid="delivery.store")
def _before_the_commit(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Have drawn what will be asked for, while only this transaction sees the change."""
    if not _pending.opened or connection is not transaction.get_connection():
        return
    if not _is_expected(connection):
        _give_up()  # it was undone with an inner block
        return
    draw, pages = _process.draw_ahead, _pending.pages
    if draw is not None and pages:
        words = clock().words
        _pending.words = {slot: words[slot] for slot in _pending.opened}
        if are_opened_once(_pending.words):  # else it couldn't be kept
            _pending.ready = draw(pages, _pending.words)


@receiver(rolled_back, dispatch_uid="delivery.store")
def _let_go(connection: Any, **_more: Any) -> None:
    """Let go of what was drawn for a change that isn't made."""
    if connection is transaction.get_connection():
        settle_what_is_over()


def _settle() -> None:
    """Say what was changed, now that it is committed; ``_keep`` goes on from there."""
    if _pending.opened:
        _pending.number = clock().close(_pending.opened, _pending.words)
        _pending.opened = {}
        if _pending.note is not None:
            _pending.note.clear()


def _keep() -> None:
    """Keep what was drawn for the change that was just made."""
    ready, number, is_settled = _pending.ready, _pending.number, not _pending.opened
    _pending.ready = None
    if is_settled:  # else the request's end tries again
        _pending.begin()
    if ready is not None:
        ready.keep(number)


def _give_up() -> None:
    """Close what was opened for a change that wasn't made, or of which nobody knows."""
    ready, _pending.ready = _pending.ready, None
    if ready is not None:
        ready.keep(0)
    _settle()
    _pending.begin()


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
