"""The kill drill on a running site with a real Varnish in front, under readers."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from bench.readers import readers

from tests import live, prepared
from tests.delivery.cached_site import Cached, cached_site

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cached]:
    with cached_site(tmp_path_factory.mktemp("cached")) as running:
        yield running


def story(uri: str, **fields: object) -> str:
    return json.dumps(
        {
            "uri": uri,
            "type": "text",
            "version": "1",
            "pubstatus": "usable",
            "headline": "Pilot boat sold to the island's school of sailing",
            "body_text": "The pilot boat goes to the school for one crown, it said.",
            **fields,
        }
    )


def take(cached: Cached, folder: Path, text: str) -> dict[str, str]:
    file = folder / "item.json"
    file.write_text(text)
    done = cached.site.run("wire", "take", str(file), "--json")
    told: dict[str, str] = json.loads(done.stdout)
    return told


def kept(cached: Cached, path: str) -> httpx.Response:
    """Ask until Varnish has it: what the new story changed is purged meanwhile."""
    until = time.monotonic() + 20
    while (answer := cached.get(path)).headers["x-cache"] != "hit":
        assert time.monotonic() < until, f"{path} is never kept"
    return answer


def test_varnish_keeps_pages_for_readers_and_tells_browsers_to_ask(
    cached: Cached, tmp_path: Path
) -> None:
    take(cached, tmp_path, story("urn:drill-test:kept"))
    again = kept(cached, "/")
    assert again.headers["cache-control"] == "no-cache"
    assert "surrogate-key" not in again.headers
    assert "surrogate-control" not in again.headers
    assert cached.get("/search/?q=boat").headers["x-cache"] == "miss"
    assert cached.get("/search/?q=boat").headers["x-cache"] == "miss"


def test_nobody_else_may_tell_varnish_what_to_drop_and_nothing_but_keys(
    cached: Cached,
) -> None:
    for keys in ("", "story-1|.*", "STORY-1", 'a" || true'):
        answer = httpx.request("BAN", cached.address, headers={"Surrogate-Keys": keys})
        assert answer.status_code == 400, keys


def test_a_kill_is_gone_from_varnish_though_it_was_to_be_kept_for_minutes(
    cached: Cached, tmp_path: Path
) -> None:
    uri = "urn:drill-test:killed"
    path = urlsplit(take(cached, tmp_path, story(uri))["url"]).path
    assert kept(cached, path).status_code == 200
    assert path in cached.get("/").text
    take(cached, tmp_path, story(uri, version="2", pubstatus="canceled"))
    end = time.monotonic() + 5
    while cached.get(path).status_code != 410 and time.monotonic() < end:
        time.sleep(0.02)
    answer = cached.get(path)
    assert answer.status_code == 410
    assert answer.headers["cache-control"] == "no-store"
    assert "pilot boat" not in answer.text.lower()
    assert path not in cached.get("/").text


def test_a_drill_under_readers_is_gone_everywhere_in_time_and_certified(
    cached: Cached,
) -> None:
    paths = ["/", "/politics/", "/feed.rss", "/search/?q=boat"]
    with readers(
        [cached.address, cached.site.url], paths=paths, count=4, host=cached.host
    ) as seen:
        done = cached.site.run("kill", "drill", "--json", check=False)
    told = json.loads(done.stdout)
    late = [each for each in told["surfaces"] if not each["within"]]
    assert done.returncode == 0, late or done.stderr
    assert told["passed"] is True
    names = {each["surface"] for each in told["surfaces"]}
    assert {"story page", "front", "section", "topic", "author", "search"} <= names
    assert {"site rss", "site atom", "site json", "pictures"} <= names
    assert {each["via"] for each in told["surfaces"]} == {"origin", "cache"}
    assert seen.pages > 20
    assert seen.failures == 0
    assert cached.get(told["path"]).status_code == 410
    written = cached.site.run("kill", "certificate", told["guid"], "--json")
    certificate = json.loads(written.stdout)
    assert certificate["withdrawal"]["gone_at"]
    assert {each["via"] for each in certificate["surfaces"]} == {"origin", "cache"}
    assert any(purge["done_at"] for purge in certificate["purges"])


def test_a_guid_never_heard_of_or_not_withdrawn_has_no_certificate(
    cached: Cached, tmp_path: Path
) -> None:
    unheard = cached.site.run("kill", "certificate", "urn:nobody:1", check=False)
    assert unheard.returncode == 1
    assert "never heard of" in unheard.stderr
    take(cached, tmp_path, story("urn:drill-test:live"))
    live_one = cached.site.run(
        "kill", "certificate", "urn:drill-test:live", check=False
    )
    assert live_one.returncode == 1
    assert "not withdrawn" in live_one.stderr


def test_a_certificate_is_written_to_a_file_as_a_page(
    cached: Cached, tmp_path: Path
) -> None:
    uri = "urn:drill-test:paper"
    take(cached, tmp_path, story(uri))
    take(cached, tmp_path, story(uri, version="2", pubstatus="canceled"))
    target = tmp_path / "certificate.html"
    cached.site.run("kill", "certificate", uri, "--to", str(target))
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_drill_where_no_site_runs_says_so_and_publishes_nothing(
    tmp_path: Path,
) -> None:
    environment = live.environment_of(tmp_path, live.free_port(), {})
    prepared.furnish(tmp_path, environment)
    done = subprocess.run(
        [*live.command(), "kill", "drill"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "origin" in done.stderr
    with closing(sqlite3.connect(tmp_path / "wiredesk.sqlite3")) as database:
        rows = database.execute("SELECT COUNT(*) FROM wire_delivery").fetchone()
    assert rows == (0,)
