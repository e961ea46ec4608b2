"""What the page store promises, seen over HTTP on two web processes."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from django.utils import timezone

from tests import live
from tests.http.conftest import Made
from tests.http.raw import Reader
from tests.http.sites import HOST, Station, copy_of, station, story
from tests.workers import only, paused, web_processes
from wiredesk.delivery.store.clock import Clock
from wiredesk.delivery.store.disk import Disk
from wiredesk.delivery.store.page import unpack

pytestmark = pytest.mark.processes

HERD = 50
ENCODINGS = ("identity", "gzip", "br")


@pytest.fixture(scope="module")
def pair(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Give a station of two web processes."""
    home = copy_of(made.home, tmp_path_factory.mktemp("pair") / "home")
    with station(home, WIREDESK_WORKERS="2") as running:
        running.words = dict(made.words)
        yield running


def request(path: str, encoding: str = "identity") -> bytes:
    lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}", f"Accept-Encoding: {encoding}")
    return "\r\n".join((*lines, "", "")).encode()


def warm(running: Station, *paths: str) -> None:
    """Have every web process give each page often enough to have it stored."""
    for pid in web_processes(running.site):
        with only(running.site, pid):
            for path in paths:
                for encoding in ENCODINGS * 2:
                    running.get(path, f"Accept-Encoding: {encoding}")


def answers_of_each(running: Station, path: str) -> list[tuple[int, bytes]]:
    """Give what every web process answers, in every encoding."""
    found = []
    for pid in web_processes(running.site):
        with only(running.site, pid):
            for encoding in ENCODINGS:
                answer = running.get(path, f"Accept-Encoding: {encoding}")
                found.append((answer.status, answer.decoded))
    return found


def kill(running: Station, uri: str) -> None:
    running.take(story(uri, version="9", pubstatus="canceled"))


def test_a_kill_is_gone_from_every_web_process_at_once(pair: Station) -> None:
    headline = "Ferry case of the first pair"
    (path,) = pair.take(story("urn:pair:1", headline=headline))
    lists = ("/", "/politics/", "/feed.rss")
    warm(pair, path, *lists)
    assert {status for status, _ in answers_of_each(pair, path)} == {200}
    assert all(headline.encode() in body for _, body in answers_of_each(pair, lists[1]))
    kill(pair, "urn:pair:1")
    assert {status for status, _ in answers_of_each(pair, path)} == {410}
    for each in (path, *lists):
        assert not any(
            headline.encode() in body for _, body in answers_of_each(pair, each)
        )


def test_a_process_that_slept_through_a_kill_never_gives_the_story_again(
    pair: Station,
) -> None:
    (path,) = pair.take(story("urn:pair:2", headline="Ferry case of the sleeper"))
    warm(pair, path)
    pids = web_processes(pair.site)
    with paused(*pids):
        kill(pair, "urn:pair:2")
        for sleeper in pids:
            # Nobody takes the connection but the one that is woken for it.
            reader = Reader(pair.site.port)
            reader.socket.sendall(request(path, "gzip"))
            os.kill(sleeper, signal.SIGCONT)
            answer = reader.answer()
            reader.socket.close()
            os.kill(sleeper, signal.SIGSTOP)
            assert answer is not None
            assert answer.status == 410


def test_an_update_and_a_new_story_show_on_every_process_at_once(pair: Station) -> None:
    (path,) = pair.take(story("urn:pair:3", headline="Ferry case, first words"))
    warm(pair, path, "/politics/")
    pair.take(story("urn:pair:3", version="2", headline="Ferry case, second words"))
    for each in (path, "/politics/"):
        bodies = [body for _, body in answers_of_each(pair, each)]
        assert all(b"Ferry case, second words" in body for body in bodies)
        assert not any(b"Ferry case, first words" in body for body in bodies)
    pair.take(story("urn:pair:4", headline="Ferry case, brought anew"))
    fronts = [body for _, body in answers_of_each(pair, "/politics/")]
    assert all(b"Ferry case, brought anew" in body for body in fronts)


def test_a_story_released_again_is_there_again(pair: Station) -> None:
    (path,) = pair.take(story("urn:pair:5", headline="Ferry case, to and fro"))
    warm(pair, path)
    pair.take(story("urn:pair:5", version="2", pubstatus="withheld"))
    assert {status for status, _ in answers_of_each(pair, path)} == {410}
    pair.take(story("urn:pair:5", version="3"))
    assert {status for status, _ in answers_of_each(pair, path)} == {200}


