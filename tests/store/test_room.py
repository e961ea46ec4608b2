"""The store's bounds: of memory whatever is asked for, and of threads for pictures."""

from __future__ import annotations

import asyncio
import gzip
import random
import threading
import time
from array import array
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.db import transaction
from django.http import HttpResponse

from wiredesk.config.server.front import Front
from wiredesk.delivery.purge.keys import list_key
from wiredesk.delivery.store.changes import note_changes
from wiredesk.delivery.store.clock import Clock, slots_of
from wiredesk.delivery.store.heads import Reader
from wiredesk.delivery.store.joining import Made
from wiredesk.delivery.store.open import open_store
from wiredesk.delivery.store.page import Page, Stamp, pack, pack_stamp
from wiredesk.delivery.store.store import THREADS, Limits, PageStore

HOST = "news.example"
ROOM = 300_000  # bytes
PAGES, TIMES = 120, 3
HEADS = [
    f"Host: {HOST}\r\nAccept-Encoding: {coding}\r\n\r\n".encode()
    for coding in ("gzip", "br", "identity")
]


def page(number: int, clock: Clock) -> Page:
    """Give a page of which no coding is much smaller than another."""
    stamp = Stamp(
        clock.head,
        time.time(),
        float("inf"),
        slots_of([f"story-{number}"]),
        array("I"),
    )
    body = random.Random(number).randbytes(10_000).hex().encode()  # noqa: S311
    return Page(
        status=200,
        heads=b"Content-Type: text/html\r\n",
        etag=b'"%d"' % number,
        compressible=True,
        stamp=stamp,
        own=pack_stamp(stamp),
        bodies={"gzip": gzip.compress(body), "br": brotli.compress(body, quality=1)},
    )


def held(store: PageStore, front: Front) -> int:
    """Count the bytes of all pages, and of the answers that were made ready of them."""
    kept = store.memory.kept
    ready = [each for shelf in front._shelves.values() for each in shelf.values()]
    assert all(kept[each.kept.key] is each.kept for each in ready)
    bodies = (sum(map(len, each.page.bodies.values())) for each in kept.values())
    return sum(bodies) + sum(len(each.lines) for each in ready)


def test_however_many_pages_come_in_every_coding_the_room_is_kept(
    tmp_path: Path,
) -> None:
    clock = Clock(tmp_path)
    store = PageStore(clock, tmp_path / "pages", Limits(ROOM, 0), lambda *_: ())
    front = Front(store, Reader(hosts=(HOST,)))
    answered = 0
    for number in range(PAGES):
        target = f"/2026/11/23/case-{number}/"
        line = f"GET {target} HTTP/1.1".encode()
        store.keep(HOST, target, Made(page(number, clock), is_true=True))
        for rest in HEADS * TIMES:
            found = front.read(line, rest)
            assert found is not None
            asked, known = found
            coding = known.fields.coding
            kept = store.find(HOST, asked.target, coding, time.time())
            if kept is not None:
                front.answer(asked, known, kept, line)
                answered += 1
            assert held(store, front) <= store.memory.size <= ROOM
    assert answered > PAGES
    assert len(store.memory.kept) > 1


def test_however_many_names_a_server_is_asked_by_it_remembers_so_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiredesk.config.server.front._MOST_HEADS", 10)
    clock = Clock(tmp_path)
    store = PageStore(clock, tmp_path / "pages", Limits(ROOM, 0), lambda *_: ())
    front = Front(store, Reader(hosts=("*",)))
    made_up = (f"made-up-{number}.example" for number in range(100))
    for number, name in enumerate(["stays.example", *made_up]):
        # Each second head is too long to be remembered itself.
        more = f"X-More: {'x' * 3000}\r\n" if number % 2 else ""
        rest = f"Host: {name}\r\nAccept-Encoding: gzip\r\n{more}\r\n".encode()
        found = front.read(b"GET /case/ HTTP/1.1", rest)
        assert found is not None
        if name == "stays.example":
            store.keep(name, "/case/", Made(page(1, clock), is_true=True))
            for _ in range(2):
                kept = store.find(name, "/case/", "gzip", time.time())
                assert kept is not None
                front.answer(*found, kept, b"GET /case/ HTTP/1.1")
        assert len(front._shelves) <= 11
    assert ("stays.example", "gzip") in front._shelves, "an answer is ready there"


