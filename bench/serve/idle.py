"""Connections that were used once and then only stay open.

``python -m bench.serve.idle PORT COUNT PATH`` opens them, says ``ready``, and when its
input ends says how many the server still holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.http.raw import Reader

from bench.serve.fill import request
from bench.serve.load import CLIENT_CORE
from bench.serve.servers import Server, pinned


@contextmanager
def idle(server: Server, count: int, path: str) -> Iterator[list[int]]:
    """Hold ``count`` idle connections; the list gets how many were held at the end."""
    command = [sys.executable, "-m", "bench.serve.idle", str(server.port), str(count)]
    with pinned(CLIENT_CORE):
        process = subprocess.Popen(
            [*command, server.path_of(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        raise SystemExit("The idle connections couldn't be opened.")
    held: list[int] = []
    try:
        yield held
    finally:
        said, _ = process.communicate()
        held.append(int(said))


def main() -> None:
    """Hold connections until the input ends."""
    port, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    readers = [Reader(port) for _ in range(count)]
    for reader in readers:
        reader.socket.sendall(request(path, "gzip"))
        if reader.answer() is None:
            raise SystemExit("A connection was closed before it was idle.")
    print("ready", flush=True)  # noqa: T201
    sys.stdin.read()
    print(sum(_is_held(reader) for reader in readers), flush=True)  # noqa: T201
    sys.stdout.flush()
    os._exit(0)


def _is_held(reader: Reader) -> bool:
    reader.socket.setblocking(False)
    try:
        return bool(reader.socket.recv(1))
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


if __name__ == "__main__":
    main()
