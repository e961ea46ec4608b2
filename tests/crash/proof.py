"""What must hold after anything: nothing lost, nothing doubled, everything as it says."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from tests import live
from tests.crash.copy import Item, expected
from tests.crash.feeding import Senders, sha256
from tests.crash.sites import Killable, wait_until

HOUR = 3600


def assert_the_books_are_whole(site: Killable) -> None:
    """Every delivered item has one outcome, the logbook and the database are sound."""
    assert site.ledger()["waiting"] == 0
    verified = site.site.run("logbook", "verify", check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert site.rows("PRAGMA integrity_check") == [("ok",)]
    assert site.rows("PRAGMA foreign_key_check") == []
    several = site.rows(
        "SELECT receipt_id, ordinal, count(*) FROM wire_ledgerline"
        " GROUP BY receipt_id, ordinal HAVING count(*) > 1"
    )
    assert several == []


def assert_originals_are_there(site: Killable, raws: Iterable[bytes]) -> None:
    """Each delivery's bytes lie under their own digest."""
    folder = site.home / "originals"
    for raw in raws:
        digest = sha256(raw)
        assert (folder / digest[:2] / digest).read_bytes() == raw
    for (digest,) in site.rows("SELECT DISTINCT sha256 FROM wire_delivery"):
        kept = (folder / digest[:2] / digest).read_bytes()
        assert sha256(kept) == digest


def assert_nothing_unfinished_grows(site: Killable) -> int:
    """What crashes left half-written goes once it is old; gives how many files it was."""
    left = temporaries(site)
    for path in left:
        os.utime(path, (time.time() - 2 * HOUR, time.time() - 2 * HOUR))
    site.kill("worker")  # a new one looks at once
    wait_until(lambda: not temporaries(site), 60, "unfinished files stay")
    return len(left)


def temporaries(site: Killable) -> list[str]:
    """Give what unfinished writing left in the folder of the originals."""
    folder = site.home / "originals"
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and len(path.name) != 64
    ]


def assert_stories_stand_right(site: Killable, items: Iterable[Item]) -> int:
    """Each story is there once and stands where the set of its messages says."""
    found: dict[str, list[tuple[str, str]]] = {}
    for guid, state, headline in site.rows(
        "SELECT i.guid, s.state, y.headline FROM stories_storyidentity i"
        " JOIN stories_storystanding s ON s.story_id = i.story_id"
        " JOIN stories_story y ON y.id = i.story_id"
    ):
        found.setdefault(guid, []).append((state, headline))
    wanted = expected(items)
    wrong = []
    for story in wanted:
        stands = found.get(story.guid, [])
        is_right = [state for state, _ in stands] == [story.state] and (
            story.state != "live" or stands[0][1] == story.shows.headline
        )
        if not is_right:
            wrong.append((story, stands))
    assert wrong == []
    return len(wanted)


def assert_the_public_sees_it(site: Killable, items: Iterable[Item]) -> None:
    """Fetch some stories as a reader does: the newest version, or none."""
    for story in expected(items):
        told = json.loads(site.site.run("wire", "status", "--json", story.guid).stdout)
        assert told["standing"] == story.state
        if story.state == "live":
            path = told["url"].removeprefix(site.site.url)
            answer = site.site.get(path)
            assert answer.status_code == 200
            assert story.shows.headline in answer.text
        elif told["url"]:
            path = told["url"].removeprefix(site.site.url)
            assert site.site.get(path).status_code in {404, 410}


def assert_made_anew_it_is_the_same(site: Killable, made: Path, place: Path) -> float:
    """What stands is what follows from what came in; gives the seconds it took.

    So nothing that was started is half done: a row written without what it leads to, or
    the other way round, would differ.
    """
    into = place / "anew.sqlite3"
    with (
        closing(sqlite3.connect(made / "wiredesk.sqlite3")) as old,
        closing(sqlite3.connect(into)) as new,
    ):
        old.backup(new)  # tables, and nothing in those that a replay fills
    done = subprocess.run(
        [*live.command(), "replay", "--into", into, "--without-pages", "--json"],
        env=site.site.environment,
        capture_output=True,
        check=False,
    )
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told["differences"] == []
    assert (told["same"], told["missing"], done.returncode) == (True, 0, 0)
    return float(told["seconds"])


def assert_nothing_sent_is_lost(
    site: Killable, senders: Senders, others: Sequence[Item]
) -> None:
    """What was acknowledged, dropped or taken is there, and not more often than sent."""
    rows = site.rows("SELECT id, sha256, state FROM wire_delivery")
    known = {(pk, digest) for pk, digest, _ in rows}
    assert set(senders.acknowledged) - known == set()
    sent = {sha256(delivery.raw) for delivery in senders.all}
    assert {digest for _, digest, _ in rows} >= sent
    assert len(rows) == len({digest for _, digest, _ in rows})
    aside = site.rows(
        "SELECT name, reason FROM wire_delivery WHERE state = 'set-aside'"
    )
    assert aside == []
    _assert_each_file_once(site, senders)
    _assert_receipts_fit(site, senders, len(others))


def _assert_each_file_once(site: Killable, senders: Senders) -> None:
    done = {path.name for path in (site.inbox / "done").iterdir()}
    assert done == set(senders.dropped)
    receipts = dict(
        site.rows(
            "SELECT name, count(*) FROM wire_receipt WHERE transport = 'folder'"
            " GROUP BY name"
        )
    )
    assert receipts == dict.fromkeys(senders.dropped, 1)


def _assert_receipts_fit(site: Killable, senders: Senders, others: int) -> None:
    receipts = dict(
        site.rows(
            "SELECT d.sha256, count(*) FROM wire_receipt r"
            " JOIN wire_delivery d ON d.id = r.delivery_id GROUP BY d.sha256"
        )
    )
    for digest, attempts in senders.attempts.items():
        assert 1 <= receipts[digest] <= attempts
    messages = site.rows("SELECT count(*) FROM wire_message")[0][0]
    once = {sha256(delivery.raw): len(delivery.items) for delivery in senders.all}
    assert messages == sum(once.values()) + others
