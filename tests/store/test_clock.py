"""The clock of changes: who looks at it never takes for true what isn't."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wiredesk.delivery.store.clock import (
    EVERYTHING,
    OPEN,
    SIZE,
    Clock,
    is_true,
    slot_of,
    slots_of,
)

PAGE = slots_of(["story-12", "story-9", "picture-4", "list-front"])


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


def test_a_page_is_true_until_something_on_it_changes(clock: Clock) -> None:
    drawn_at = clock.head
    clock.stamp(slots_of(["story-13", "list-sports"]))
    assert is_true(clock.words, PAGE, drawn_at)
    clock.stamp(slots_of(["story-9"]))
    assert not is_true(clock.words, PAGE, drawn_at)
    assert is_true(clock.words, PAGE, clock.head)


def test_what_is_about_to_go_dark_is_true_for_nobody_until_that_is_said(
    clock: Clock,
) -> None:
    clock.open(slots_of(["story-9"]))
    assert not is_true(clock.words, PAGE, clock.head)
    clock.stamp(slots_of(["story-12"]))
    assert not is_true(clock.words, PAGE, clock.head)
    clock.close(slots_of(["story-9"]))
    assert is_true(clock.words, PAGE, clock.head)


@pytest.mark.parametrize("other", ["close", "stamp"])
def test_one_change_doesnt_close_what_another_has_opened(
    clock: Clock, other: str
) -> None:
    slots = slots_of(["story-9"])
    clock.open(slots)
    if other == "close":
        clock.open(slots)
    getattr(clock, other)(slots)
    assert clock.words[slots[0]] >= OPEN
    assert not is_true(clock.words, slots, clock.head)
    clock.close(slots)
    assert is_true(clock.words, slots, clock.head)


def test_a_clock_whose_file_was_taken_away_knows_it(
    clock: Clock, tmp_path: Path
) -> None:
    assert clock.is_there
    (tmp_path / "clock").unlink()
    assert not clock.is_there


def test_another_process_sees_a_change_without_being_told(
    clock: Clock, tmp_path: Path
) -> None:
    before = clock.head
    code = (
        "import sys; from pathlib import Path;"
        "from wiredesk.delivery.store.clock import Clock, slots_of;"
        "Clock(Path(sys.argv[1])).stamp(slots_of(['story-9']))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert clock.head == before + 1
    assert not is_true(clock.words, PAGE, before)


def test_a_new_era_ends_everything(clock: Clock) -> None:
    era, drawn_at = clock.era, clock.head
    clock.renew()
    assert clock.era != era
    assert not is_true(
        clock.words, slots_of([]) + type(PAGE)("I", [EVERYTHING]), drawn_at
    )


def test_the_clock_has_all_its_room_from_the_start(
    clock: Clock, tmp_path: Path
) -> None:
    file = (tmp_path / "clock").stat()
    assert (file.st_size, file.st_blocks * 512 >= SIZE) == (SIZE, True)


def test_the_same_clock_is_opened_again_with_what_it_knew(
    clock: Clock, tmp_path: Path
) -> None:
    clock.stamp(PAGE)
    again = Clock(tmp_path)
    assert (again.head, again.era) == (clock.head, clock.era)


def test_stories_and_pictures_have_slots_of_their_own() -> None:
    stories = {slot_of(f"story-{number}") for number in range(5000)}
    pictures = {slot_of(f"picture-{number}") for number in range(5000)}
    assert len(stories | pictures) == 10_000
    assert slot_of("list-front") not in stories | pictures
