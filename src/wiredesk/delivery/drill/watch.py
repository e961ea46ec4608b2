"""Watches addresses until each has come to what is waited for, and says when.

A surface counts as gone from the moment on at which a reader who asked no longer got
the story; how long a busy site then took over its answer is another matter. Nothing is
asked before the change is in the database: a hundred questions at once would only delay
it and each other. So a time is never too short, and too long by some milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from wiredesk.delivery.proof.asking import Asker, Question, Reply

LOOK, PAUSE = 0.005, 0.1  # seconds between looks at the database, at an address

Test = Callable[[Question, Reply], bool]


@dataclass(slots=True)
class Watch:
    """Asks ``questions``, once ``ready``, until ``test`` holds for each.

    ``seconds`` has, for each that came to it, when it was asked, counted from
    ``began`` on a clock that nobody sets. ``asker`` needs a connection for each.
    """

    asker: Asker
    questions: Sequence[Question]
    test: Test
    began: float
    limit: float
    ready: Callable[[], bool] = lambda: True
    seconds: dict[Question, float] = field(default_factory=dict)

    def run(self) -> dict[Question, float]:
        """Watch until all came to it or ``limit`` seconds after ``began`` are over."""
        while not self.ready() and time.monotonic() - self.began < self.limit:
            time.sleep(LOOK)
        if self.questions:
            with ThreadPoolExecutor(len(self.questions)) as threads:
                for _done in threads.map(self._watch, self.questions):
                    pass
        return self.seconds

    def _watch(self, question: Question) -> None:
        while (asked := time.monotonic() - self.began) < self.limit:
            if self.test(question, self.asker.ask_one(question)):
                self.seconds[question] = asked
                return
            time.sleep(PAUSE)
