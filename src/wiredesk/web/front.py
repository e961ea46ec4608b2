"""What stands on the front and on top of a section, and where.

Editors' pins first, in their slots; the page's rule fills what they leave open. Which
pins may show is asked with every reading, so the slot of a story that went dark has the
next one at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.curated import filling, newest_of_each, pinned
from wiredesk.stories.models import FrontPage, Pin, SectionPage
from wiredesk.stories.queries import listed
from wiredesk.web.cards import URGENT, Card, label
from wiredesk.web.lists import cards, for_cards

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import datetime

    from wiredesk.stories.curated import Filler
    from wiredesk.web.frame import Frame, Link

NEWEST = 24
# The lead is one of these; further down it would be yesterday's.
LEAD_AMONG = 10
BESIDE = 5
GRID = 6
IN_SECTION = 5
# More is no front but a list of lists.
MOST_BLOCKS = 7
# Beside a section's lead.
BESIDE_IN_SECTION = 3


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


@dataclass(frozen=True, slots=True)
class Top:
    """What leads a section: none of it stands in the list below."""

    lead: Card | None = None
    beside: tuple[Card, ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The stories in it."""
        return [each.number for each in (self.lead, *self.beside) if each]


def compose_front(page: FrontPage, frame: Frame, now: datetime) -> Front:
    """Give the front as of ``now``, in six queries; a topic that fills it costs two."""
    pins = pinned(page.pk, frame.site, now)
    lead, rest = _choose_lead(page, pins, frame, now, NEWEST)
    taken = {lead}
    beside = _free(pins[Pin.Slot.BESIDE], taken)[:BESIDE]
    grid = _free(pins[Pin.Slot.BELOW], {lead, *beside})[:GRID]
    # What has a picture fills the grid; lines beside the lead need none.
    taken = {lead, *beside, *grid}
    pictured = _free((each.number for each in rest if each.has_picture), taken)
    whole = min(GRID, (len(grid) + len(pictured)) // 3 * 3)
    grid += pictured[: max(whole - len(grid), 0)]
    others = _free((each.number for each in rest), {lead, *beside, *grid})
    beside += others[: BESIDE - len(beside)]
    above = {number for number in (lead, *beside, *grid) if number}
    blocks = _numbers_of_blocks(frame, now, above)
    found = _fetch([*above, *(n for each in blocks.values() for n in each)], frame, now)
    return Front(
        lead=found.get(lead),
        beside=_cards(found, beside),
        grid=_cards(found, grid),
        blocks=tuple(
            _block(link, shown)
            for link, numbers in blocks.items()
            if (shown := _cards(found, numbers))
        ),
    )


def compose_top(page: SectionPage, frame: Frame, now: datetime) -> Top:
    """Give what leads a section as of ``now``: pins, then what the page's rule gives."""
    pins = pinned(page.pk, frame.site, now)
    lead, rest = _choose_lead(page, pins, frame, now, LEAD_AMONG)
    # They stand in a row of pictures; what has none comes first in the list below.
    ranked = sorted(rest, key=lambda each: not each.has_picture)
    wanted = [*pins[Pin.Slot.BESIDE], *(each.number for each in ranked)]
    beside = _free(dict.fromkeys(wanted), {lead})[:BESIDE_IN_SECTION]
    found = _fetch([lead, *beside], frame, now)
    return Top(found.get(lead), _cards(found, beside))


def _choose_lead(
    page: FrontPage | SectionPage,
    pins: Mapping[str, Sequence[int]],
    frame: Frame,
    now: datetime,
    most: int,
) -> tuple[int, list[Filler]]:
    """Give the lead's number, 0 for none, and what the rule has for the rest."""
    chosen = {number for slot in pins.values() for number in slot}
    found = filling(page, frame.site, now, most + len(chosen))
    # One that is pinned elsewhere on the page stays there.
    leads = [each for each in found if each.number not in chosen][:LEAD_AMONG]
    pinned_lead = next(iter(pins[Pin.Slot.LEAD]), 0)
    return pinned_lead or _lead(leads, now), found


def _lead(among: Sequence[Filler], now: datetime) -> int:
    """Give what can't wait; else the first with a picture; else the first."""
    urgent = [each for each in among if label(each.urgency, each.published_at, now)]
    if urgent:
        return min(urgent, key=lambda each: each.urgency or URGENT).number
    first = next(iter(among), None)
    best = next((each for each in among if each.has_picture), first)
    return best.number if best else 0


def _free(numbers: Iterable[int], taken: Container[int]) -> list[int]:
    return [number for number in numbers if number not in taken]


def _fetch(numbers: Iterable[int], frame: Frame, now: datetime) -> dict[int, Card]:
    stories = _listed(set(numbers), at=now)
    return {each.number: each for each in cards(stories, frame, now)}


_listed = PreparedQuery(
    lambda numbers, now: for_cards(listed(now).filter(pk__in=numbers)), has_moment=True
)


def _cards(found: Mapping[int, Card], numbers: Iterable[int]) -> tuple[Card, ...]:
    return tuple(found[number] for number in numbers if number in found)


def _numbers_of_blocks(
    frame: Frame, now: datetime, above: set[int]
) -> dict[Link, list[int]]:
    """Give each section's newest that don't stand above; one query."""
    links = frame.sections[:MOST_BLOCKS]
    sections = [link.number for link in links]
    found = newest_of_each(sections, now, IN_SECTION + len(above))
    return {
        link: [pk for pk in found[link.number] if pk not in above][:IN_SECTION]
        for link in links
    }


def _block(link: Link, found: Sequence[Card]) -> Block:
    first = next((each for each in found if each.picture), found[0])
    return Block(link, first, tuple(each for each in found if each is not first))
