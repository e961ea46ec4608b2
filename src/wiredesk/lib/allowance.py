"""How often somebody may ask, counted once for all processes of the machine.

The memory is made when this module is first imported and shared by every process forked
from there on; it never touches a disk, names nobody and is forgotten at a restart.
Processes on other machines, or started apart, count for themselves.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b

_MOMENT = struct.Struct("d")
# Two of 5,000 who ask at a time share one of so many places in one case of 200.
_PLACES = 1 << 20
_SIZE = _PLACES * _MOMENT.size


@dataclass(frozen=True, slots=True)
class Allowance:
    """``at_once`` requests at once, and one more every ``seconds`` after them."""

    name: str
    at_once: int
    seconds: float


class Counter:
    """Counts by the generic cell rate algorithm: one moment for each who asks."""

    def __init__(self) -> None:
        self._file = _memory()
        self._map = mmap.mmap(self._file, _SIZE)
        self._salt = os.urandom(16)
        self._threads = threading.Lock()

    def take(self, allowance: Allowance, who: str) -> float:
        """Count a request; gives 0.0, or the seconds to wait where it is one too many."""
        with self._moment(allowance, who) as (at, now, due):
            wait = _wait(allowance, now, due)
            if not wait:
                _MOMENT.pack_into(self._map, at, due + allowance.seconds)
            return wait

    def wait(self, allowance: Allowance, who: str) -> float:
        """Give the seconds until the next request is allowed, without counting one."""
        with self._moment(allowance, who) as (_at, now, due):
            return _wait(allowance, now, due)

    @contextmanager
    def _moment(
        self, allowance: Allowance, who: str
    ) -> Iterator[tuple[int, float, float]]:
        """Give the place of ``who``, the time, and when all that was asked is paid."""
        name = f"{allowance.name} {who}".encode()
        digest = blake2b(name, key=self._salt, digest_size=8).digest()
        at = int.from_bytes(digest, "big") % _PLACES * _MOMENT.size
        # The one lock is for threads, which the other doesn't know; it is for processes.
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _MOMENT.size, at)
            try:
                now = time.monotonic()
                (due,) = _MOMENT.unpack_from(self._map, at)
                yield at, now, max(due, now)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _MOMENT.size, at)


def _wait(allowance: Allowance, now: float, due: float) -> float:
    return max(due - now - (allowance.at_once - 1) * allowance.seconds, 0.0)


def _memory() -> int:
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("wiredesk-allowances")
    else:  # not Linux: a file that has no name
        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    os.ftruncate(handle, _SIZE)
    return handle


counter = Counter()
