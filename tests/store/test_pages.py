"""Pages as they are kept: whole, true, within their room, and negotiated as HTTP says."""

from __future__ import annotations

import gzip
import os
from array import array
from dataclasses import replace
from functools import partial
from pathlib import Path

import brotli
import pytest

from wiredesk.delivery.store.clock import Clock, slots_of
from wiredesk.delivery.store.disk import SHELVES, Disk
from wiredesk.delivery.store.joining import fit
from wiredesk.delivery.store.memory import Kept, Memory
from wiredesk.delivery.store.page import (
    LAZY,
    Page,
    Piece,
    Stamp,
    pack,
    pack_pieces,
    pack_stamp,
    unpack,
    unpack_pieces,
)
from wiredesk.lib.encodings import choose, encode, plain_tags, tag_in

NOW = 1_000_000.0
PIECE = Piece("<!--piece /-/related/ without=7 most=4-->", 3, 9)
BODY = b"<p>The pilots of Osk counted boats.</p>" * 40


def stamp(position: int = 0, until: float = float("inf"), lazy: str = "") -> Stamp:
    slots = slots_of([lazy]) if lazy else array("I")
    return Stamp(position, NOW, until, slots_of(["story-7"]), slots)


def page(body: bytes = BODY, status: int = 200) -> Page:
    return Page(
        status=status,
        heads=b"Content-Type: text/html\r\nCache-Control: no-cache\r\n",
        etag=b'"abc"',
        compressible=True,
        stamp=stamp(3, NOW + 5, "list-front"),
        own=pack_stamp(stamp(2)),
        pieces=pack_pieces([PIECE]),
        bodies={"gzip": gzip.compress(body)},
    )


def test_a_page_comes_back_from_its_bytes_as_it_was() -> None:
    kept = page()
    kept.body("br")
    again = unpack(pack(kept, era=5), era=5)
    assert again is not None
    assert again.plain() == BODY
    assert brotli.decompress(again.bodies["br"]) == BODY
    for name in ("status", "heads", "etag", "stamp", "own", "pieces"):
        assert getattr(again, name) == getattr(kept, name)
    assert unpack_pieces(again.pieces) == [PIECE]


@pytest.mark.parametrize("body", [b"Not Found", b""])
def test_a_page_that_is_not_compressed_comes_back_as_it_was(body: bytes) -> None:
    kept = replace(page(), compressible=False, bodies={"identity": body})
    again = unpack(pack(kept, era=5), era=5)
    assert again is not None
    assert again.bodies == {"identity": body}
    assert not again.compressible


def test_a_page_of_another_era_or_cut_off_anywhere_is_none() -> None:
    raw = pack(page(), era=5)
    assert unpack(raw, era=6) is None
    assert all(unpack(raw[:end], era=5) is None for end in range(len(raw)))


def test_what_shows_beside_may_be_seconds_late_and_no_later(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    drawn = stamp(clock.head, lazy="list-front")
    assert drawn.recheck_at(clock.words, NOW + 100) == float("inf")
    clock.stamp(slots_of(["list-front"]))
    assert drawn.recheck_at(clock.words, NOW + 1) == NOW + LAZY
    assert drawn.recheck_at(clock.words, NOW + LAZY) == 0.0


def test_the_clock_alone_ends_a_page_at_its_second(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    drawn = stamp(clock.head, until=NOW + 5)
    assert drawn.recheck_at(clock.words, NOW + 4.99) == NOW + 5
    assert drawn.recheck_at(clock.words, NOW + 5) == 0.0


def test_memory_keeps_to_its_room_and_who_is_asked_for_stays() -> None:
    memory = Memory(40_000)
    taken_off: list[int] = []
    for number in range(100):
        kept = Kept(f"/{number}", page(), seen=0, good_until=0.0)
        kept.forget.append(partial(taken_off.append, number))
        memory.put(kept)
        front = memory.get("/0")
        assert front is not None
        front.used = True
    assert memory.size <= memory.room
    assert "/0" in memory.kept
    assert 2 <= len(memory.kept) < 50
    assert len(taken_off) == 100 - len(memory.kept)


def test_a_page_put_twice_takes_its_room_once() -> None:
    memory = Memory(10_000_000)
    for _ in range(3):
        memory.put(Kept("/", page(), seen=0, good_until=0.0))
    size = memory.size
    memory.drop("/")
    assert (size > 0, memory.size, memory.kept) == (True, 0, {})


def test_the_disk_keeps_to_its_room_and_the_oldest_goes(tmp_path: Path) -> None:
    disk = Disk(tmp_path, room=SHELVES * 3_000)
    for number in range(SHELVES * 6):
        disk.write(f"/{number}", b"x" * 1_000)
        os.utime(disk._path(f"/{number}"), (number, number))
    gone = sum(disk.tidy(number) for number in range(SHELVES))
    left = [number for number in range(SHELVES * 6) if disk.read(f"/{number}")]
    assert gone == SHELVES * 6 - len(left)
    assert SHELVES <= len(left) <= SHELVES * 3
    assert sum(left) / len(left) > SHELVES * 3
    disk.empty()
    assert not any(disk.read(f"/{number}") for number in left)


def test_only_one_at_a_time_draws_a_page(tmp_path: Path) -> None:
    disk = Disk(tmp_path, room=1)
    with disk.sole("/") as first, disk.sole("/") as second:
        assert (first, second) == (True, False)
    with disk.sole("/") as third:
        assert third


def test_a_row_leaves_out_the_pages_own_and_what_is_too_many() -> None:
    row = b"<div><!--item 5-->five<!--item 6-->six<!--item 7-->seven<!--item --></div>"
    assert fit(row, 6, 4) == b"<div>fiveseven</div>"
    assert fit(row, 9, 2) == b"<div>fivesix</div>"
    assert fit(b"<div><!--item 5-->five<!--item --></div>", 5, 4) == b""


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0", "identity"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0, *;q=0", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;level=9", "identity"),
        ("deflate", "identity"),
    ],
)
def test_a_client_gets_the_coding_it_likes_best(
    header: str | None, coding: str
) -> None:
    assert choose(header) == coding


def test_each_coding_is_a_representation_of_its_own() -> None:
    assert tag_in('"abc"', "br") == '"abc-br"'
    assert tag_in('"abc"', "identity") == '"abc"'
    assert plain_tags('"abc-br", W/"x-gzip", "y"') == '"abc", W/"x", "y"'
    assert encode(BODY, "gzip") == encode(BODY, "gzip")
