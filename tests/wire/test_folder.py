from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.privileges import like_anybody
from tests.wire.pipeline import make_feed, news_item
from wiredesk.logbook.models import Alarm
from wiredesk.wire import originals
from wiredesk.wire.actions.take import take_waiting
from wiredesk.wire.models import Delivery, Receipt
from wiredesk.wire.transports import folder as folder_module
from wiredesk.wire.transports.folder import Inbox
from wiredesk.wire.transports.folder_whole import has_its_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

    from wiredesk.wire.models import Feed

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 200


@pytest.fixture
def inbox(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    # Short, so that tests needn't wait; what quiet means is what is tested.
    monkeypatch.setattr(folder_module, "QUIET", 0.15)
    monkeypatch.setattr(folder_module, "QUIET_UNFINISHED", 0.3)
    monkeypatch.setattr(folder_module, "FEEDS_LAST", 0.0)
    inbox = Inbox()
    inbox.scan()
    yield inbox
    inbox.close()


@pytest.fixture
def place(inbox: Inbox) -> Path:
    return inbox.root / "harrow"


def settle_down(inbox: Inbox) -> None:
    """Scan until what is there had time to be quiet, take it, and scan again."""
    inbox.scan()
    time.sleep(0.35)
    inbox.scan()
    while take_waiting():
        pass
    inbox.scan()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def test_a_file_ends_in_done_once_it_is_taken(inbox: Inbox, place: Path) -> None:
    (place / "ferry.xml").write_bytes(news_item())
    settle_down(inbox)
    assert names(place / "done") == {"ferry.xml"}
    receipt = Receipt.objects.get()
    assert (receipt.name, receipt.transport) == ("ferry.xml", "folder")
    assert receipt.delivery.origin == str(place)


def test_a_file_still_being_written_is_not_read(inbox: Inbox, place: Path) -> None:
    path = place / "slow.xml"
    raw = news_item()
    for end in range(0, len(raw), 200):
        path.write_bytes(raw[:end])
        inbox.scan()
        time.sleep(0.05)
    assert not Receipt.objects.exists()
    path.write_bytes(raw)
    settle_down(inbox)
    assert names(place / "done") == {"slow.xml"}


XML = b'<?xml version="1.0"?>\n<!-- a note --><hl:item a=">">text</hl:item>'


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (XML, True),
        (XML + b"\n<!-- sent by hand -->\r\n", True),
        (XML.decode().encode("utf-16"), True),
        (XML[:-1], False),
        (XML[:40], False),
        (XML[:-10].decode().encode("utf-16"), False),
        (b'\xef\xbb\xbf{"uri": "a"}\n', True),
        (b'{"uri": "a"', False),
        (b"no copy we know", True),
        (b"\xff\xd8\xff\xe0" + bytes(9000), True),
    ],
)
def test_copy_without_its_end_is_not_whole(
    tmp_path: Path, raw: bytes, whole: bool
) -> None:
    path = tmp_path / "copy"
    path.write_bytes(raw)
    assert has_its_end(path) is whole