def soon(running: Station, uri: str) -> datetime:
    """Give a whole second far enough away for a story to come and be stored before."""
    began = time.monotonic()
    (path,) = running.take(story(uri))
    warm(running, path, "/politics/")
    needed = timedelta(seconds=2 * (time.monotonic() - began) + 3)
    return (timezone.now() + needed).replace(microsecond=0)


def test_an_embargo_ends_at_its_second_also_where_its_absence_was_stored(
    pair: Station,
) -> None:
    opens, headline = soon(pair, "urn:pair:6a"), "Ferry case under embargo"
    pair.take(story("urn:pair:6", headline=headline, embargoed=opens.isoformat()))
    warm(pair, "/politics/")
    asked = answers_of_each(pair, "/politics/")
    assert timezone.now() < opens, "too slow a machine for this test"
    assert not any(headline.encode() in body for _, body in asked)
    live.wait_for(lambda: timezone.now() >= opens, limit=120)
    shown = answers_of_each(pair, "/politics/")
    assert all(headline.encode() in body for _, body in shown)


def test_a_story_expires_at_its_second_while_it_is_stored(pair: Station) -> None:
    ends, headline = soon(pair, "urn:pair:7a"), "Ferry case with an end"
    (path,) = pair.take(
        story("urn:pair:7", headline=headline, expires=ends.isoformat())
    )
    warm(pair, path, "/politics/")
    asked = answers_of_each(pair, path)
    assert timezone.now() < ends, "too slow a machine for this test"
    assert {status for status, _ in asked} == {200}
    live.wait_for(lambda: timezone.now() >= ends, limit=120)
    assert {status for status, _ in answers_of_each(pair, path)} == {410}
    bodies = [body for _, body in answers_of_each(pair, "/politics/")]
    assert not any(headline.encode() in body for body in bodies)


def test_what_was_asked_for_twice_is_answered_without_django(stored: Station) -> None:
    (path,) = stored.take(story("urn:stored:1", headline="Ferry case, kept"))
    for encoding in ENCODINGS * 3:
        assert stored.get(path, f"Accept-Encoding: {encoding}").status == 200
    for also in ("?utm_source=mail", "?fbclid=1&utm_campaign=b"):
        assert stored.get(path + also).status == 200
    assert stored.reached_django(path) == 1


def test_an_address_that_leads_to_a_story_is_kept_until_the_story_changes(
    stored: Station,
) -> None:
    (path,) = stored.take(story("urn:stored:odd", headline="Ferry case by odd ways"))
    number = path.rstrip("/").rpartition("-")[2]
    ways = (path.rstrip("/"), f"/2026/1/2/words-{number}/", f"/2026/1/2/{number}")
    for way in ways:
        for encoding in ENCODINGS * 2:
            answer = stored.get(way, f"Accept-Encoding: {encoding}")
            assert (answer.status, answer.header("location")) == (301, path)
        assert stored.reached_django(way) == 1
    stored.take(story("urn:stored:odd", version="2", pubstatus="canceled"))
    for way in ways:
        for encoding in ENCODINGS:
            answer = stored.get(way, f"Accept-Encoding: {encoding}")
            assert (answer.status, answer.header("location")) == (410, None)
            assert b"odd-ways" not in answer.decoded


def test_what_was_asked_for_too_early_is_there_when_it_comes(stored: Station) -> None:
    (path,) = stored.take(story("urn:stored:before", headline="Ferry case before"))
    number = int(path.rstrip("/").rpartition("-")[2]) + 1
    ways = (
        f"/2026/1/2/words-{number}/",
        f"/2026/11/12/words-{number}",
        f"/2026/1/2/{number}",
    )
    for way in ways * 2:
        assert stored.get(way).status == 404
    (after,) = stored.take(story("urn:stored:after", headline="Ferry case after"))
    assert after.endswith(f"-{number}/")
    for way in ways:
        assert stored.get(way).header("location") == after


