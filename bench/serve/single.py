"""The rows that need no load: bytes on the wire, the start, the way of a change."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests import live
from tests.http.raw import Answer, Reader
from tests.workers import children_of, paused, web_processes

from bench.serve import fill
from bench.serve.archive import ROOT
from bench.serve.feed import wait_until_proved
from bench.serve.fill import request
from bench.serve.load import worked
from bench.serve.servers import HOST, OFF, SETTINGS, Server, wiredesk
from bench.serve.table import Row

SHEET = re.compile(rb'<link rel="stylesheet" href="([^"]+)"')
SCRIPT = re.compile(rb"<script(?![^>]*application/(?:ld\+)?json)[^>]*>")
ELSEWHERE = re.compile(
    rb'<(?:link|script|img|source|iframe)[^>]*(?:src|href)="(https?:)?//([^/"]+)'
)
START_LIMIT = 60.0
# How often the worker is held until it holds nothing that others wait for.
HOLDS = 50
HOLD_LOOK = 0.2  # seconds
BAR = """
from datetime import timedelta
from django.utils import timezone
from wagtail.models import Site
from wiredesk.stories.actions.write_bar import write_bar
until = timezone.now() + timedelta(hours=1)
write_bar(site=Site.objects.get(), words="{words}", until=until, by=None)
"""


def weight(ours: Server, path: str) -> Row:
    """Count the bytes of a text story as a browser gets it: the page and its sheets."""
    page, size = _fetch(ours, path)
    sheets = [sheet.decode() for sheet in SHEET.findall(page)]
    sizes = [_fetch(ours, sheet)[1] for sheet in sheets]
    total, requests = size + sum(sizes), 1 + len(sheets)
    # What a link says of the page, like its canonical address, is never fetched.
    loaded = re.sub(rb'<link rel="(?:canonical|alternate)"[^>]*>', b"", page)
    hosts = {host for _, host in ELSEWHERE.findall(loaded)} - {HOST.encode()}
    scripts = len(SCRIPT.findall(page))
    return Row(
        f"text story on the wire, brotli: page {size:,} and {len(sheets)} style sheets, "
        f"other hosts {len(hosts)}, scripts {scripts}",
        "",
        f"{total / 1024:.1f} KB in {requests} requests",
        wanted="≤ 14 KB in ≤ 2",
        reached=total <= 14 * 1024 and requests <= 2 and not hosts,
    )


def _fetch(ours: Server, path: str) -> tuple[bytes, int]:
    reader = Reader(ours.port)
    with reader.socket:
        reader.socket.sendall(request(path, "br"))
        answer = reader.answer()
    assert answer is not None
    assert answer.status == 200, path
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers)
    return answer.decoded, len(answer.body) + head + len("HTTP/1.1 200 OK\r\n\r\n")


def start(home: Path, path: str, rounds: int) -> Row:
    """Time from starting the command until a story is answered."""
    took = [_start_once(home, path) for _ in range(rounds)]
    return Row(
        f"start to first answer, middle of {rounds} (longest {max(took):.2f} s)",
        "",
        f"{median(took):.2f} s",
        wanted="≤ 2 s",
        reached=median(took) <= 2,
    )


def _start_once(home: Path, path: str) -> float:
    port = live.free_port()
    environment = live.environment_of(home, port, SETTINGS)
    began = time.monotonic()
    process = subprocess.Popen(
        [*live.command(), "up"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.monotonic() - began < START_LIMIT:
            try:
                reader = Reader(port)
            except ConnectionRefusedError:
                time.sleep(0.005)
                continue
            with reader.socket:
                reader.socket.sendall(request(path, "gzip"))
                answer = reader.answer()
            if answer is not None and answer.status == 200:
                return time.monotonic() - began
        raise SystemExit("The site didn't start.")
    finally:
        process.terminate()
        process.wait(30)


def changes(home: Path, count: int) -> list[Row]:
    """Time from the commit of a change until both web processes have the new answer."""
    with wiredesk(home, {"WIREDESK_WORKERS": "2"}, core=None) as ours:
        assert ours.site is not None
        pids = web_processes(ours.site)
        workers = [pid for pid in children_of(ours.pid) if pid not in pids]
        wait_until_proved(home)
        # What the worker does is done here, where the moment of the commit is known.
        with resting(home, workers):
            done = subprocess.run(
                [
                    sys.executable, "-m", "bench.serve.changes", str(ours.port),
                    ",".join(str(pid) for pid in pids), str(count),
                ],
                env=ours.site.environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )  # fmt: skip
        wait_until_proved(home)  # so that the next run begins with an idle worker
    said = json.loads(done.stdout)
    rows = [_of_kind(kind, took) for kind, took in said["took"].items()]
    everything = [each for took in said["took"].values() for each in took]
    rows.append(_of_kind("all", everything))
    rows += [
        Row(
            f"before it, from the announcement to the commit, {kind}",
            "",
            _p50_and_p99(took),
        )
        for kind, took in said["before"].items()
    ]
    rows.append(
        Row(
            "old answers to what was asked after a commit",
            "",
            ", ".join(f"{kind} {late}" for kind, late in said["stale"].items()),
            wanted="0",
            reached=not any(said["stale"].values()),
        )
    )
    return rows


@contextmanager
def resting(home: Path, workers: Sequence[int]) -> Iterator[None]:
    """Hold the worker at a moment when it isn't writing.

    One that is stopped in a transaction keeps the database locked for everybody.
    """
    for _ in range(HOLDS):
        with paused(*workers):
            if not _is_locked(home / "wiredesk.sqlite3"):
                yield
                return
    raise SystemExit("The worker doesn't come to rest.")


def _is_locked(database: Path) -> bool:
    connection = sqlite3.connect(database, timeout=HOLD_LOOK, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def _of_kind(kind: str, took: list[float]) -> Row:
    p50, p99 = _middle_and_end(took)
    return Row(
        f"commit to the new answer on 2 processes, {kind} ({len(took)})",
        "",
        _p50_and_p99(took),
        wanted="≤ 5 ms, ≤ 25 ms",
        reached=p50 <= 5 and p99 <= 25,
    )


def _p50_and_p99(took: list[float]) -> str:
    p50, p99 = _middle_and_end(took)
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def _middle_and_end(took: list[float]) -> tuple[float, float]:
    return median(took), sorted(took)[min(int(len(took) * 0.99), len(took) - 1)]


def bar(home: Path, settings: Mapping[str, str], paths: Sequence[str]) -> Row:
    """Write a breaking-news bar and ask for every stored page: what each costs then."""
    words = f"Ferry stops for the night {time.time_ns()}"
    with wiredesk(home, settings) as ours:
        assert ours.site is not None
        fill.ask_all(ours.port, paths)
        hit = _cost_a_page(ours, paths)
        ours.site.python(BAR.format(words=words))
        changed = _cost_a_page(ours, paths, words.encode())
    with wiredesk(home, OFF) as ours:
        drawn = _cost_a_page(ours, paths[:500])
    return Row(
        f"a new breaking bar: CPU for each of {len(paths):,} stored pages, asked once",
        f"drawn anew {drawn:,.0f} µs",
        f"{changed:,.0f} µs (unchanged {hit:,.0f} µs)",
        by_cost=f"{drawn / changed:.1f} ×",
    )


def _cost_a_page(ours: Server, paths: Sequence[str], words: bytes = b"") -> float:
    """Ask for each page once; gives microseconds of CPU a page."""

    def check(path: str, answer: Answer) -> None:
        if words not in answer.decoded:
            raise SystemExit(f"{path} doesn't show the bar.")

    before = worked(ours)
    fill.ask_all(ours.port, paths, each=check)
    return 1e6 * (worked(ours) - before) / len(paths)
