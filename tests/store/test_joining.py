"""The row beside a story is drawn anew for what it shows there, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from tests.store.drawing import on_the_tests_connection
from wiredesk.delivery.purge.keys import story_key
from wiredesk.delivery.store.clock import Clock, slots_of
from wiredesk.delivery.store.joining import Joiner
from wiredesk.delivery.store.page import Page

pytestmark = pytest.mark.django_db
HOST, ROW = "testserver", "/-/related/"
SHARED = 1 << 20  # two stories this far apart have one slot of the clock


class Station:
    """Stands where Django does: a page of each story, and the row of them."""

    def __init__(self, *stories: int) -> None:
        self.stories = dict.fromkeys(stories, "first")
        self.row = stories
        self.rows = 0

    def __call__(
        self, environment: dict[str, Any], _start: Callable[..., Any]
    ) -> HttpResponse:
        path = environment["PATH_INFO"]
        if path == ROW:
            self.rows += 1
            return HttpResponse("".join(map(self._item, self.row)))
        number = int(path.strip("/").rpartition("-")[2])
        words = self.stories[number]
        return HttpResponse(
            f"<h1>{words}</h1><!--piece {ROW} without={number} most=4-->"
        )

    def _item(self, number: int) -> str:
        words = self.stories[number]
        return f'<!--item {number}--><a href="{path_of(number)}">{words}</a>'


def path_of(number: int) -> str:
    return f"/2026/11/29/harbour-{number}/"


def draw(
    joiner: Joiner, number: int, old: Page | None = None
) -> tuple[Page, dict[int, str]]:
    """Draw a story's page; give it, and the words of each story it shows."""
    with on_the_tests_connection():
        made = joiner.make(HOST, path_of(number), old)
    assert made.is_true
    assert made.page is not None
    text = made.page.plain().decode()
    words = {number: text.partition("<h1>")[2].partition("<")[0]}
    for part in text.split('<a href="')[1:]:
        path, _, rest = part.partition('">')
        words[int(path.strip("/").rpartition("-")[2])] = rest.partition("<")[0]
    return made.page, words


def change(clock: Clock, station: Station, number: int, words: str) -> None:
    station.stories[number] = words
    clock.stamp(slots_of([story_key(number)]))


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


def opened(clock: Clock, *row: int) -> tuple[Station, Joiner, Page]:
    """Give a station with these stories in its row, and story 7's page as it is drawn."""
    station = Station(*row)
    station.stories.setdefault(7, "first")
    joiner = Joiner(clock, station)
    return station, joiner, draw(joiner, 7)[0]


def test_an_update_draws_its_own_page_and_not_the_row_in_which_it_isnt_shown(
    clock: Clock,
) -> None:
    station, joiner, page = opened(clock, 7, 8, 9)
    change(clock, station, 7, "second")
    page, words = draw(joiner, 7, page)
    assert words == {7: "second", 8: "first", 9: "first"}
    assert station.rows == 1
    # Another page shows it, and gets it as it is now.
    assert draw(joiner, 8)[1] == {8: "first", 7: "second", 9: "first"}
    assert station.rows == 2


def test_what_a_page_shows_of_others_is_never_older_than_their_change(
    clock: Clock,
) -> None:
    station, joiner, page = opened(clock, 7, 8, 9)
    change(clock, station, 7, "second")
    change(clock, station, 8, "second")
    page, words = draw(joiner, 7, page)
    assert words == {7: "second", 8: "second", 9: "first"}
    change(clock, station, 9, "second")
    assert draw(joiner, 7, page)[1] == {7: "second", 8: "second", 9: "second"}


def test_a_story_that_shares_its_slot_with_one_in_the_row_has_it_drawn_anew(
    clock: Clock,
) -> None:
    far = 7 + SHARED
    for beside in ((7, far, 9), (far, 9)):
        station, joiner, page = opened(clock, *beside)
        change(clock, station, far, "second")
        assert draw(joiner, 7, page)[1][far] == "second"
