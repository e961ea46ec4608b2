"""A clock set back an hour: the same as every time written down lying an hour ahead.

So the rows are moved and the clock of the machine, and of all else on it, is left alone.
The logbook keeps its times, which are chained.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crash.conftest import Tell
from tests.crash.copy import Item, delivery, news_item
from tests.crash.proof import assert_the_books_are_whole
from tests.crash.sites import NEWEST, Killable, running, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

HOUR = 3600
LIFE = 6  # seconds until the story with an end is past
PARTS = ("wire_", "stories_", "delivery_", "django_tasks_")


def set_back(site: Killable) -> None:
    """Move every time the site wrote down an hour ahead."""
    with (
        closing(
            sqlite3.connect(site.home / "wiredesk.sqlite3", timeout=30)
        ) as database,
        database,
    ):
        database.execute("BEGIN IMMEDIATE")
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            if table.startswith(PARTS):
                _move(database, table)
    beat = next((site.home / "run").glob("*beat*"))
    os.utime(beat, (time.time() + HOUR, time.time() + HOUR))


def _move(database: sqlite3.Connection, table: str) -> None:
    for _, column, kind, *_ in database.execute(f"PRAGMA table_info({table})"):
        if kind == "datetime":
            database.execute(
                f"UPDATE {table} SET {column} ="  # noqa: S608  (names of our own tables)
                f" strftime('%Y-%m-%d %H:%M:%f', {column}, '+1 hour')"
                f" WHERE {column} IS NOT NULL"
            )


def expiring(item: Item) -> bytes:
    end = datetime.fromtimestamp(time.time() + LIFE, tz=UTC).isoformat("T", "seconds")
    status = '<pubStatus qcode="stat:usable"/>'
    return news_item(item).replace(status, f"{status}<expires>{end}</expires>").encode()


def sent(site: Killable, raw: bytes) -> None:
    assert site.push(raw).status_code == 202
    site.drain(30)


def test_a_clock_set_back_an_hour_revives_nothing_and_stops_nothing(
    home: Path, tell: Tell
) -> None:
    stays, ends, killed, later = (
        Item(f"urn:x:osk:{name}", 1) for name in ("stays", "ends", "killed", "later")
    )
    with running(home) as site:
        sent(site, news_item(stays).encode())
        sent(site, news_item(killed).encode())
        sent(site, expiring(ends))
        assert site.site.get(site.page_of(ends.guid)).status_code == 200
        sent(site, news_item(Item(killed.guid, 2, is_kill=True)).encode())
        wait_until(
            lambda: site.rows(
                "SELECT 1 FROM stories_storystanding WHERE expired_at IS NOT NULL"
            ),
            30,
            "nobody wrote down that it expired",
        )
        assert site.site.get(site.page_of(ends.guid)).status_code == 410
        before = site.children()
        set_back(site)
        began = time.monotonic()
        sent(site, news_item(later).encode())
        took = time.monotonic() - began
        newer = Item(stays.guid, 2)
        site.drop("newer.xml", delivery(newer).raw)
        site.drain(30)

        assert site.site.get(site.page_of(ends.guid)).status_code == 410
        assert site.site.get(site.page_of(killed.guid)).status_code == 410
        assert newer.headline in site.site.get(site.page_of(stays.guid)).text
        assert later.headline in site.site.get(site.page_of(later.guid)).text
        newest = site.site.get(NEWEST).text
        assert newer.headline in newest
        assert later.headline in newest
        assert ends.headline not in newest
        assert killed.headline not in newest
        wait_until(lambda: site.site.get("/readyz").json()["worker"], 20)
        assert site.children() == before
        assert "Traceback" not in site.output
        assert_the_books_are_whole(site)
        tell(f"clock set back an hour: the next story was live after {took:.1f} s")


def test_a_claim_from_before_the_clock_was_set_back_keeps_nothing_waiting(
    home: Path,
) -> None:
    guid = "urn:x:osk:claimed"
    with running(home) as site:
        site.stop()
        # Somebody on another machine claimed it at a time that is now to come.
        site.site.python(
            "from datetime import timedelta\n"
            "from django.utils.timezone import now\n"
            "from wiredesk.wire.actions.receive import Payload, receive\n"
            "from wiredesk.wire.models import Delivery, Feed\n"
            f"raw = {news_item(Item(guid, 1)).encode()!r}\n"
            "feed = Feed.objects.get(slug='direct')\n"
            "receive(feed=feed, payloads=[Payload(raw)], transport='push')\n"
            "Delivery.objects.filter(state='waiting').update("
            "claimed_by='elsewhere:1:x', attempts=1,"
            " claimed_at=now() + timedelta(hours=1))"
        )
        site.restart()
        site.drain(20)
        assert site.page_of(guid)
