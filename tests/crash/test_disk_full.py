from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.crash.conftest import Tell
from tests.crash.copy import Delivery, Item, delivery
from tests.crash.proof import (
    assert_originals_are_there,
    assert_stories_stand_right,
    assert_the_books_are_whole,
)
from tests.crash.sites import Killable, running, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

MB = 1024 * 1024


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """Put a disk of ``size`` bytes at ``place``; skip by name where that isn't allowed."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place],
            check=False,
            capture_output=True,
        )
        if sys.platform == "linux" and os.geteuid() == 0
        else None
    )
    if mounted is None or mounted.returncode:
        pytest.skip("needs leave to mount a small disk; run it as root on Linux")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(place: Path, *, leave: int = 0) -> Path:
    """Fill the disk but for ``leave`` bytes; gives the file to remove again."""
    filler = place / ".filler"
    with filler.open("wb", buffering=0) as file:
        left = shutil.disk_usage(place).free - leave
        try:
            while left > 0:
                left -= file.write(bytes(min(left, 65536)))
        except OSError:
            pass  # that was the last byte
    return filler


def is_accepted(site: Killable, one: Delivery) -> bool:
    return site.push(one.raw).status_code == 202


def copy(number: int) -> Delivery:
    return delivery(Item(f"urn:x:osk:full-{number}", 1), name=f"full-{number}.xml")


def assert_all_went_on(site: Killable, sent: list[Delivery], freed: float) -> float:
    """Everything is taken and right; gives the seconds since ``freed`` that it took."""
    site.drain()
    took = time.monotonic() - freed
    assert_stories_stand_right(site, (i for one in sent for i in one.items))
    assert_originals_are_there(site, (one.raw for one in sent))
    assert_the_books_are_whole(site)
    wait_until(
        lambda: not site.rows("SELECT key FROM logbook_alarm WHERE cleared_at IS NULL"),
        40,
        "an alarm stays open",
    )
    return took


def test_without_room_for_originals_nothing_is_accepted_and_nothing_is_lost(
    home: Path, tmp_path: Path, tell: Tell
) -> None:
    with small_disk(home / "originals", MB) as disk, running(home) as site:
        kept, refused, dropped, taken = map(copy, range(4))
        assert site.push(kept.raw).status_code == 202
        site.drain()
        filler = fill(disk)

        answer = site.push(refused.raw)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "no room" in answer.json()["error"]

        site.drop(dropped.name, dropped.raw)
        file = tmp_path / taken.name
        file.write_bytes(taken.raw)
        done = site.site.run("wire", "take", str(file), check=False)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1, done.stderr
        assert "No space left on device" in done.stderr

        wait_until(
            lambda: site.rows("SELECT key FROM logbook_alarm WHERE cleared_at IS NULL"),
            20,
            "the desk isn't told",
        )
        assert site.site.get("/").status_code == 200
        assert site.site.get("/readyz").json()["disk"] is False
        assert not (site.inbox / "done" / dropped.name).exists()
        assert not (site.inbox / "set-aside" / dropped.name).exists()

        filler.unlink()
        freed = time.monotonic()
        assert site.push(refused.raw).status_code == 202
        site.site.run("wire", "take", "--feed", "direct", str(file))
        took = assert_all_went_on(site, [kept, refused, dropped, taken], freed)
        tell(f"originals: all was taken {took:.1f} s after there was room")


def test_without_room_for_what_is_being_sent_the_sender_hears_it_and_sends_again(
    made: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(made, tmp_path / "home"))
    log = tmp_path / "access.log"
    long = copy(3000).raw + b" " * (3 * MB)  # more than is gathered in memory
    with (
        small_disk(tmp_path / "meanwhile", 8 * MB) as disk,
        running(
            home,
            settings={"TMPDIR": str(disk), "WIREDESK_ACCESS_LOG": str(log)},
        ) as site,
    ):
        filler = fill(disk, leave=MB)
        answer = site.push(long)
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert "no room" in answer.json()["error"]
        assert site.push(copy(3001).raw).status_code == 202
        assert site.site.get("/").status_code == 200
        filler.unlink()
        assert site.push(long).status_code == 202
        site.drain()
        page = site.page_of("urn:x:osk:full-3000")
        assert site.site.get(page).status_code == 200
        logged = re.compile(r'"POST /wire/\S+ HTTP/1.1" (\d+) ')

        def statuses() -> list[str]:
            lines = log.read_text(encoding="utf-8") if log.exists() else ""
            return logged.findall(lines)

        wait_until(lambda: len(statuses()) == 3, 10, "a push has no line in the log")
        assert statuses() == ["503", "202", "202"]


def test_with_the_databases_disk_full_readers_are_served_and_all_goes_on(
    made: Path, tmp_path: Path, tell: Tell
) -> None:
    with small_disk(tmp_path / "disk", 96 * MB) as disk:
        home = Path(shutil.copytree(made, disk / "home"))
        with running(home) as site:
            first = copy(1000)
            assert site.push(first.raw).status_code == 202
            site.drain()
            filler = fill(disk, leave=600_000)
            accepted, refused = push_until_refused(site)
            assert refused
            assert site.site.get("/").status_code == 200
            page = site.page_of(first.items[0].guid)
            assert first.items[0].headline in site.site.get(page).text
            # Full for longer than a claim lasts would be if its worker were dead.
            time.sleep(8)
            assert site.site.get("/").status_code == 200
            assert site.site.get("/healthz").status_code == 200
            assert site.site.process.poll() is None

            filler.unlink()
            freed = time.monotonic()
            for one in refused:
                wait_until(partial(is_accepted, site, one), 30, "still refused")
            took = assert_all_went_on(site, [first, *accepted, *refused], freed)
            assert (
                site.rows("SELECT name FROM wire_delivery WHERE state = 'set-aside'")
                == []
            )
            tell(
                f"database: {len(accepted)} accepted before it was full; all was taken "
                f"{took:.1f} s after there was room"
            )


def push_until_refused(site: Killable) -> tuple[list[Delivery], list[Delivery]]:
    """Push until a few were refused in a row; each answer is 202 or a clear 503."""
    accepted: list[Delivery] = []
    refused: list[Delivery] = []
    in_a_row = 0
    for number in range(2000):
        one = copy(2000 + number)
        answer: httpx.Response = site.push(one.raw)
        assert answer.status_code in {202, 503}, answer.text
        if answer.status_code == 202:
            accepted.append(one)
            in_a_row = 0
            continue
        assert "Retry-After" in answer.headers
        refused.append(one)
        in_a_row += 1
        if in_a_row == 5:
            break
    return accepted, refused
