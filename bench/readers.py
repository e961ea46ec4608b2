"""Readers who keep a site busy while something is measured."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

PAUSE = 0.05  # seconds a reader rests between two pages


@dataclass
class Readers:
    """How the readers fared: pages they got, and answers that were errors."""

    pages: int = 0
    failures: int = 0
    seconds: list[float] = field(default_factory=list)


@contextmanager
def readers(
    addresses: Sequence[str], *, paths: Sequence[str], count: int, host: str
) -> Iterator[Readers]:
    """Have ``count`` readers ask for ``paths`` at ``addresses`` in turn, until the end."""
    seen = Readers()
    stop = threading.Event()
    lock = threading.Lock()

    def read(number: int) -> None:
        with httpx.Client(headers={"Host": host}, timeout=20) as client:
            turn = number
            while not stop.wait(PAUSE):
                turn += 1
                address = addresses[turn % len(addresses)]
                began = time.monotonic()
                try:
                    status = client.get(address + paths[turn % len(paths)]).status_code
                except httpx.HTTPError:
                    status = 0
                with lock:
                    seen.pages += 1
                    seen.failures += status not in (200, 404, 410)
                    seen.seconds.append(time.monotonic() - began)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()
