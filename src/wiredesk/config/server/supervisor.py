"""The supervisor: opens the port, starts the children, keeps them, stops them all."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

from django.conf import settings
from django.db import connections

from wiredesk.config.server import web, worker
from wiredesk.config.server.children import Child, Lifeline
from wiredesk.config.server.prepare import Say, prepare

LOOK = 0.1  # seconds between looks at the children
PATIENCE = 8.0  # seconds the children have to stop before they are killed
BACKLOG = 1024


class CannotStartError(Exception):
    """The site can't be started; the text says why and what to do."""


Rows = Sequence[tuple[str, str]]


def run(
    say: Say,
    *,
    furnish: Callable[[], Rows],
    greet: Callable[[Rows], None],
    others: Sequence[Child] = (),
) -> None:
    """Run the site until SIGINT or SIGTERM; then end every child in bounded time.

    ``furnish`` is called once the data folder stands; ``greet``, with what it gave,
    once the site answers. ``others`` are children beside the web processes and the
    worker. Raises ``CannotStartError``.
    """
    supervisor = Supervisor(say)
    signal.signal(signal.SIGINT, supervisor.stop)
    signal.signal(signal.SIGTERM, supervisor.stop)
    settings.WIREDESK_RUN.mkdir(parents=True, exist_ok=True)
    with sole_user(settings.WIREDESK_RUN / "lock"), listening() as listener:
        prepare(say)
        rows = furnish()
        if supervisor.stopping:
            return
        serve = partial(web.serve, listener)
        supervisor.children = [
            *(Child(f"web {n + 1}", serve) for n in range(settings.WIREDESK_WORKERS)),
            Child("worker", partial(_without, listener, worker.work)),
            *(
                replace(other, work=partial(_without, listener, other.work))
                for other in others
            ),
        ]
        # A connection must not be shared across a fork.
        connections.close_all()
        # For commands run beside the site, which needn't know its port.
        address = settings.WIREDESK_RUN / "address"
        address.write_text(settings.WIREDESK_BASE_URL, encoding="utf-8")
        supervisor.watch(lambda: greet(rows))


class Supervisor:
    """Keeps the children running until it is told to stop."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.children: list[Child] = []
        self.stopping = False

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Ask for the end; what a signal handler may do."""
        self.stopping = True

    def watch(self, greet: Callable[[], None]) -> None:
        """Start the children and keep them until asked to stop; then stop them."""
        lifeline = Lifeline()
        self._start_due(lifeline)
        greet()
        try:
            while not self.stopping:
                self._start_due(lifeline)
                self._bury()
                time.sleep(LOOK)
        finally:
            self._end()

    def _start_due(self, lifeline: Lifeline) -> None:
        for child in self.children:
            if child.due is not None and child.due <= time.monotonic():
                child.start(lifeline)

    def _bury(self) -> None:
        for child, status in self._ended():
            pause = child.ended()
            if pause is not None and not self.stopping:
                self.say(
                    f"The {child.name} process ended ({_in_words(status)}); "
                    f"it is started again in {pause:g} s."
                )

    def _ended(self) -> list[tuple[Child, int]]:
        ended = []
        for child in self.children:
            if child.pid is not None:
                pid, status = os.waitpid(child.pid, os.WNOHANG)
                if pid:
                    ended.append((child, status))
        return ended

    def _end(self) -> None:
        for child in self.children:
            child.keep = False
            child.signal(signal.SIGTERM)
        limit = time.monotonic() + PATIENCE
        while self._running() and time.monotonic() < limit:
            time.sleep(LOOK / 2)
        for child in self._running():
            self.say(f"The {child.name} process didn't stop in time and is killed.")
            child.signal(signal.SIGKILL)
        while self._running():
            time.sleep(LOOK / 2)

    def _running(self) -> list[Child]:
        for child, _status in self._ended():
            child.ended()
        return [child for child in self.children if child.pid is not None]


def _without(listener: socket.socket, work: Callable[[], None]) -> None:
    """Work without the port: one that outlives us must not keep it from the next start."""
    listener.close()
    work()


def listening() -> socket.socket:
    """Open the port once for all web processes. Raises ``CannotStartError``."""
    address, port = settings.WIREDESK_BIND, settings.PORT
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((address, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotStartError(
            f"Port {port} on {address} can't be opened: {error.strerror}. "
            "Name another with PORT=, or stop what uses it."
        ) from error
    listener.setblocking(False)
    return listener


def sole_user(path: Path) -> IO[str]:
    """Take the data folder's lock until closed. Raises ``CannotStartError``."""
    lock = path.open("a+", encoding="ascii")
    try:
        # lockf, not flock: children don't inherit it, so one that outlives us for a
        # moment doesn't keep the folder from the next start.
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        lock.close()
        raise CannotStartError(
            f"Wiredesk already runs with the data folder {path.parent.parent}. "
            "Stop it, or name another folder with WIREDESK_HOME=."
        ) from error
    return lock


def _in_words(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"status {code}"
