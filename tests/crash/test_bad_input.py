from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.conftest import Tell
from tests.crash.copy import Item, news_item
from tests.crash.hostile import (
    FORBIDDEN,
    HARMFUL,
    HARMFUL_RAW,
    JPEG,
    TWICE,
    Bad,
    bad_files,
)
from tests.crash.proof import assert_the_books_are_whole
from tests.crash.sites import NEWEST, Killable, running, wait_until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(240),
]

HUGE = 200 * 1024 * 1024
SOON = 10.0  # seconds until the next good file is live; promised are 2


@pytest.fixture(scope="module")
def site(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    import shutil

    home = Path(shutil.copytree(made, tmp_path_factory.mktemp("bad") / "home"))
    with running(home) as running_site:
        yield running_site


@pytest.fixture(autouse=True)
def _next_good_file_is_live(
    site: Killable, request: pytest.FixtureRequest, tell: Tell
) -> Iterator[None]:
    """After each test a good file comes, and the books are whole."""
    yield
    item = Item(f"urn:x:osk:good-{abs(hash(request.node.name))}", 1)
    began = time.monotonic()
    site.drop(f"{item.guid.rpartition(':')[2]}.xml", news_item(item).encode())
    while item.headline not in site.site.get(NEWEST).text:
        assert time.monotonic() - began < SOON, site.output[-3000:]
        time.sleep(0.02)
    tell(f"the next good file was live after {time.monotonic() - began:.2f} s")
    site.drain()
    assert site.site.process.poll() is None
    assert "process ended" not in site.output


def outcomes_of(site: Killable, name: str, transport: str) -> list[tuple[str, str]]:
    return [
        (str(outcome), str(reason))
        for outcome, reason in site.rows(
            "SELECT l.outcome, l.reason FROM wire_ledgerline l"
            " JOIN wire_receipt r ON r.id = l.receipt_id"
            " WHERE r.name = ? AND r.transport = ? ORDER BY l.ordinal",
            name,
            transport,
        )
    ]


def assert_refused_clearly(bad: Bad, found: list[tuple[str, str]]) -> None:
    assert tuple(outcome for outcome, _ in found) == bad.outcomes, (bad.name, found)
    for _, reason in found:
        assert 20 < len(reason) < 600, bad.name
        assert "Traceback" not in reason
        assert "Error" not in reason


def test_what_is_no_news_is_set_aside_with_its_reason_over_every_transport(
    site: Killable, tmp_path: Path
) -> None:
    files = bad_files()
    for bad in files:
        site.drop(bad.name, bad.raw)
        answer = site.push(bad.raw, headers={"Content-Location": f"/{bad.name}"})
        assert answer.status_code == 202, (bad.name, answer.text)
        (tmp_path / bad.name).write_bytes(bad.raw)
    places = [str(tmp_path / bad.name) for bad in files]
    done = site.site.run("wire", "take", "--json", "--feed", "direct", *places)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["outcome"] for line in told} == {"set-aside"}
    assert len(told) == len(files)
    wait_until(lambda: (site.inbox / "set-aside" / "empty.xml").exists(), 20)
    site.drain()
    for bad in files:
        for transport in ("folder", "push", "command"):
            assert_refused_clearly(bad, outcomes_of(site, bad.name, transport))
        aside = site.inbox / "set-aside" / bad.name
        assert aside.read_bytes() == bad.raw
        why = aside.with_name(f"{bad.name}.reason.txt").read_text(encoding="utf-8")
        assert why.strip() == outcomes_of(site, bad.name, "folder")[0][1]
    assert_the_books_are_whole(site)


def test_a_picture_in_the_inbox_waits_for_its_story_and_elsewhere_is_refused(
    site: Killable,
) -> None:
    site.drop("quay.jpg", JPEG)
    wait_until(lambda: (site.inbox / "pictures" / "quay.jpg").exists(), 10)
    assert site.push(JPEG, headers={"Content-Location": "/quay.jpg"}).status_code == 202
    site.drain()
    assert_refused_clearly(Bad("quay.jpg", JPEG), outcomes_of(site, "quay.jpg", "push"))


def test_the_same_guid_twice_in_one_message_is_two_items_and_one_story(
    site: Killable,
) -> None:
    site.drop(TWICE.name, TWICE.raw)
    site.drain()
    found = [outcome for outcome, _ in outcomes_of(site, TWICE.name, "folder")]
    assert found == ["published", "duplicate"]
    assert (
        TWICE.items[0].headline in site.site.get(site.page_of(TWICE.items[0].guid)).text
    )


def test_a_body_that_does_harm_is_shown_without_what_does_it(site: Killable) -> None:
    assert site.push(HARMFUL_RAW).status_code == 202
    site.drain()
    page = site.site.get(site.page_of(HARMFUL.guid))
    assert page.status_code == 200
    assert "The last line stays." in page.text
    # The headline's own words, shown as words.
    body = page.text.replace("&lt;script&gt;alert(8)&lt;/script&gt;", "")
    body = body.replace("\\u003Cscript\\u003Ealert(8)\\u003C/script\\u003E", "")
    for word in FORBIDDEN:
        assert word not in body, body[max(0, body.find(word) - 200) :][:400]
    for path in ("/", NEWEST, "/feed.atom", "/search/?q=harbour"):
        assert "<script>alert" not in site.site.get(path).text


