"""What one process drew the others take from the disk, and no more than is worth it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.http import HttpResponse

from wiredesk.delivery.purge.keys import list_key
from wiredesk.delivery.store import store as whole_store
from wiredesk.delivery.store.clock import Clock, slots_of
from wiredesk.delivery.store.joining import Made
from wiredesk.delivery.store.memory import Kept
from wiredesk.delivery.store.page import Page
from wiredesk.delivery.store.store import Limits, PageStore

pytestmark = pytest.mark.django_db(transaction=True)
HOST, PATH = "testserver", "/counted/"


@dataclass
class Answers:
    """Stands where Django does: answers with the present status, and counts."""

    status: int = 200
    text: str = ""
    asked: list[str] = field(default_factory=list)

    def __call__(
        self, environment: dict[str, Any], _start: Callable[..., Any]
    ) -> HttpResponse:
        self.asked.append(environment["PATH_INFO"])
        text = f"<p>{self.text or self.status}</p>"
        answer = HttpResponse(text, status=self.status)
        answer.headers["ETag"] = '"the same"'
        return answer


def ask(store: PageStore, coding: str = "gzip") -> int:
    return page_of(store, coding).status


def page_of(store: PageStore, coding: str) -> Page:
    """Have the page made, as the server does where the store finds none."""
    # In a thread of its own: the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        made = thread.submit(asyncio.run, store.fetch(HOST, PATH, coding)).result()
    assert made is not None
    assert made.page is not None
    store.keep(HOST, PATH, made)
    return made.page


def find(store: PageStore, coding: str) -> Kept | None:
    return store.find(HOST, PATH, coding, time.time())


@pytest.fixture
def two(tmp_path: Path) -> tuple[PageStore, PageStore, Answers, Clock]:
    answers = Answers()
    limits = Limits(memory=1 << 20, disk=1 << 20)
    clock = Clock(tmp_path)
    one, other = (
        PageStore(Clock(tmp_path), tmp_path / "pages", limits, answers)
        for _ in range(2)
    )
    return one, other, answers, clock


def test_what_became_of_a_page_is_drawn_once_for_all_processes(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, other, answers, clock = two
    assert (ask(one), ask(other)) == (200, 200)
    assert answers.asked == [PATH]
    answers.status = 410
    clock.stamp(slots_of([list_key(PATH)]))
    assert (ask(one), ask(other)) == (410, 410)
    assert answers.asked == [PATH] * 2


def test_nobody_waits_long_for_one_who_draws_a_page_and_never_commits_his_change(
    two: tuple[PageStore, PageStore, Answers, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, answers, clock = two
    assert ask(one) == 200
    monkeypatch.setattr(whole_store, "_PATIENCE", 3600.0)
    slots = slots_of([list_key(PATH)])
    with one.disk.sole(HOST + PATH):
        clock.open(slots)
        assert (ask(one), ask(other)) == (200, 200)
        assert answers.asked == [PATH] * 3
    clock.close(slots)


def test_what_never_was_a_page_takes_no_room_on_the_disk(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, other, answers, clock = two
    answers.status = 410
    for _ in range(2):
        assert (ask(one), ask(other)) == (410, 410)
        clock.stamp(slots_of([list_key(PATH)]))
    assert answers.asked == [PATH] * 4


def test_brotli_is_made_when_it_is_asked_for_and_then_is_there_for_all(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, other, answers, _ = two
    ask(one, "gzip")
    assert find(one, "gzip") is not None
    # A page is compressed in a thread, never by whoever answers from the store.
    assert find(one, "br") is None
    assert find(other, "br") is None
    made = page_of(one, "br")
    assert brotli.decompress(made.bodies["br"]) == b"<p>200</p>"
    for store in (one, other):
        kept = find(store, "br")
        assert kept is not None
        assert kept.page.bodies["br"] == made.bodies["br"]
    assert answers.asked == [PATH]


def test_brotli_of_an_earlier_page_is_never_taken_from_the_disk(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, other, answers, clock = two
    ask(one, "br")
    answers.text = "Two ferries"
    clock.stamp(slots_of([list_key(PATH)]))
    # The disk is full: the new page is in one's memory alone, the old one on the disk.
    one.disk.room = 0
    ask(one, "gzip")
    one.disk.room = other.disk.room
    assert find(one, "gzip") is not None
    assert find(one, "br") is None
    assert brotli.decompress(page_of(one, "br").bodies["br"]) == b"<p>Two ferries</p>"


def test_what_became_of_a_page_is_compressed_once_for_all_processes_too(
    two: tuple[PageStore, PageStore, Answers, Clock], tmp_path: Path
) -> None:
    one, other, answers, clock = two
    ask(one)
    answers.status = 410
    clock.stamp(slots_of([list_key(PATH)]))
    ask(one)
    made = page_of(other, "br")
    later = PageStore(clock, tmp_path / "pages", Limits(1 << 20, 1 << 20), answers)
    for store in (one, later):
        kept = find(store, "br")
        assert kept is not None
        assert kept.page.bodies["br"] == made.bodies["br"]
    assert answers.asked == [PATH] * 2


def test_brotli_of_what_is_in_memory_alone_is_made_of_that_and_counted(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, _, answers, _ = two
    answers.status = 404
    ask(one)
    before = one.memory.size
    assert find(one, "br") is None
    made = page_of(one, "br")
    assert find(one, "br") is not None
    assert one.memory.size == before + len(made.bodies["br"])
    assert answers.asked == [PATH]


def test_who_asks_in_gzip_and_who_asks_in_brotli_at_once_have_one_drawing(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, _, answers, _ = two

    async def both() -> list[Made | None]:
        codings = ("gzip", "br", "gzip", "br", "identity")
        return await asyncio.gather(
            *(one.fetch(HOST, PATH, coding) for coding in codings)
        )

    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(asyncio.run, both()).result()
    assert all(made and made.page and made.is_true for made in found)
    assert answers.asked == [PATH]
