"""The worker as a process of its own, on a database file of its own."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import prepared
from tests.lib.web_server import Reply, WebServer
from tests.wire.pipeline import news_item, news_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]
_PREPARE = """
from wiredesk.config.boot import set_up
set_up()
from wiredesk.config.server.prepare import prepare_data
prepare_data(print)
from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
ensure_builtin_feed()
"""
_RUN = """
from wiredesk.config.boot import set_up
set_up()
import signal, threading
from wiredesk.wire import worker
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
worker.run(stop)
"""


class Desk:
    """A data folder, a worker on it, and a look into its database."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.environment = {
            **os.environ,
            "WIREDESK_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "wiredesk.config.settings.site",
            **settings,
        }
        self.inbox = home / "inbox" / "direct"
        self.process: subprocess.Popen[bytes] | None = None

    def python(self, code: str) -> None:
        subprocess.run(
            [sys.executable, "-c", code], env=self.environment, cwd=ROOT, check=True
        )

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _RUN], env=self.environment, cwd=ROOT
        )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        if self.process is None or self.process.poll() is not None:
            return -1
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        path = f"file:{self.home / 'wiredesk.sqlite3'}?mode=ro"
        connection = sqlite3.connect(path, uri=True, timeout=30)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def count(self, rest: str) -> int:
        return int(str(self.ask(f"SELECT count(*) FROM {rest}")[0][0]))  # noqa: S608

    def has_more_receipts(self, before: int) -> bool:
        return self.count("wire_receipt") > before

    def drop(self, name: str, raw: bytes) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        (self.inbox / f".{name}").write_bytes(raw)
        (self.inbox / f".{name}").rename(self.inbox / name)


def until(condition: Callable[[], bool], seconds: float) -> float:
    """Wait for the condition; gives the seconds it took, or fails."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            pytest.fail(f"not so within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    prepared.furnish(home, {})
    Desk(home).python(_PREPARE)
    return home


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Desk]:
    home = tmp_path / "home"
    shutil.copytree(made, home)
    desk = Desk(home, WIREDESK_TRUSTED_HOSTS="localhost")
    yield desk
    if desk.process is not None and desk.process.poll() is None:
        desk.kill()


def test_a_file_copied_in_is_published_in_under_two_seconds(desk: Desk) -> None:
    desk.start()
    until(desk.inbox.is_dir, 20)
    desk.drop("first.xml", news_item("warm-up"))
    until(lambda: desk.count("wire_ledgerline") == 1, 20)
    desk.drop("second.xml", news_item("b"))
    assert until(lambda: desk.count("wire_ledgerline") == 2, 10) < 2
    until((desk.inbox / "done" / "second.xml").exists, 3)
    assert desk.ask("SELECT DISTINCT outcome FROM wire_ledgerline") == [("published",)]
    assert desk.stop() == 0


def test_killed_at_any_moment_nothing_is_lost_or_doubled(desk: Desk) -> None:
    files, items_each = 40, 5
    for number in range(files):
        items = [news_item(f"g{number}-{n}") for n in range(items_each)]
        desk.drop(f"{number}.xml", news_message(items))
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(4):
        desk.start()
        before = desk.count("wire_receipt")
        until(partial(desk.has_more_receipts, before), 30)
        time.sleep(chance.random() * 0.4)
        desk.kill()
        if desk.count("wire_receipt") == files:
            break
    desk.start()
    total = files * items_each
    # A dead worker's claim is taken over after half a minute.
    until(lambda: desk.count("wire_ledgerline") >= total, 90)
    # The folder is only made when the first file goes there.
    until(lambda: len(list((desk.inbox / "done").glob("*"))) == files, 10)
    assert desk.stop() == 0
    assert desk.count("wire_ledgerline") == total
    assert desk.count("wire_message") == total
    assert desk.count("wire_receipt") == files
    assert desk.count("wire_delivery WHERE state = 'taken'") == files
    assert desk.ask("SELECT sum(items) FROM wire_receipt") == [(total,)]
    assert desk.count("stories_story") == total


def test_a_locked_database_is_waited_for(desk: Desk) -> None:
    desk.start()
    desk.drop("a.xml", news_item("a"))
    until(lambda: desk.count("wire_ledgerline") == 1, 30)
    lock = sqlite3.connect(desk.home / "wiredesk.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    desk.drop("b.xml", news_item("b"))
    time.sleep(4)
    assert desk.count("wire_ledgerline") == 1
    lock.execute("ROLLBACK")
    lock.close()
    until(lambda: desk.count("wire_ledgerline") == 2, 10)
    assert desk.stop() == 0


def test_a_slow_server_delays_nobody(desk: Desk) -> None:
    server = WebServer()
    server.replies["/slow"] = Reply(
        pieces=[b"x"] * 99, before_each=lambda: time.sleep(1)
    )
    desk.python(
        f"{_PREPARE}\nfrom wiredesk.wire.models import Feed\n"
        "Feed.objects.create(name='Slow', slug='slow', source='slow', "
        f"transport='poll', address={server.address('/slow')!r})"
    )
    desk.start()
    until(lambda: bool(server.asked), 20)
    desk.drop("kill.xml", news_item("a", status="canceled"))
    assert until(lambda: desk.count("wire_ledgerline") == 1, 10) < 3
    server.close()


def test_the_logbook_is_sealed_while_it_works(desk: Desk) -> None:
    desk.start()
    desk.drop("a.xml", news_item("a"))
    until(lambda: desk.count("wire_ledgerline") == 1, 30)
    entries = "(SELECT max(id) FROM logbook_entry)"
    until(lambda: desk.count(f"logbook_seal WHERE last = {entries}") == 1, 5)
