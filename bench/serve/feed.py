"""The wire while pages are asked for: new stories, some of them killed, and a checker.

``python -m bench.serve.feed HOME SECONDS`` puts messages into the site's inbox, most of
them new stories and one a second a kill of an earlier one.
``python -m bench.serve.checking HOME PORT PIDS`` looks whether a killed one is ever seen.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.workers import web_processes

from bench.serve.load import CLIENT_CORE
from bench.serve.servers import Server, pinned

RATE = 50  # messages a second
GUID = "urn:bench:wired:"
_VICTIM = 1  # of each second's stories the one that is killed later
OLD_ENOUGH = 3  # seconds after which a story is killed
PROVED = 300  # seconds in which the kills' last surface is proved
UNPROVED = """
SELECT count(*) FROM delivery_withdrawal WHERE ended_at IS NULL AND confirmed_at IS NULL
"""


@dataclass
class Seen:
    """What the checker saw: kills it looked at, answers it had, stale ones of them."""

    kills: int = 0
    answers: int = 0
    stale: int = 0


@contextmanager
def wire(server: Server) -> Iterator[Seen]:
    """Bring messages and kills to a running site, and check what became of each."""
    assert server.site is not None
    seen, home = Seen(), str(server.site.home)
    pids = ",".join(str(pid) for pid in web_processes(server.site))
    with pinned(CLIENT_CORE):
        checking = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.serve.checking",
                home,
                str(server.port),
                pids,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        feeding = subprocess.Popen(
            [sys.executable, "-m", "bench.serve.feed", home], stdin=subprocess.PIPE
        )
    try:
        time.sleep(2 * OLD_ENOUGH)  # so that kills come, too, when measuring begins
        yield seen
    finally:
        feeding.communicate()
        time.sleep(2)  # what was sent last is taken
        wait_until_proved(server.site.home)
        said, _ = checking.communicate()
        found = json.loads(said)
        seen.kills, seen.answers = found["kills"], found["answers"]
        seen.stale = found["stale"]


def wait_until_proved(home: Path) -> None:
    """Wait, so that what is measured next has the core for itself."""
    until = time.monotonic() + PROVED
    place = f"file:{home / 'wiredesk.sqlite3'}?mode=ro"
    with contextlib.closing(sqlite3.connect(place, uri=True, timeout=30)) as database:
        while database.execute(UNPROVED).fetchone()[0]:
            if time.monotonic() > until:
                raise SystemExit(f"The kills' surfaces aren't proved after {PROVED} s.")
            time.sleep(0.5)


def main() -> None:
    """Send until the input ends."""
    import select

    inbox = Path(sys.argv[1]) / "inbox" / "direct"
    inbox.mkdir(parents=True, exist_ok=True)
    run, number, began = time.time_ns(), 0, time.monotonic()
    stories: list[tuple[float, int]] = []
    while not select.select([sys.stdin], [], [], 0)[0]:
        second = int(time.monotonic() - began)
        if number % RATE == 0 and stories and second - stories[0][0] >= OLD_ENOUGH:
            _put(inbox, run, number, stories.pop(0)[1], killed=True)
        else:
            if number % RATE == _VICTIM:
                stories.append((second, number))
            _put(inbox, run, number, number, killed=False)
        number += 1
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))


def will_be_killed(guid: str) -> bool:
    """Tell whether a kill of the story follows: one a second."""
    return int(guid.rpartition(":")[2]) % RATE == _VICTIM


def _put(inbox: Path, run: int, number: int, story: int, *, killed: bool) -> None:
    text = json.dumps(
        {
            "uri": f"{GUID}{run}:{story}",
            "type": "text",
            "version": "2" if killed else "1",
            "pubstatus": "canceled" if killed else "usable",
            "headline": f"Lower Tarn hears brought case {run}-{story:06}",
            "body_text": "The hearing of the ferry case goes on. " * 60,
            "subject": [{"code": "medtop:11000000"}],
        }
    )
    part = inbox / f".{number}.part"
    part.write_text(text, encoding="utf-8")
    part.rename(inbox / f"{run}-{number}.json")


if __name__ == "__main__":
    main()
