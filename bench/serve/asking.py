"""A connection to each web process, found by which of them holds its other end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.http.raw import Answer, Reader

from bench.serve.fill import request

TRIES = 400  # connections opened until every process has taken one


@dataclass
class Asked:
    """Asks every web process for the same; opens a connection again that was closed."""

    port: int
    pids: Sequence[int]
    readers: dict[int, Reader] = field(default_factory=dict)

    def answers(self, path: str, encoding: str = "gzip") -> Iterator[Answer]:
        """Give each process's answer in turn."""
        for pid in self.pids:
            yield self.answer(pid, path, encoding)

    def answer(self, pid: int, path: str, encoding: str = "gzip") -> Answer:
        """Give one process's answer."""
        for _ in range(3):
            reader = self.reader(pid)
            try:
                reader.socket.sendall(request(path, encoding))
                answer = reader.answer()
            except (BrokenPipeError, ConnectionResetError):
                answer = None
            if answer is not None:
                return answer
            self.readers.pop(pid).socket.close()  # it was idle for too long
        raise SystemExit(f"The web process {pid} doesn't answer for {path}.")

    def reader(self, pid: int) -> Reader:
        """Give the connection that a process holds."""
        if pid not in self.readers:
            self._connect(pid)
        return self.readers[pid]

    def _connect(self, wanted: int) -> None:
        others: list[Reader] = []
        for _ in range(TRIES):
            reader = Reader(self.port)
            reader.socket.sendall(request("/healthz", "gzip"))
            if reader.answer() is not None and _holder(reader, self.pids) == wanted:
                self.readers[wanted] = reader
                break
            others.append(reader)
        for reader in others:
            reader.socket.close()
        if wanted not in self.readers:
            raise SystemExit(f"The web process {wanted} takes no connection.")


def each_process(port: int, pids: Sequence[int]) -> Asked:
    """Give what asks each of the web processes."""
    return Asked(port, pids)


def _holder(reader: Reader, pids: Sequence[int]) -> int:
    """Give the process that holds the other end of a connection, 0 if none of them."""
    ours, theirs = reader.socket.getsockname()[1], reader.socket.getpeername()[1]
    inode = ""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ends = fields[1].endswith(f":{theirs:04X}") and fields[2].endswith(
            f":{ours:04X}"
        )
        if ends:
            inode = f"socket:[{fields[9]}]"
    for pid in pids:
        for each in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if os.readlink(each) == inode:
                    return pid
            except OSError:
                continue
    return 0
