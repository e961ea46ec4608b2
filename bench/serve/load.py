"""wrk as the client: one run of it, and what the server's processes worked meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.workers import tree_of

from bench.serve.servers import HOST, Server

SCRIPT = Path(__file__).with_name("play.lua")
TICK = os.sysconf("SC_CLK_TCK")
CLIENT_CORE = 1
CONNECTIONS = 64
GZIP, IDENTITY, BROTLI = "gzip", "identity", "br"


@dataclass(frozen=True)
class Load:
    """What one run showed. ``cost``: microseconds of CPU a request, of the whole tree."""

    requests: int
    rate: float
    cost: float
    p50: float  # milliseconds
    p99: float
    broken: int
    refused: int


@dataclass(frozen=True)
class Play:
    """Requests for wrk to play: ``paths`` asked in ``order``, with ``heads`` in turn."""

    paths: Sequence[str]
    order: Sequence[int] = ()
    heads: Sequence[str] = ()
    encoding: str = GZIP

    def request(self, path: str, head: str = "") -> str:
        """Give one request's bytes."""
        own = head or f"Accept-Encoding: {self.encoding}\r\n"
        return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{own}\r\n"


def press(
    server: Server, play: Play, seconds: float, connections: int = CONNECTIONS
) -> Load:
    """Have wrk ask as fast as it can; gives what it saw and what the server worked."""
    command = [
        "taskset", "-c", str(CLIENT_CORE), "wrk", "-t1", f"-c{connections}",
        f"-d{seconds:g}s", "--timeout", "20s", "-s", str(SCRIPT),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="wiredesk-wrk-") as folder:
        command += _target(server, play, Path(folder))
        before = worked(server)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        used = worked(server) - before
    line = next(x for x in done.stdout.splitlines() if x.startswith("RESULT "))
    said = json.loads(line.removeprefix("RESULT "))
    requests = int(said["requests"])
    return Load(
        requests=requests,
        rate=requests / said["seconds"],
        cost=1e6 * used / max(requests, 1),
        p50=said["p50"],
        p99=said["p99"],
        broken=said["broken"],
        refused=said["refused"],
    )


def _target(server: Server, play: Play, folder: Path) -> list[str]:
    address = f"http://127.0.0.1:{server.port}"
    if len(play.paths) == 1 and not play.heads:
        return [
            "-H", f"Host: {HOST}", "-H", f"Accept-Encoding: {play.encoding}",
            address + server.path_of(play.paths[0]),
        ]  # fmt: skip
    heads = play.heads or ("",)
    requests, order = folder / "requests", folder / "order"
    texts = [
        play.request(server.path_of(path), head)
        for path in play.paths
        for head in heads
    ]
    requests.write_text("\0".join(texts), encoding="latin-1")
    numbers = play.order or range(len(texts))
    order.write_text("\n".join(str(number + 1) for number in numbers))
    return [f"{address}/", "--", str(requests), str(order)]


def worked(server: Server) -> float:
    """Give the seconds of CPU that a server's processes have worked, ended ones too."""
    ticks = 0
    for pid in tree_of(server.pid):
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        ticks += sum(int(field) for field in text.rpartition(")")[2].split()[11:15])
    return ticks / TICK


def middle(loads: Sequence[Load]) -> Load:
    """Give the medians of several runs."""
    return Load(
        requests=sum(load.requests for load in loads),
        rate=median(load.rate for load in loads),
        cost=median(load.cost for load in loads),
        p50=median(load.p50 for load in loads),
        p99=median(load.p99 for load in loads),
        broken=sum(load.broken for load in loads),
        refused=sum(load.refused for load in loads),
    )


def alternate(
    servers: Sequence[Server],
    play: Play,
    *,
    seconds: float,
    rounds: int,
    connections: int = CONNECTIONS,
) -> list[Load]:
    """Press the servers in turn, so that what else the machine does meets them alike."""
    runs: list[list[Load]] = [[] for _ in servers]
    for _ in range(rounds):
        for server, seen in zip(servers, runs, strict=True):
            seen.append(press(server, play, seconds, connections))
    return [middle(seen) for seen in runs]
