from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.privileges import like_anybody
from tests.wire.pipeline import make_feed, news_item
from wiredesk.wire import originals
from wiredesk.wire.actions.receive import Payload, TooLarge, receive
from wiredesk.wire.models import Delivery, Receipt

if TYPE_CHECKING:
    from pytest_django import Settings

    from wiredesk.wire.models import Feed


def test_bytes_received_can_be_read_back_by_their_digest(feed: Feed) -> None:
    raw = news_item()
    [receipt] = receive(feed=feed, payloads=[Payload(raw, "a.xml")], transport="push")
    assert receipt.delivery.sha256 == hashlib.sha256(raw).hexdigest()
    assert originals.read(receipt.delivery.sha256) == raw


def test_the_same_bytes_are_one_delivery_with_two_receipts(feed: Feed) -> None:
    raw = news_item()
    first = receive(feed=feed, payloads=[Payload(raw), Payload(raw)], transport="push")
    later = receive(feed=feed, payloads=[Payload(raw)], transport="folder")
    assert len({receipt.delivery_id for receipt in [*first, *later]}) == 1
    assert Receipt.objects.count() == 3


def test_the_same_bytes_by_two_feeds_are_two_deliveries(feed: Feed) -> None:
    other = make_feed("ridge")
    raw = news_item()
    [one] = receive(feed=feed, payloads=[Payload(raw)], transport="push")
    [two] = receive(feed=other, payloads=[Payload(raw)], transport="push")
    assert one.delivery_id != two.delivery_id


def test_what_is_over_the_cap_is_set_aside_and_its_bytes_not_kept(feed: Feed) -> None:
    feed.size_cap = 2000
    raw = b"x" * 2001
    [receipt] = receive(feed=feed, payloads=[Payload(raw, "big")], transport="push")
    delivery = receipt.delivery
    assert delivery.state == Delivery.State.SET_ASIDE
    assert "2,001 bytes" in delivery.reason
    with pytest.raises(originals.OriginalMissingError):
        originals.read(delivery.sha256)


def test_a_stream_hashed_over_the_cap_is_set_aside_too(feed: Feed) -> None:
    big = TooLarge(sha256="ab" * 32, size=10**9, name="big.xml")
    [receipt] = receive(feed=feed, payloads=[big], transport="folder")
    assert receipt.delivery.state == Delivery.State.SET_ASIDE
    assert receipt.delivery.size == 10**9


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_kill_goes_before_what_came_earlier(feed: Feed, encoding: str) -> None:
    kill = news_item(status="canceled").decode().encode(encoding)
    payloads = [Payload(news_item()), Payload(kill)]
    plain, dark = receive(feed=feed, payloads=payloads, transport="push")
    assert dark.delivery.priority < plain.delivery.priority


def test_a_folder_that_cant_be_written_acknowledges_nothing(
    feed: Feed, settings: Settings
) -> None:
    settings.WIREDESK_ORIGINALS.mkdir(mode=0o500)
    with like_anybody(), pytest.raises(originals.OriginalError, match="Permission"):
        receive(feed=feed, payloads=[Payload(news_item())], transport="push")
    assert not Receipt.objects.exists()


def test_a_disk_that_refuses_acknowledges_nothing_and_says_why(
    feed: Feed, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.WIREDESK_ORIGINALS = tmp_path / "file" / "originals"
    with pytest.raises(originals.OriginalError, match="Nothing was accepted"):
        receive(feed=feed, payloads=[Payload(news_item())], transport="push")
    assert not Receipt.objects.exists()


def test_an_original_that_was_altered_is_never_handed_out(feed: Feed) -> None:
    [digest] = originals.keep([b"as it came"])
    originals.path_of(digest).write_bytes(b"altered")
    with pytest.raises(originals.OriginalDamagedError):
        originals.read(digest)


def test_an_altered_original_is_mended_when_the_same_bytes_come(feed: Feed) -> None:
    [digest] = originals.keep([b"as it came"])
    originals.path_of(digest).write_bytes(b"altered")
    originals.keep([b"as it came"])
    assert originals.read(digest) == b"as it came"


def test_keeping_leaves_no_half_written_file(feed: Feed, home: Path) -> None:
    originals.keep([bytes([n]) * 5000 for n in range(50)])
    names = [path.name for path in home.rglob("*") if path.is_file()]
    assert len(names) == 50
    assert not [name for name in names if name.startswith(".")]


def test_what_the_disk_had_not_yet_moved_at_a_power_cut_is_found(home: Path) -> None:
    read, tidied, erased = originals.keep([b"one", b"two", b"three"])
    new = home / "originals" / "new"
    for number, digest in enumerate((read, tidied, erased)):
        originals.path_of(digest).rename(new / f".{digest}-{number}-1")
    (new / f".{'0' * 64}-7-1").write_bytes(b"half writ")
    assert originals.is_there(read)
    assert originals.read(read) == b"one"
    originals.remove(erased)
    assert originals.tidy() == 1
    assert originals.path_of(tidied).read_bytes() == b"two"
    assert not originals.is_there(erased)
    for left in new.iterdir():
        os.utime(left, (0, 0))
    originals.tidy()
    assert not list(new.iterdir())
    assert originals.read(tidied) == b"two"


def test_a_group_of_originals_flushes_each_file_and_one_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    originals.keep([bytes([0, n]) for n in range(200)])  # makes most folders
    flushed: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    digests = originals.keep([bytes([1, n]) for n in range(20)])
    files = [place for place in flushed if Path(place).parent.name == "new"]
    assert sorted(Path(place).name[1:65] for place in files) == sorted(digests)
    # All files before the folder that holds them; the root where one was made.
    assert {Path(place).name for place in flushed[-1:]} == {"new"}
    assert len(flushed) <= len(digests) + 2


def test_a_name_with_stray_bytes_does_no_harm(feed: Feed) -> None:
    name = os.fsdecode(b"caf\xe9\x00.xml") + "x" * 400
    [receipt] = receive(
        feed=feed, payloads=[Payload(news_item(), name)], transport="folder"
    )
    assert len(Receipt.objects.get(pk=receipt.pk).name) == 300
