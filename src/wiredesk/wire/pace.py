"""How long the wire may write before others get their turn.

SQLite has one writer at a time and no queue for it: whoever waits looks again after 1,
2, 5, 10, 15, 20 and then 25 ms. So a group of writes is kept short, and after it comes
a pause that is longer than the longest of those naps. What is read and prepared for
the next group counts as pause, so it seldom costs anything.
"""

from __future__ import annotations

import time

from django.db import connection

TARGET = 0.045  # seconds a write transaction should take
GAP = 0.026  # seconds between two, longer than SQLite's longest early nap
# Items a group. Every group has costs of its own, so smaller ones than this would
# hold the lock no shorter and only let the queue grow.
LEAST, MOST = 30, 128


class Pace:
    """Sizes groups so that each takes about ``TARGET``, and gives way between them."""

    def __init__(self) -> None:
        self.size = 24  # items in the next group
        self._free_since = 0.0

    def give_way(self) -> None:
        """Wait until others had their chance; call just before a write transaction."""
        if connection.vendor != "sqlite":
            return
        rest = self._free_since + GAP - time.monotonic()
        if rest > 0:
            time.sleep(rest)

    def wrote(self, items: int, seconds: float) -> None:
        """Note that a group of ``items`` held the lock for ``seconds``."""
        self._free_since = time.monotonic()
        if not items:
            return
        fitting = items * TARGET / max(seconds, 0.001)
        # By steps both ways: one cheap or dear group says little about the next.
        steady = max(self.size * 0.6, min(fitting, self.size * 1.5 + 1))
        self.size = max(LEAST, min(MOST, int(steady)))
