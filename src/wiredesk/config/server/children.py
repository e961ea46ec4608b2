"""The processes under the supervisor: how each is started, watched and stopped."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import NoReturn

FIRST_PAUSE = 0.5  # seconds before a child that died is started again
LONGEST_PAUSE = 30.0
CALM = 60.0  # seconds a child must have lived for its past deaths to be forgotten
ENDINGS = {signal.SIGINT, signal.SIGTERM}
LAST_WORDS = 6.0  # seconds an orphan has to end in an orderly way


@dataclass
class Child:
    """One process to be kept running. ``work`` runs in it and ends on SIGTERM.

    ``keep``: start it again when it ends; otherwise its end is its purpose.
    """

    name: str
    work: Callable[[], None]
    keep: bool = True
    pid: int | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float | None = field(default=0.0)  # when to start it next; None: never again

    def start(self, lifeline: Lifeline) -> None:
        """Start the process; returns in the parent only."""
        sys.stdout.flush()
        sys.stderr.flush()
        # Held back until the child has its own handlers, else a stop could be lost.
        waiting = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        pid = os.fork()
        if pid == 0:
            _live(self.work, lifeline, waiting)
        signal.pthread_sigmask(signal.SIG_SETMASK, waiting)
        self.pid, self.due, self.started = pid, None, time.monotonic()

    def ended(self) -> float | None:
        """Note that the process is gone; give the pause before its next start."""
        self.pid = None
        if not self.keep:
            return None
        lived = time.monotonic() - self.started
        if lived > CALM:
            self.pause = FIRST_PAUSE
        pause = self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + pause
        return pause

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process if it runs."""
        if self.pid is not None:
            os.kill(self.pid, number)


class Lifeline:
    """A pipe that only the supervisor holds open: when it breaks, the children go.

    The kernel closes it whatever ends the supervisor, SIGKILL included.
    """

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()

    def hold(self) -> None:
        """End this process in an orderly way when the supervisor is gone."""
        os.close(self.writing)
        threading.Thread(target=self._watch, name="lifeline", daemon=True).start()

    def _watch(self) -> None:
        os.read(self.reading, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_WORDS)
        os._exit(1)


def _live(
    work: Callable[[], None], lifeline: Lifeline, mask: set[int | signal.Signals]
) -> NoReturn:
    """Do a child's work and end the process, never returning to the parent's code."""
    with _Life():
        # Ctrl-C reaches the whole group; the supervisor decides what follows from it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        lifeline.hold()
        work()
    raise AssertionError("a child never comes here")


class _Life:
    """Ends the process with its block, whatever ends that.

    Nothing may unwind from here into the child's copy of the supervisor's stack.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> NoReturn:
        status = 0
        if isinstance(error, SystemExit):
            status = error.code if isinstance(error.code, int) else 1
        elif kind is not None and error is not None:
            status = 1
            sys.excepthook(kind, error, trace)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
