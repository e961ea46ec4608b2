"""How fast wire copy becomes live: from bytes to durable, settled and searchable.

``python -m bench.wire --count 100000`` brings NewsML-G2 messages into an empty database
on one core: one thread receives them in groups, another takes them, as a site's web
process and worker do. It prints the rate for every tenth of the way, beside what bare
``sqlite3`` does with the same rows on this machine, and how long another process waits
that commits a small write every 10 ms meanwhile.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import bare, copy

if TYPE_CHECKING:
    from wiredesk.wire.actions.receive import Payload
    from wiredesk.wire.models import Feed
    from wiredesk.wire.pace import Pace

ROOT = Path(__file__).resolve().parents[1]
GROUP = 50  # messages received at a time
RECORD = ROOT / "docs" / "benchmarks.md"


@dataclass(slots=True)
class Figures:
    """What was measured; rates in messages a second, waits in milliseconds."""

    count: int
    seconds: float = 0.0
    rate: float = 0.0
    processor_seconds: float = 0.0  # what the core really worked; the rest is waiting
    steps: list[dict[str, float]] = field(default_factory=list)
    bare_rate: float = 0.0
    ratio: float = 0.0
    other_writer: dict[str, float] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    adds_up: bool = False
    live: int = 0
    found_by_search: int = 0
    database_mb: int = 0
    machine: str = ""
    date: str = ""


def main() -> None:
    """Measure, print, and with ``--record`` keep."""
    options = _options()
    home = Path(tempfile.mkdtemp(prefix="wiredesk-bench-", dir=options.folder))
    try:
        figures = _measure(home, options)
    finally:
        if not options.keep:
            shutil.rmtree(home)
    if options.json:
        print(json.dumps(asdict(figures)))  # noqa: T201 - this is a command
    else:
        print(_in_words(figures))  # noqa: T201
    if options.record:
        _record(figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.wire", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="messages")
    parser.add_argument("--step", type=int, default=10_000, help="messages a line")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--record", action="store_true", help=f"add to {RECORD.name}")
    parser.add_argument("--keep", action="store_true", help="leave the data folder")
    parser.add_argument("--folder", type=Path, help="where the data folder is made")
    parser.add_argument("--alone", action="store_true", help="without the other writer")
    return parser.parse_args()


def _measure(home: Path, options: argparse.Namespace) -> Figures:
    # One core for everything of ours; the other writer may use another.
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    os.environ["WIREDESK_HOME"] = str(home)
    from wiredesk.config.boot import set_up

    set_up()
    from wiredesk.config.server.prepare import prepare_data

    prepare_data(_say)
    database = home / "wiredesk.sqlite3"
    figures = Figures(options.count, machine=machine(), date=time.strftime("%Y-%m-%d"))
    other = None if options.alone else _start_other(database, cores)
    _bring(figures, options.step)
    if other is not None:
        figures.other_writer = json.loads(other.communicate("")[0])
    _check(figures)
    figures.database_mb = round(database.stat().st_size / 1e6)
    _say("Writing the same rows by bare sqlite3 …")
    figures.bare_rate = round(
        bare.rate(database, home / "bare.sqlite3", messages=options.count, group=GROUP)
    )
    figures.ratio = round(figures.rate / figures.bare_rate, 2)
    return figures


def _bring(figures: Figures, step: int) -> None:
    from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
    from wiredesk.wire.actions.receive import Payload
    from wiredesk.wire.pace import Pace

    feed = ensure_builtin_feed()
    pace = Pace()
    source = copy.messages(figures.count)
    done = 0
    with ThreadPoolExecutor(1) as receiver:
        while batch := list(itertools.islice(source, step)):
            payloads = [Payload(raw) for raw in batch]  # made before the clock runs
            began, processor = time.perf_counter(), time.process_time()
            take_all(receiver.submit(receive_all, feed, payloads), pace)
            seconds = time.perf_counter() - began
            processor = time.process_time() - processor
            figures.processor_seconds += processor
            done += len(batch)
            figures.seconds += seconds
            line: dict[str, float] = {
                "messages": done,
                "rate": round(len(batch) / seconds),
                "processor": round(len(batch) / processor),
                "group": pace.size,
            }
            figures.steps.append(line)
            _say(
                "{messages:>8,} messages   {rate:>6,}/s   {processor:>6,} a processor "
                "second   group {group}".format(**line)
            )
    figures.rate = round(figures.count / figures.seconds)
    figures.processor_seconds = round(figures.processor_seconds, 1)
    figures.seconds = round(figures.seconds, 1)


def receive_all(feed: Feed, payloads: list[Payload]) -> None:
    """Receive beside the worker, as a site does; all on the same core."""
    from django.db import connection

    from wiredesk.wire.actions.receive import receive

    for start in range(0, len(payloads), GROUP):
        receive(feed=feed, payloads=payloads[start : start + GROUP], transport="bench")
    connection.close()


def take_all(received: Future[None], pace: Pace) -> None:
    from wiredesk.wire.actions.take import take_waiting

    while True:
        was_last = received.done()  # asked first: what came until then is taken
        if not take_waiting(pace=pace, worker="bench"):
            if was_last:
                break
            time.sleep(0.002)
    received.result()


def _check(figures: Figures) -> None:
    """See that what was measured really is live: the ledger, the gate, the search."""
    from wiredesk.stories.models import Story
    from wiredesk.wire.queries import ledger

    sums = ledger()
    figures.adds_up = sums.adds_up and sums.delivered == figures.count
    figures.outcomes = {name: n for name, n in sums.outcomes.items() if n}
    figures.live = Story.objects.all().public().count()
    figures.found_by_search = _search("cannery")


def _search(words: str) -> int:
    from wiredesk.delivery.models import SearchEntry

    return SearchEntry.objects.filter(body__contains=words).count()


def _start_other(database: Path, cores: set[int]) -> subprocess.Popen[str]:
    from django.conf import settings

    as_we_do = settings.DATABASES["default"]["OPTIONS"]["init_command"]
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.other_writer", str(database), as_we_do],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )


def machine() -> str:
    """Say what machine this is, for the record."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _in_words(figures: Figures) -> str:
    waits = figures.other_writer
    lines = [
        f"{figures.count:,} messages in {figures.seconds} s: {figures.rate:,}/s on one "
        f"core, which worked {figures.processor_seconds} s of it",
        f"bare sqlite3 with the same rows: {figures.bare_rate:,}/s; ratio {figures.ratio}",
        f"live {figures.live:,}; ledger {'adds up' if figures.adds_up else 'DOES NOT ADD UP'}"
        f" {figures.outcomes}; database {figures.database_mb:,} MB",
    ]
    if waits:
        lines.append(
            f"another writer's {waits['commits']:,} commits waited p50 {waits['p50']} ms, "
            f"p99 {waits['p99']} ms, max {waits['max']} ms"
        )
    return "\n".join(lines)


def _record(figures: Figures) -> None:
    steps = ", ".join(f"{line['rate']:,.0f}" for line in figures.steps)
    text = (
        f"\n### {figures.date}: wire, {figures.count:,} NewsML-G2 messages\n\n"
        f"{figures.machine}; SQLite at synchronous=FULL.\n\n"
        f"```\n{_in_words(figures)}\nrate by step: {steps}\n```\n"
    )
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(text)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
