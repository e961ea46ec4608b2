"""Lists of stories, a page at a time, with all a card needs and nothing more.

Pages are not counted: a section may hold a hundred thousand stories, and readers go one
page on or back. One story too many is fetched to know whether there is another page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from wiredesk.stories.models import Placement, Story, StoryPicture
from wiredesk.web.cards import Card, card

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from wiredesk.web.frame import Frame

# Gives so many stories of a list from so far down: (limit, offset).
Fetch: TypeAlias = Callable[[int, int], QuerySet[Story]]

PAGE_SIZE = 20
# No reader goes further; a robot that would is told so before the database is.
LAST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. ``newer`` and ``older`` are page numbers, 0 for none."""

    cards: tuple[Card, ...]
    number: int
    newer: int
    older: int


def cards(
    stories: QuerySet[Story], frame: Frame, now: datetime, *, sections: bool = True
) -> tuple[Card, ...]:
    """Give the stories' cards in three queries; in two without their sections."""
    wanted = with_card(stories, sections=sections)
    return tuple(card(story, frame, now) for story in wanted)


def page_of(
    stories: Fetch, request: HttpRequest, frame: Frame, now: datetime
) -> Listing:
    """Give the page of a list that ``request`` asks for with ``?page=``.

    Raises ``Http404`` for what is no page number and beyond the last page.
    """
    number = page_number(request)
    found = cards(stories(PAGE_SIZE + 1, (number - 1) * PAGE_SIZE), frame, now)
    if number > 1 and not found:
        raise Http404
    more = len(found) > PAGE_SIZE and number < LAST_PAGE
    return Listing(
        cards=found[:PAGE_SIZE],
        number=number,
        newer=number - 1,
        older=number + 1 if more else 0,
    )


def page_number(request: HttpRequest) -> int:
    """Read ``?page=``; the first page where there is none. Raises ``Http404``."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PAGE))):
        raise Http404
    number = int(text)
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    return number


def with_card(stories: QuerySet[Story], *, sections: bool = True) -> QuerySet[Story]:
    """Fetch with each story what a card shows, and leave its text where it is."""
    pictures = StoryPicture.objects.select_related("picture").order_by(
        "sort_order", "pk"
    )
    placements = Placement.objects.order_by("-canonical", "pk")
    if not sections:
        placements = placements.none()
    return stories.defer("body", "copyright_notice", "usage_terms").prefetch_related(
        Prefetch("pictures", queryset=pictures),
        Prefetch("placements", queryset=placements),
    )
