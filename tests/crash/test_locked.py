from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.conftest import Tell
from tests.crash.copy import Delivery, Item, delivery
from tests.crash.proof import assert_stories_stand_right, assert_the_books_are_whole
from tests.crash.sites import NEWEST, Killable, running, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

LOCKED = 32.0  # seconds: longer than anybody waits for the database
PUSHES = 8  # at once: more than one kind of request has threads
PAGE = 3.0  # seconds a reader may wait meanwhile, on a machine that does much else

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


def copy(number: int) -> Delivery:
    return delivery(Item(f"urn:x:osk:locked-{number}", 1), name=f"locked-{number}.xml")


def push(site: Killable, one: Delivery) -> tuple[int, float, bool]:
    began = time.monotonic()
    answer = site.push(one.raw, timeout=90)
    took = time.monotonic() - began
    return answer.status_code, took, "Retry-After" in answer.headers


def test_a_locked_database_delays_writers_and_no_reader(home: Path, tell: Tell) -> None:
    with running(home) as site:
        first = copy(0)
        assert site.push(first.raw).status_code == 202
        site.drain()
        before = site.children()
        pushed = [copy(number) for number in range(1, PUSHES + 1)]
        dropped = copy(PUSHES + 1)
        with (
            ThreadPoolExecutor(PUSHES) as threads,
            subprocess.Popen(
                [sys.executable, "-c", HOLD, home / "wiredesk.sqlite3", str(LOCKED)],
                stdout=subprocess.PIPE,
            ) as holder,
        ):
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"locked\n"
            answers = [threads.submit(push, site, one) for one in pushed]
            site.drop(dropped.name, dropped.raw)
            slowest = slowest_page_while(site, holder, first)
            assert holder.wait() == 0
            unlocked = time.monotonic()
            told = [answer.result() for answer in answers]
        assert slowest < PAGE
        assert {status for status, _, _ in told} <= {202, 503}
        assert all(again for status, _, again in told if status == 503)
        for (status, _, _), one in zip(told, pushed, strict=True):
            if status != 202:
                assert site.push(one.raw).status_code == 202
        site.drain()
        took = time.monotonic() - unlocked
        assert site.children() == before, site.output
        wait_until(lambda: site.site.get("/readyz").status_code == 200, 10)
        keys = [key for (key,) in site.rows("SELECT key FROM logbook_alarm")]
        assert keys == []
        items = [item for one in (first, *pushed, dropped) for item in one.items]
        assert_stories_stand_right(site, items)
        assert_the_books_are_whole(site)
        tell(
            f"locked for {LOCKED:g} s: slowest page {slowest:.2f} s; pushes "
            f"{sorted((status, round(wait, 1)) for status, wait, _ in told)}; "
            f"all taken {took:.1f} s after"
        )


def slowest_page_while(
    site: Killable, holder: subprocess.Popen[bytes], story: Delivery
) -> float:
    """Read pages until the holder ends; gives the seconds of the slowest answer."""
    slowest = 0.0
    headline = story.items[0].headline
    page = site.page_of(story.items[0].guid)
    while holder.poll() is None:
        for path in (page, NEWEST, "/search/?q=harbour"):
            began = time.monotonic()
            answer = site.site.get(path)
            slowest = max(slowest, time.monotonic() - began)
            assert answer.status_code == 200
            assert headline in answer.text or page in answer.text
        time.sleep(0.2)
    return slowest
