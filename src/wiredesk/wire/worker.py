"""The worker: takes what waits, watches folders and addresses, keeps everything going.

Each step has a thread of its own, so that a slow server never delays a kill. A step
that fails is logged, told to the desk and begun again after a pause; a locked database
is only waited for. Other parts add steps of their own with ``register_step``.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.db import InterfaceError, OperationalError, connections
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.deliver_alarms import deliver_alarms
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.seal import seal
from wiredesk.wire import originals, settling
from wiredesk.wire.actions.claim import free_abandoned, kill_waits, this_process
from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
from wiredesk.wire.actions.take import NOT_ITS_FAULT, take_waiting
from wiredesk.wire.actions.watch_feeds import watch_feeds
from wiredesk.wire.actions.watch_worker import KEY as WORKER_GONE
from wiredesk.wire.pace import Pace
from wiredesk.wire.transports.folder import FILES_A_ROUND, Inbox
from wiredesk.wire.transports.poll import poll_due

logger = logging.getLogger(__name__)

LOOK = 0.25  # seconds between looks where nobody nudges
TURN = 2.0  # seconds a step that never ends goes on before it reports back
LONG_REST = 5.0  # seconds between runs of a step
TICK = 0.05  # seconds between looks at the steps
PATIENCE = 5.0  # seconds the steps have to end once the worker must stop
SHORT_PAUSE = 4.0  # seconds, where the database or the disk can't work just now
LONGEST_PAUSE = 30.0  # seconds before a step that keeps failing is begun again

_WAITED_FOR = (OperationalError, InterfaceError)


class Stop(Protocol):
    """Says when to end; ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Tell whether to end."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait so long, or until it is time to end; tells whether it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something the worker does again and again: ``seconds`` after it last ended."""

    name: str
    seconds: float
    function: Callable[[], object]


_steps: dict[str, Step] = {}
_nudged = threading.Event()


def register_step(name: str, seconds: float, function: Callable[[], object]) -> None:
    """Have the worker call ``function`` every ``seconds``, in a thread of its own.

    Call when the apps are ready. ``function`` takes nothing, ends in bounded time and
    may raise: that is logged and told to the desk. The same name again replaces.
    """
    _steps[name] = Step(name, seconds, function)


def nudge() -> None:
    """Say that something waits; heard at once in this process, else at the next look."""
    _nudged.set()


def run(stop: Stop) -> None:
    """Work until ``stop`` is set; gives back what was not begun.

    Raises ``ImproperlyConfigured`` at once where nobody settles messages.
    """
    settling.require()
    inbox = Inbox()
    runners = [_Runner(step) for step in (*_own_steps(stop, inbox), *_steps.values())]
    _try(_greet)
    try:
        while not stop.is_set():
            for runner in runners:
                runner.look()
            stop.wait(TICK)
    finally:
        limit = time.monotonic() + PATIENCE
        for runner in runners:
            runner.end(limit)
        inbox.close()
        connections.close_all()


def _own_steps(stop: Stop, inbox: Inbox) -> list[Step]:
    return [
        Step("take", 0, partial(_take, stop, Pace())),
        Step("inbox", 0, partial(_scan, stop, inbox)),
        Step("poll", 1, partial(poll_due, stop.is_set)),
        Step("seal", 1, seal),
        Step("alarms", 2, deliver_alarms),
        Step("watch", 10, watch_feeds),
        Step("tidy originals", 3600, originals.tidy),
    ]


def _take(stop: Stop, pace: Pace) -> None:
    name = this_process()
    free_abandoned(worker=name)
    until = time.monotonic() + TURN
    while time.monotonic() < until and not stop.is_set():
        _nudged.clear()
        # Between two groups a kill goes first: what was claimed before it is given back.
        if not take_waiting(
            worker=name, pace=pace, stop=lambda: stop.is_set() or kill_waits()
        ):
            _nudged.wait(LOOK)


def _scan(stop: Stop, inbox: Inbox) -> None:
    until = time.monotonic() + TURN
    while time.monotonic() < until and not stop.is_set():
        received = inbox.scan()
        if received:
            nudge()
        # Files that come one by one are gathered: a group of twelve costs half as much.
        if received < FILES_A_ROUND:
            stop.wait(LOOK)


def _greet() -> None:
    ensure_builtin_feed()
    clear_alarm(key=WORKER_GONE)


class _Runner:
    """One step, its thread, and how it goes."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.thread = ThreadPoolExecutor(1, thread_name_prefix=f"wire-{step.name}")
        self.due = time.monotonic()
        self.failures = 0
        self.alarmed: bool | None = None  # unknown: an earlier run may have alarmed
        self.future: Future[None] | None = None

    def look(self) -> None:
        """Begin the step where it is due; where it ended, see how."""
        if self.future is not None and self.future.done():
            self._ended(self.future.exception())
            self.future = None
        if self.future is None and time.monotonic() >= self.due:
            self.future = self.thread.submit(self._run)

    def end(self, limit: float) -> None:
        """Wait for the step until ``limit``, then leave it to the end of the process."""
        if self.future is not None:
            while not self.future.done() and time.monotonic() < limit:
                time.sleep(TICK)
        self.thread.submit(connections.close_all)
        self.thread.shutdown(wait=False)

    def _run(self) -> None:
        try:
            self.step.function()
        finally:
            if self.step.seconds >= LONG_REST:
                # It needn't hold a connection and its cache meanwhile. Otherwise it would
                # be opened again at once, and each opening reads the schema: 8 ms.
                connections.close_all()

    def _ended(self, failure: BaseException | None) -> None:
        if failure is None:
            self.due = time.monotonic() + self.step.seconds
            self.failures = 0
            if self.alarmed is not False and _try(self._clear):
                self.alarmed = False
            return
        self.failures += 1
        # Once the database or the disk works again, a kill must not wait for us.
        longest = SHORT_PAUSE if isinstance(failure, NOT_ITS_FAULT) else LONGEST_PAUSE
        pause = min(2.0 ** (self.failures - 1), longest)
        self.due = time.monotonic() + pause
        if isinstance(failure, _WAITED_FOR):
            logger.warning(
                "The step %s waits for the database: %s", self.step.name, failure
            )
            return
        logger.error("The step %s failed.", self.step.name, exc_info=failure)
        if _try(partial(self._alarm, failure)):
            self.alarmed = True

    def _clear(self) -> None:
        clear_alarm(key=self._key())

    def _alarm(self, failure: BaseException) -> None:
        text = _("The worker's step “%(step)s” failed and is tried again: %(failure)s")
        words = f"{type(failure).__name__}: {failure}"
        raise_alarm(
            key=self._key(),
            text=text % {"step": self.step.name, "failure": words[:300]},
            thing="worker",
        )

    def _key(self) -> str:
        return f"worker-step:{self.step.name}"


def _try(function: Callable[[], None]) -> bool:
    """Do something the worker can do without for now; tells whether it was done."""
    try:
        function()
    except _WAITED_FOR as error:
        logger.warning("The database can't be written to just now: %s", error)
        return False
    return True