def test_a_sender_may_pause_in_the_middle_of_a_file(
    inbox: Inbox, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_module, "QUIET_UNFINISHED", 60.0)
    raw = news_item()
    path = place / "slow.xml"
    path.write_bytes(raw[: len(raw) // 2])
    settle_down(inbox)
    assert not Receipt.objects.exists()
    # The others aren't kept waiting.
    (place / "quick.xml").write_bytes(news_item(guid="urn:quick"))
    settle_down(inbox)
    assert names(place / "done") == {"quick.xml"}
    path.write_bytes(raw)
    settle_down(inbox)
    assert names(place / "done") == {"quick.xml", "slow.xml"}


@pytest.mark.parametrize(
    "name", [".hidden.xml", "a.part", "a.tmp", "a.xml.filepart", "a.xml~"]
)
def test_a_temporary_name_is_left_alone(inbox: Inbox, place: Path, name: str) -> None:
    (place / name).write_bytes(news_item())
    settle_down(inbox)
    assert name in names(place)
    assert not Receipt.objects.exists()


def test_what_cant_be_read_is_set_aside_beside_its_reason(
    inbox: Inbox, place: Path
) -> None:
    (place / "bad.xml").write_bytes(b"PK\x03\x04 and more")
    settle_down(inbox)
    assert names(place / "set-aside") == {"bad.xml", "bad.xml.reason.txt"}
    assert "zip" in (place / "set-aside" / "bad.xml.reason.txt").read_text()


def test_a_picture_is_kept_for_the_story_that_names_it(
    inbox: Inbox, place: Path
) -> None:
    (place / "ferry.dat").write_bytes(JPEG)
    settle_down(inbox)
    assert names(place / "pictures") == {"ferry.dat"}
    assert not Receipt.objects.exists()
    settle_down(inbox)
    assert names(place / "pictures") == {"ferry.dat"}


def test_a_file_over_the_cap_is_set_aside_whole_and_hashed(
    inbox: Inbox, place: Path, feed: Feed
) -> None:
    feed.size_cap = 2048
    feed.save()
    raw = news_item() + b" " * 5000
    (place / "big.xml").write_bytes(raw)
    settle_down(inbox)
    assert (place / "set-aside" / "big.xml").read_bytes() == raw
    assert Delivery.objects.get().sha256 == originals.digest_of(raw)


def test_a_link_is_refused_and_never_followed(
    inbox: Inbox, place: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(news_item())
    (place / "link.xml").symlink_to(secret)
    os.mkfifo(place / "pipe.xml")
    settle_down(inbox)
    assert not Receipt.objects.exists()
    assert (place / "set-aside" / "link.xml").is_symlink()
    assert "link.xml.reason.txt" in names(place / "set-aside")
    assert "pipe.xml.reason.txt" in names(place / "set-aside")
    assert Alarm.objects.filter(key="inbox-refused", cleared_at=None).exists()


def test_a_file_nobody_lets_us_read_is_set_aside_with_its_reason(
    inbox: Inbox, place: Path
) -> None:
    (place / "locked.xml").write_bytes(news_item())
    (place / "locked.xml").chmod(0)
    with like_anybody():
        settle_down(inbox)
    assert names(place / "set-aside") == {"locked.xml", "locked.xml.reason.txt"}
    why = (place / "set-aside" / "locked.xml.reason.txt").read_text("utf-8")
    assert "Permission denied" in why


def test_the_same_name_twice_keeps_both_files(inbox: Inbox, place: Path) -> None:
    for version in (1, 2):
        (place / "ferry.xml").write_bytes(news_item(version=version))
        settle_down(inbox)
    assert names(place / "done") == {"ferry.xml", "ferry-2.xml"}


def test_a_folder_without_a_feed_is_left_alone_and_told_once(inbox: Inbox) -> None:
    stray = inbox.root / "nobody"
    stray.mkdir()
    (stray / "a.xml").write_bytes(news_item())
    for _ in range(4):
        inbox.scan()
    alarm = Alarm.objects.get(key="inbox-stray", cleared_at=None)
    assert "nobody" in alarm.text
    assert alarm.times == 1
    make_feed("nobody")
    settle_down(inbox)
    assert names(stray / "done") == {"a.xml"}
    assert not Alarm.objects.filter(key="inbox-stray", cleared_at=None).exists()


def test_a_crash_after_receiving_counts_the_file_once(
    inbox: Inbox, place: Path
) -> None:
    (place / "ferry.xml").write_bytes(news_item())
    inbox.scan()
    time.sleep(0.2)
    inbox.scan()
    assert Receipt.objects.count() == 1
    inbox.close()
    after_the_crash = Inbox()
    after_the_crash.scan()
    take_waiting()
    after_the_crash.scan()
    after_the_crash.close()
    assert Receipt.objects.count() == 1
    assert names(place / "done") == {"ferry.xml"}


def test_a_crash_before_receiving_loses_nothing(inbox: Inbox, place: Path) -> None:
    (place / ".taking" / "ferry.xml").write_bytes(news_item())
    settle_down(inbox)
    assert names(place / "done") == {"ferry.xml"}
    assert Receipt.objects.count() == 1


def test_a_disk_that_refuses_leaves_the_file_to_be_tried_again(
    inbox: Inbox, place: Path, settings: Settings, tmp_path: Path
) -> None:
    good = settings.WIREDESK_ORIGINALS
    (tmp_path / "file").touch()
    settings.WIREDESK_ORIGINALS = tmp_path / "file" / "originals"
    (place / "ferry.xml").write_bytes(news_item())
    inbox.scan()
    time.sleep(0.2)
    with pytest.raises(originals.OriginalError):
        inbox.scan()
    settings.WIREDESK_ORIGINALS = good
    settle_down(inbox)
    assert names(place / "done") == {"ferry.xml"}


def test_only_one_process_scans_at_a_time(inbox: Inbox, place: Path) -> None:
    (place / "ferry.xml").write_bytes(news_item())
    other = Inbox()
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(other.scan()))
    thread.start()
    thread.join()
    assert found == [0]
    assert names(place) >= {"ferry.xml"}