def test_asking_for_a_page_over_and_over_takes_no_more_room(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    store = PageStore(clock, tmp_path / "pages", Limits(ROOM, 0), lambda *_: ())
    front = Front(store, Reader(hosts=(HOST,)))
    store.keep(HOST, "/case/", Made(page(1, clock), is_true=True))
    sizes = set()
    for _ in range(5):
        for option in ("Connection: close\r\n", 'If-None-Match: "other"\r\n', ""):
            rest = f"Host: {HOST}\r\nAccept-Encoding: gzip\r\n{option}\r\n".encode()
            for line in (b"GET /case/ HTTP/1.1", b"HEAD /case/ HTTP/1.0"):
                found = front.read(line, rest)
                assert found is not None
                kept = store.find(HOST, "/case/", "gzip", time.time())
                assert kept is not None
                front.answer(*found, kept, line)
                sizes.add(store.memory.size)
                forgotten = len(kept.forget)
    assert len(sizes) == 1  # what is made ready is made with the first
    assert forgotten == 1


def test_who_goes_through_the_whole_archive_pushes_out_nothing(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    limits = Limits(ROOM, 1 << 30)
    store = PageStore(clock, tmp_path / "pages", limits, lambda *_: ())
    paths = [f"/case-{number}/" for number in range(PAGES)]
    for number, path in enumerate(paths):
        store.disk.write(HOST + path, pack(page(number, clock), clock.era))

    def ask(path: str) -> None:
        assert store.find(HOST, path, "gzip", time.time()) is not None

    for path in paths:
        ask(path)
    read = list(store.memory.kept)
    assert 1 < len(read) < PAGES / 2  # the first ones, for which there was room
    for path in paths:
        ask(path)
        assert list(store.memory.kept) == read
    # What is asked for again before long is kept, and another one goes.
    ask(paths[-2])
    ask(paths[-2])
    assert HOST + paths[-2] in store.memory.kept
    assert len(store.memory.offered) <= len(store.memory.kept)


def test_pictures_being_drawn_leave_pages_their_threads(tmp_path: Path) -> None:
    done = threading.Event()

    def handler(environment: dict[str, Any], _start: object) -> HttpResponse:
        if environment["PATH_INFO"].startswith("/pictures/"):
            assert done.wait(30)
        return HttpResponse(headers={"Cache-Control": "private"})

    store = PageStore(Clock(tmp_path), tmp_path / "pages", Limits(ROOM, 0), handler)

    async def ask() -> None:
        paths = [f"/pictures/{number}/640.avif" for number in range(9)]
        drawn = [asyncio.create_task(store.fetch(HOST, path, "gzip")) for path in paths]
        try:
            assert (
                await asyncio.wait_for(store.fetch(HOST, "/", "gzip"), 30) is not None
            )
            assert not any(each.done() for each in drawn)
        finally:
            done.set()
        await asyncio.gather(*drawn)

    # In a thread of its own: the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()


@pytest.mark.django_db(transaction=True)
def test_pages_that_are_about_to_change_leave_the_others_their_threads(
    tmp_path: Path,
) -> None:
    asked: list[str] = []
    words = "Before"

    def handler(environment: dict[str, Any], _start: object) -> HttpResponse:
        asked.append(environment["PATH_INFO"])
        return HttpResponse(f"<p>{words}</p>", content_type="text/html")

    clock = Clock(tmp_path)
    limits = Limits(ROOM, 0)
    store = PageStore(clock, tmp_path / "pages", limits, handler, about_to_change=60.0)
    paths = [f"/list-{number}/" for number in range(3 * THREADS)]
    slots = slots_of(map(list_key, paths))

    async def ask() -> None:
        nonlocal words
        for path in paths:
            made = await store.fetch(HOST, path, "gzip")
            assert made is not None
            store.keep(HOST, path, made)
        clock.open(slots)
        waiting = [
            asyncio.create_task(store.fetch(HOST, path, "gzip")) for path in paths
        ]
        other = await asyncio.wait_for(store.fetch(HOST, "/about-us/", "gzip"), 30)
        assert other is not None
        assert not any(each.done() for each in waiting)
        # What waits for a change is drawn once, after it.
        words = "After"
        clock.close(slots)
        for made in await asyncio.gather(*waiting):
            assert made is not None
            assert made.page is not None
            assert made.page.plain() == b"<p>After</p>"

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()
    assert Counter(asked) == {**dict.fromkeys(paths, 2), "/about-us/": 1}


@pytest.mark.django_db
def test_without_its_folders_pages_are_drawn_and_kept_in_memory(tmp_path: Path) -> None:
    def handler(*_: object) -> HttpResponse:
        return HttpResponse("<p>The ferry sails.</p>", content_type="text/html")

    folder = tmp_path / "pages"
    store = PageStore(Clock(tmp_path), folder, Limits(ROOM, ROOM), handler)
    for shelf in folder.glob("[0-9a-f][0-9a-f]"):
        shelf.rmdir()
    made = store._drawn(HOST, "/about-us/", "gzip", None)
    assert made.is_true
    kept = store.keep(HOST, "/about-us/", made)
    assert kept is not None
    assert kept.page.plain() == b"<p>The ferry sails.</p>"
    assert store.find(HOST, "/about-us/", "gzip", time.time()) is kept


@pytest.mark.django_db
def test_a_clock_that_cant_be_opened_means_no_store_and_no_change(
    tmp_path: Path, settings: Any
) -> None:
    settings.WIREDESK_RUN = tmp_path
    (tmp_path / "store" / "clock").mkdir(parents=True)
    assert open_store(lambda *_: ()) is None
    with pytest.raises(OSError, match="clock"), transaction.atomic():
        note_changes(keys=["story-1"])
