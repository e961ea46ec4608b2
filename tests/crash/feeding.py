"""Three senders, one a transport, who go on until each of their deliveries is received."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx

from tests import live
from tests.crash.copy import Delivery, deliveries
from tests.crash.sites import Killable

BURST = 20  # deliveries sent without a pause
REPEATED = 0.08  # of the deliveries come again


class Senders:
    """Sends by inbox, push and command at once; remembers what was sent and answered."""

    def __init__(self, site: Killable, chance: Random, scratch: Path) -> None:
        self.site = site
        self.scratch = scratch
        self.stop = threading.Event()
        self.dropped: dict[str, Delivery] = {}
        self.taken: list[Delivery] = []
        self.acknowledged: list[tuple[int, str]] = []  # delivery, sha256
        self.pushed: list[Delivery] = []
        self.attempts: Counter[str] = Counter()  # by SHA-256, all transports
        self.answers: Counter[str] = Counter()
        self.command: subprocess.Popen[bytes] | None = None
        self.failures: list[BaseException] = []
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._guarded, args=(work, source), daemon=True)
            for work, source in (
                (self._drop, repeatable(chance)),
                (self._push, repeatable(chance)),
                (self._take, repeatable(chance)),
            )
        ]

    @property
    def all(self) -> list[Delivery]:
        return [*self.dropped.values(), *self.pushed, *self.taken]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Let each sender bring its last delivery to the end."""
        self.stop.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive(), "a sender doesn't come to an end"
        assert self.failures == []

    def kill_command(self) -> bool:
        """End a ``wiredesk wire take`` under way with SIGKILL."""
        command = self.command
        if command is None or command.poll() is not None:
            return False
        command.send_signal(signal.SIGKILL)
        return True

    def _guarded(self, work: object, chance: Random) -> None:
        assert callable(work)
        try:
            work(chance)
        except BaseException as failure:
            self.failures.append(failure)
            raise

    def _copy(self, chance: Random, mark: str) -> Iterator[Delivery]:
        for number, delivery in enumerate(deliveries(chance, mark)):
            if self.stop.is_set():
                return
            yield delivery
            if chance.random() < REPEATED:
                yield Delivery(f"again-{delivery.name}", delivery.raw, delivery.items)
            if number % BURST == 0:
                time.sleep(chance.uniform(0.1, 0.6))

    def _note(self, delivery: Delivery) -> None:
        with self._lock:
            self.attempts[sha256(delivery.raw)] += 1

    def _drop(self, chance: Random) -> None:
        for delivery in self._copy(chance, "inbox"):
            self._note(delivery)
            self.dropped[delivery.name] = delivery
            self.site.drop(delivery.name, delivery.raw)

    def _push(self, chance: Random) -> None:
        for delivery in self._copy(chance, "push"):
            self.pushed.append(delivery)
            while not self._is_accepted(delivery):
                time.sleep(0.1)

    def _is_accepted(self, delivery: Delivery) -> bool:
        self._note(delivery)
        try:
            answer = self.site.push(delivery.raw)
        except httpx.TransportError as error:
            self.answers[type(error).__name__] += 1
            return False
        self.answers[str(answer.status_code)] += 1
        if answer.status_code != 202:
            return False
        told = answer.json()
        self.acknowledged.append((told["delivery"], told["sha256"]))
        return True

    def _take(self, chance: Random) -> None:
        copy = self._copy(chance, "command")
        while files := [delivery for delivery, _ in zip(copy, range(12), strict=False)]:
            places = []
            for delivery in files:
                place = self.scratch / delivery.name
                place.write_bytes(delivery.raw)
                places.append(str(place))
            self.taken += files
            while not self._is_taken(files, places):
                time.sleep(0.1)

    def _is_taken(self, files: list[Delivery], places: list[str]) -> bool:
        for delivery in files:
            self._note(delivery)
        self.command = subprocess.Popen(
            [*live.command(), "wire", "take", "--feed", "direct", *places],
            env=self.site.site.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _, said = self.command.communicate(timeout=120)
        status = self.command.returncode
        if status not in {0, -signal.SIGKILL}:
            self.answers[f"take: {said.decode()[-300:]}"] += 1
        return status == 0


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def repeatable(chance: Random) -> Random:
    """Give a source of chance of its own, the same for the same ``chance``."""
    return Random(chance.random())  # noqa: S311  (to be repeatable, not secret)
