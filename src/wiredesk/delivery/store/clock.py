"""The clock of changes: one small file that all processes of the site have in memory.

Each surrogate key has a slot in it with the number of the last change it saw; the head
holds the number of the last change of all. An answer that was drawn at change 40 is true
while none of its slots says more than 40. So a process that slept through a thousand
changes knows with its next look what of its own is stale, and nobody has to be told.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import threading
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

# Numbers of stories and pictures have slots of their own up to these many; beyond, two
# share one, which costs a page drawn in vain and nothing else.
_STORIES = 1 << 20
_PICTURES = 1 << 18
_OTHERS = 1 << 18
_HEAD, _ERA, _FORMAT = 0, 1, 2
_FIRST_SLOT = 8
_FORMAT_NOW = 1
EVERYTHING = _FIRST_SLOT  # the slot that every answer has
_OTHERS_FROM = _FIRST_SLOT + 1
_PICTURES_FROM = _OTHERS_FROM + _OTHERS
_STORIES_FROM = _PICTURES_FROM + _PICTURES
_WORDS = _STORIES_FROM + _STORIES
SIZE = _WORDS * 8  # bytes
# How many changes of a slot are about to be committed stands above its number: that is
# more than any number, so nothing with it is true.
_COUNT_AT = 48
OPEN = 1 << _COUNT_AT
_NUMBER = OPEN - 1
_NOTHING: Mapping[int, int] = {}


class Words(Protocol):
    """The clock's numbers by slot."""

    def __getitem__(self, slot: int, /) -> int: ...


def slot_of(key: str) -> int:
    """Give the slot of a surrogate key."""
    kind, _, number = key.rpartition("-")
    if number.isdigit() and number.isascii():
        if kind == "story":
            return _STORIES_FROM + int(number) % _STORIES
        if kind == "picture":
            return _PICTURES_FROM + int(number) % _PICTURES
    return _OTHERS_FROM + zlib.crc32(key.encode()) % _OTHERS


def slots_of(keys: Iterable[str]) -> array[int]:
    """Give the slots of these keys, each once."""
    return array("I", dict.fromkeys(slot_of(key) for key in keys))


class Clock:
    """The clock in ``folder``, made if it isn't there.

    ``words`` is the file as whole numbers; ``words[0]`` is the head. Reading needs no
    lock. Raises ``OSError`` where the file can't be made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._thread = threading.Lock()
        self._lock = os.open(folder / "clock.lock", os.O_RDWR | os.O_CREAT, 0o600)
        with self._locked():
            file = os.open(folder / "clock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                # All of it at once: a full disk must be met here, not at a later write.
                os.posix_fallocate(file, 0, SIZE)
                self._map = mmap.mmap(file, SIZE)
            except OSError:
                os.close(file)
                raise
            self._file = file
            self.words = memoryview(self._map).cast("Q")
            if self.words[_FORMAT] != _FORMAT_NOW:
                self.words[_FORMAT] = _FORMAT_NOW
                self._begin_era()

    @property
    def head(self) -> int:
        """Give the number of the last change."""
        return self.words[_HEAD]

    @property
    def is_there(self) -> bool:
        """Tell whether others still find this clock: nobody took or moved it away."""
        try:
            found = os.stat(self.folder / "clock")
        except OSError:
            return False
        return os.path.samestat(found, os.fstat(self._file))

    @property
    def era(self) -> int:
        """Give the number of the era; what is kept from another one is worth nothing."""
        return self.words[_ERA]

    def renew(self) -> None:
        """Begin a new era: nothing kept so far is true any more."""
        with self._locked():
            self._begin_era()

    def stamp(self, slots: Iterable[int]) -> int:
        """Note a change of these slots; gives its number."""
        return self._write(slots, 0)

    def open(self, slots: Iterable[int]) -> int:
        """Note that a change of these slots is about to be committed; gives a number.

        Until whoever opened them has closed them, nothing with one of them is true.
        """
        return self._write(slots, 1)

    def close(
        self, slots: Iterable[int], as_opened: Mapping[int, int] = _NOTHING
    ) -> int:
        """Stamp slots that the caller opened once each; gives the change's number.

        0 where somebody touched one since it had the word that ``as_opened`` says.
        """
        return self._write(slots, -1, as_opened)

    def _write(
        self,
        slots: Iterable[int],
        openers: int,
        expected: Mapping[int, int] = _NOTHING,
    ) -> int:
        words = self.words
        with self._locked():
            position = words[_HEAD] + 1
            is_as_expected = all(words[slot] == was for slot, was in expected.items())
            for slot in slots:
                count = max((words[slot] >> _COUNT_AT) + openers, 0)
                words[slot] = count << _COUNT_AT | position
            # Last: who sees the new head sees the slots.
            words[_HEAD] = position
        return position if is_as_expected else 0

    def _begin_era(self) -> None:
        # Zero is what a new file has.
        self.words[_ERA] = secrets.randbits(63) | 1
        self.words[EVERYTHING] = self.words[_HEAD] = self.words[_HEAD] + 1

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._thread:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)


class AsIfClosed:
    """The clock as it will be for what is committed with slots that the caller has open.

    ``opened`` are these, each with its word; ``are_opened_once`` holds for them. One that
    somebody touches later is open here as well, and ``close`` will tell the caller.
    """

    def __init__(self, clock: Clock, opened: Mapping[int, int]) -> None:
        self.clock = clock
        self.words: Words = self
        self._opened = opened

    @property
    def head(self) -> int:
        """Give the number of the last change."""
        return self.clock.head

    def __getitem__(self, slot: int) -> int:
        word = self.clock.words[slot]
        return word & _NUMBER if word == self._opened.get(slot) else word


def are_opened_once(opened: Mapping[int, int]) -> bool:
    """Tell of slots that the caller has open whether nobody else has one open too."""
    return all(word < 2 * OPEN for word in opened.values())


def is_untouched(words: Words, slots: array[int], since: int) -> bool:
    """Tell whether no change of these slots began after ``since``; open ones are that."""
    for slot in slots:  # noqa: SIM110 - as below
        if words[slot] & _NUMBER > since:
            return False
    return True


def is_open(words: Words, slots: array[int]) -> bool:
    """Tell whether a change of one of the slots is about to be committed."""
    return any(words[slot] >= OPEN for slot in slots)


def is_true(words: Words, slots: array[int], since: int) -> bool:
    """Tell whether none of the slots changed after ``since`` or is open."""
    for slot in slots:  # noqa: SIM110 - all() takes twice as long, once a hit
        if words[slot] > since:
            return False
    return True