def test_a_file_far_too_large_is_set_aside_by_its_digest_alone(
    site: Killable, tmp_path: Path
) -> None:
    place = site.inbox / ".huge.part"
    place.touch()
    os.truncate(place, HUGE)
    place.rename(site.inbox / "huge.xml")
    wait_until(lambda: (site.inbox / "set-aside" / "huge.xml").exists(), 60)
    (site.inbox / "set-aside" / "huge.xml").unlink()
    why = (site.inbox / "set-aside" / "huge.xml.reason.txt").read_text("utf-8")
    assert f"{HUGE:,} bytes" in why
    other = tmp_path / "huge-2.xml"
    other.touch()
    os.truncate(other, HUGE + 1)
    told = json.loads(site.site.run("wire", "take", "--json", str(other)).stdout)
    assert told["outcome"] == "set-aside"
    kept = sum(p.stat().st_size for p in (site.home / "originals").rglob("*"))
    assert kept < HUGE


def test_a_push_announced_far_too_large_is_refused_before_it_is_sent(
    site: Killable,
) -> None:
    head = (
        f"POST /wire/direct HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {site.token}\r\nContent-Length: {HUGE}\r\n\r\n"
    )
    with socket.create_connection(("localhost", site.port), timeout=20) as sender:
        sender.sendall(head.encode() + b"<newsItem>")
        assert sender.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_push_that_never_ends_is_refused_at_the_cap(site: Killable) -> None:
    connection = http.client.HTTPConnection("localhost", site.port, timeout=60)
    connection.putrequest("POST", "/wire/direct")
    connection.putheader("Authorization", f"Bearer {site.token}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    piece = bytes(1024 * 1024)
    sent = 0
    try:
        while sent < HUGE:
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            sent += len(piece)
        connection.send(b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused while we were still sending
    try:
        assert connection.getresponse().status == 413
    except (ConnectionResetError, http.client.RemoteDisconnected):
        assert sent < HUGE  # the answer was lost with what we went on to send
    finally:
        connection.close()
    assert site.rows("SELECT count(*) FROM wire_delivery WHERE size > 33554432")[0][
        0
    ] == len(list((site.inbox / "set-aside").glob("huge*.reason.txt"))) + bool(
        site.rows("SELECT 1 FROM wire_delivery WHERE size = ?", HUGE + 1)
    )


def test_what_is_no_plain_file_is_never_opened(site: Killable, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(news_item(Item("urn:x:osk:secret", 1)), encoding="utf-8")
    (site.inbox / "link.xml").symlink_to(secret)
    os.mkfifo(site.inbox / "pipe.xml")
    (site.inbox / "dangling.xml").symlink_to(tmp_path / "nothing")
    for name in ("link.xml", "pipe.xml", "dangling.xml"):
        aside = site.inbox / "set-aside" / name
        wait_until(lambda aside=aside: os.path.lexists(aside), 10)  # type: ignore[misc]
        why = aside.with_name(f"{name}.reason.txt").read_text("utf-8")
        assert "no plain file" in why
    assert site.page_of("urn:x:osk:secret") == ""
    assert secret.exists()


NAMES = (
    b"line\nbreak.xml",
    "hafenbericht \u2014 \u00f8st \U0001f6a2.xml".encode(),
    b"not-utf8-\xff\xfe.xml",
    b"l" * 251 + b".xml",
    b"x." + b"s" * 253,
    b"-rf *.xml",
    b"'; DROP TABLE wire_feed; --.xml",
)


@pytest.mark.parametrize("is_good", [True, False], ids=["good", "bad"])
def test_a_file_may_have_any_name(site: Killable, is_good: bool) -> None:
    inbox = os.fsencode(site.inbox)
    before = site.rows("SELECT count(*) FROM wire_receipt")[0][0]
    for number, name in enumerate(NAMES):
        item = Item(f"urn:x:osk:named-{number}", 1)
        raw = news_item(item).encode() if is_good else b"no news %d" % number
        there = inbox + b"/.%d.part" % number
        Path(os.fsdecode(there)).write_bytes(raw)
        os.rename(there, inbox + b"/" + name)
    site.drain(30)
    after = site.rows("SELECT count(*) FROM wire_receipt")[0][0]
    assert after == before + len(NAMES)
    if is_good:
        done = {os.fsencode(name) for name in os.listdir(site.inbox / "done")}
        assert done >= set(NAMES)
        for number in range(len(NAMES)):
            assert site.page_of(f"urn:x:osk:named-{number}")
    else:
        aside = [
            site.inbox / "set-aside" / n for n in os.listdir(site.inbox / "set-aside")
        ]
        # What another test left here may be a pipe, which never ends when read.
        files = [path for path in aside if path.is_file()]
        kept = [path for path in files if path.read_bytes().startswith(b"no news ")]
        assert len(kept) == len(NAMES)
        for path in kept:
            assert path.with_name(f"{path.name}.reason.txt").is_file()


def test_a_folder_without_a_feed_is_left_alone_and_told(site: Killable) -> None:
    folder = site.home / "inbox" / "nobody"
    folder.mkdir()
    (folder / "story.xml").write_text(news_item(Item("urn:x:osk:nobody", 1)))
    wait_until(
        lambda: site.rows(
            "SELECT 1 FROM logbook_alarm WHERE key = 'inbox-stray'"
            " AND text LIKE '%nobody%' AND cleared_at IS NULL"
        ),
        10,
        "the desk isn't told",
    )
    assert (folder / "story.xml").exists()