def test_a_herd_on_a_cold_page_renders_it_once(stored: Station) -> None:
    (path,) = stored.take(story("urn:stored:2", headline="Ferry case of the herd"))
    readers = [Reader(stored.site.port) for _ in range(HERD)]
    gate = threading.Barrier(HERD)
    bodies: list[bytes] = []

    def ask(reader: Reader) -> None:
        gate.wait()
        reader.socket.sendall(request(path))
        answer = reader.answer()
        assert answer is not None
        bodies.append(answer.body)
        reader.socket.close()

    threads = [threading.Thread(target=ask, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bodies) == HERD
    assert len(set(bodies)) == 1
    assert stored.reached_django(path) == 1


def test_a_restart_answers_from_the_second_level(made: Made, tmp_path: Path) -> None:
    home, path = copy_of(made.home, tmp_path / "home"), made.words["{story}"]
    with station(home) as first:
        for encoding in ENCODINGS * 2:
            first.get(path, f"Accept-Encoding: {encoding}")
        before = first.get(path)
    with station(home) as second:
        # A second after its start the process draws the newest story itself, for nobody.
        live.wait_for(lambda: second.reached_django(path) == 1, limit=60)
        after = second.get(path)
        assert (after.status, after.body) == (200, before.body)
        assert second.reached_django(path) == 1


def test_a_kill_while_the_site_is_down_leaves_nothing_in_the_second_level(
    made: Made, tmp_path: Path
) -> None:
    home, path = copy_of(made.home, tmp_path / "home"), made.words["{story}"]
    with station(home) as first:
        for encoding in ENCODINGS * 2:
            first.get(path, f"Accept-Encoding: {encoding}")
        before = first.get(path)
    assert before.status == 200
    kill(first, "urn:x:1")  # it needs no running site
    first.end()
    with station(home) as second:
        assert {status for status, _ in answers_of_each(second, path)} == {410}


def test_head_has_the_headers_of_get(stored: Station) -> None:
    paths = (stored.words["{story}"], "/politics/", "/feed.rss", "/nothing/")
    for path in paths:
        one = stored.get(path)
        reader = Reader(stored.site.port)
        reader.socket.sendall(request(path).replace(b"GET", b"HEAD", 1))
        other = reader.answer("HEAD")
        reader.socket.close()
        assert other is not None
        kept = [pair for pair in one.headers if pair[0] != "date"]
        assert [pair for pair in other.headers if pair[0] != "date"] == kept


def test_a_signed_in_editor_gets_the_bytes_that_all_get(stored: Station) -> None:
    said = stored.site.run("user", "create", "ines", "--role", "editor").stdout
    password = said.rpartition(" ")[2].strip()
    path = stored.words["{story}"]
    with httpx.Client(base_url=stored.site.url, headers={"Host": HOST}) as client:
        form = client.get("/desk/login/").text
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token is not None
        entered = client.post(
            "/desk/login/",
            data={
                "username": "ines",
                "password": password,
                "csrfmiddlewaretoken": token[1],
            },
            headers={"Origin": f"http://{HOST}"},
        )
        assert entered.status_code == 302
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert "sessionid" in cookies
    theirs = stored.get(path)
    mine = stored.get(path, f"Cookie: {cookies}")
    assert mine.body == theirs.body
    assert mine.header("set-cookie") is None
    assert mine.header("vary") == theirs.header("vary")


def test_a_reader_who_doesnt_read_holds_up_nobody(stored: Station) -> None:
    many = 1500
    path = stored.words["{story}"]
    slow = Reader(stored.site.port, buffer=4096)
    sender = threading.Thread(target=slow.socket.sendall, args=(request(path) * many,))
    sender.start()
    expected = stored.get(path).body
    assert expected.startswith(b"<!DOCTYPE html>")
    for _ in range(many):
        answer = slow.answer()
        assert answer is not None
        assert answer.body == expected
    sender.join()
    slow.socket.close()


def test_a_reader_who_leaves_in_the_middle_harms_nobody(stored: Station) -> None:
    path = stored.words["{story}"]
    for _ in range(10):
        leaving = Reader(stored.site.port, buffer=4096)
        leaving.socket.sendall(request(path) * 20)
        leaving.socket.close()
    assert stored.get(path).status == 200


def shows(running: Station, path: str, words: str) -> bool:
    return words.encode() in running.get(path).decoded


def test_the_worker_has_a_story_ready_as_it_is_before_anybody_asks_again(
    pair: Station,
) -> None:
    run = pair.site.home / "run" / "store"
    era, disk = Clock(run).era, Disk(run / "pages", 1)
    (path,) = pair.take(
        story("urn:pair:ahead", headline="Ferry case of the first hour")
    )
    inbox = pair.site.home / "inbox" / "direct"
    for version in range(2, 30):
        warm(pair, path)
        headline = f"Ferry case of hour {version}"
        copy = story("urn:pair:ahead", headline=headline, version=str(version))
        (inbox / f"ahead-{version}.json").write_text(copy)
        live.wait_for(partial(shows, pair, "/", headline))
        page = unpack(disk.read(HOST + path) or b"", era)
        if page is not None and headline in page.plain().decode():
            return
        time.sleep(0.5)  # the worker draws nothing in its first seconds
    pytest.fail("What the worker changed was drawn by nobody but who asked for it.")
