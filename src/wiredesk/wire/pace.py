"""How long the wire may write before others get their turn.

SQLite has one writer at a time and no queue for it: whoever waits looks again after 1,
2, 5, 10, 15, 20 and then 25 ms. So a group of writes is kept short, and after it comes
a pause that is longer than the longest of those naps. What is read and prepared for
the next group counts as pause, so it seldom costs anything.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TARGET = 0.050  # seconds a write transaction should take
GAP = 0.027  # seconds without a writer of ours, longer than SQLite's longest early nap
LONGEST = 0.065  # seconds our writes may hold the lock, together, between two gaps
SMALL = 0.005  # seconds a write of a few rows takes
# Items a group. Every group has costs of its own, so smaller ones than this would
# hold the lock no shorter and only let the queue grow.
LEAST, MOST = 30, 128


class _Turns:
    """Lets this process's threads write one after the other, with gaps they share.

    Without it, what one thread writes would split the gap after another's in two, each
    shorter than the nap of somebody who waits: he could miss them all.
    """

    def __init__(self) -> None:
        self._mine = threading.Lock()
        self._held = 0.0  # seconds since the last whole gap
        self._ended = 0.0

    @contextmanager
    def turn(self, expected: float) -> Iterator[None]:
        with self._mine:
            self._leave_a_gap(expected)
            began = time.monotonic()
            try:
                yield
            finally:
                self._ended = time.monotonic()
                self._held += self._ended - began

    def _leave_a_gap(self, expected: float) -> None:
        rest = self._ended + GAP - time.monotonic()
        if rest > 0 and self._held + expected <= LONGEST:
            return
        if rest > 0:
            time.sleep(rest)
        self._held = 0.0


_turns = _Turns()


@contextmanager
def turn(expected: float = SMALL) -> Iterator[None]:
    """Hold a write transaction of about ``expected`` seconds at a time that suits others.

    Goes around the whole transaction. A thread that has a turn mustn't ask for another.
    """
    if connection.vendor == "sqlite":
        with _turns.turn(expected):
            yield
    else:
        yield


class Pace:
    """Sizes groups so that each takes about ``TARGET``."""

    def __init__(self) -> None:
        # Items in the next group; the first one also pays for what is done once.
        self.size = 4

    def wrote(self, items: int, seconds: float) -> None:
        """Note that a group of ``items`` held the lock for ``seconds``."""
        fitting = items * TARGET / max(seconds, 0.001)
        # By steps both ways: one cheap or dear group says little about the next.
        steady = max(self.size * 0.6, min(fitting, self.size * 1.5 + 1))
        self.size = max(LEAST, min(MOST, int(steady)))
