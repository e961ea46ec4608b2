"""What one process drew the others take from the disk, and no more than is worth it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from wiredesk.delivery.purge.keys import list_key
from wiredesk.delivery.store.clock import Clock, slots_of
from wiredesk.delivery.store.store import Limits, PageStore

pytestmark = pytest.mark.django_db(transaction=True)
HOST, PATH = "testserver", "/counted/"


@dataclass
class Answers:
    """Stands where Django does: answers with the present status, and counts."""

    status: int = 200
    asked: list[str] = field(default_factory=list)

    def __call__(
        self, environment: dict[str, Any], _start: Callable[..., Any]
    ) -> HttpResponse:
        self.asked.append(environment["PATH_INFO"])
        answer = HttpResponse(f"<p>{self.status}</p>", status=self.status)
        answer.headers["ETag"] = f'"{self.status}"'
        return answer


def ask(store: PageStore, path: str = PATH) -> int:
    # In a thread of its own: the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        made = thread.submit(asyncio.run, _fetch(store, path)).result()
    assert made is not None
    return made


async def _fetch(store: PageStore, path: str) -> int | None:
    made = await store.fetch(HOST, path)
    if made is None or made.page is None:
        return None
    store.keep(HOST, path, made)
    return made.page.status


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


def test_what_never_was_a_page_takes_no_room_on_the_disk(
    two: tuple[PageStore, PageStore, Answers, Clock],
) -> None:
    one, other, answers, clock = two
    answers.status = 410
    for _ in range(2):
        assert (ask(one), ask(other)) == (410, 410)
        clock.stamp(slots_of([list_key(PATH)]))
    assert answers.asked == [PATH] * 4
