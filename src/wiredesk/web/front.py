"""What stands on the front, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.stories.models import SectionPage
from wiredesk.stories.queries import in_section, listed, newest
from wiredesk.web.cards import URGENT, Card
from wiredesk.web.lists import cards

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wiredesk.web.frame import Frame, Link

NEWEST = 24
# The lead is one of these; further down it would be yesterday's.
LEAD_AMONG = 10
BESIDE = 5
GRID = 6
IN_SECTION = 5
# Each costs a query, and a front may cost twenty.
MOST_BLOCKS = 7


@dataclass(frozen=True, slots=True)
class Block:
    """A section's newest on the front: one with its picture, the others as lines."""

    section: Link
    first: Card
    others: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The front. No story stands on it twice above the sections' blocks."""

    lead: Card | None
    beside: tuple[Card, ...]
    grid: tuple[Card, ...]
    blocks: tuple[Block, ...]


def compose_front(frame: Frame, now: datetime) -> Front:
    """Give the front as of ``now``; a query a section and a few more."""
    found = cards(newest(frame.site, now, NEWEST), frame, now)
    lead = _lead(found[:LEAD_AMONG])
    rest = [each for each in found if each is not lead]
    # What has a picture fills the grid; lines beside the lead need none.
    pictured = [each for each in rest if each.picture][:GRID]
    grid = pictured[: len(pictured) // 3 * 3]
    beside = [each for each in rest if each not in grid][:BESIDE]
    above = {each.number for each in (*beside, *grid, *((lead,) if lead else ()))}
    return Front(
        lead=lead,
        beside=tuple(beside),
        grid=tuple(grid),
        blocks=_blocks(frame, now, above),
    )


def _lead(among: Sequence[Card]) -> Card | None:
    """Give what can't wait; else the newest with a picture; else the newest."""
    urgent = [each for each in among if each.label]
    if urgent:
        return min(urgent, key=lambda each: each.urgency or URGENT)
    return next((each for each in among if each.picture), among[0] if among else None)


def _blocks(frame: Frame, now: datetime, above: set[int]) -> tuple[Block, ...]:
    """One small query a section for the numbers, one fetch for all the cards."""
    numbers: dict[Link, list[int]] = {}
    for link in frame.sections[:MOST_BLOCKS]:
        section = SectionPage(pk=link.number)
        found = in_section(section, now, IN_SECTION + len(above)).values_list("pk")
        numbers[link] = [pk for (pk,) in found if pk not in above][:IN_SECTION]
    wanted = {number for each in numbers.values() for number in each}
    stories = listed(now).filter(pk__in=wanted)
    by_number = {each.number: each for each in cards(stories, frame, now)}
    return tuple(
        _block(link, [by_number[number] for number in found if number in by_number])
        for link, found in numbers.items()
        if any(number in by_number for number in found)
    )


def _block(link: Link, found: Sequence[Card]) -> Block:
    first = next((each for each in found if each.picture), found[0])
    return Block(link, first, tuple(each for each in found if each is not first))
