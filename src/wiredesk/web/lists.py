"""Lists of stories, a page at a time, with all a card needs and nothing more.

Pages are not counted: a section may hold a hundred thousand stories, and readers go one
page on or back. One story too many is fetched to know whether there is another page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django.db.models import QuerySet
from django.http import Http404

from wiredesk.lib.prepared import PreparedObjects, PreparedQuery
from wiredesk.lib.rows import known_row
from wiredesk.stories.models import Author, Picture, Placement, Story, StoryPicture
from wiredesk.stories.queries import (
    by_authors,
    in_sections,
    newest_on,
    on_topics,
    placed_on,
)
from wiredesk.topics.models import Topic
from wiredesk.web.cards import Card, Row, card
from wiredesk.web.pictures import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from wiredesk.web.frame import Frame, Link
    from wiredesk.web.pictures import PagePicture

_Row = TypeVar("_Row")
# Gives so many stories of a list, as cards show them, from so far down: (limit, offset).
Fetch: TypeAlias = Callable[[int, int], "Sequence[tuple[Any, ...]]"]

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
    rows: Iterable[tuple[Any, ...]],
    frame: Frame,
    now: datetime,
    *,
    sections: bool = True,
) -> tuple[Card, ...]:
    """Give the cards of stories that ``for_cards`` read: two queries, one ``sections``."""
    found = [Row(*row) for row in rows]
    numbers = [row.id for row in found]
    pictures = _lead_pictures(numbers, now)
    homes = _home_sections(numbers, frame) if sections else {}
    return tuple(
        card(row, now, section=homes.get(row.id), picture=pictures.get(row.id))
        for row in found
    )


def for_cards(stories: QuerySet[Story]) -> QuerySet[Any, tuple[Any, ...]]:
    """Read of stories what cards show; the text is most of a row."""
    return stories.values_list(*Row._fields)


# What decides whether a picture may be shown, and what is printed of it.
_OF_A_PICTURE = (
    *("id", "width", "height", "description", "caption", "credit"),
    *("expires", "usable_until", "past_end", "withdrawn_at", "erased_at"),
)
# What Wagtail gives each picture that it makes.
_COLUMNS = (*_OF_A_PICTURE, "decorative", "contextual_alt_text")
_NOT_KEPT = (False, None)
_pictures = PreparedQuery(
    lambda stories: (
        StoryPicture.objects.filter(story_id__in=stories, picture__isnull=False)
        .order_by("sort_order", "pk")
        .values_list(
            *("story_id", "alt", "caption", "credit"),
            *(f"picture__{column}" for column in _OF_A_PICTURE),
        )
    )
)
_sections = PreparedQuery(
    lambda stories, sites: (
        Placement.objects.filter(
            story_id__in=stories, site_id__in=sites, section__isnull=False
        )
        .order_by("-canonical", "pk")
        .values_list("story_id", "section_id")
    ),
    lists=2,
)


def _lead_pictures(stories: list[int], now: datetime) -> dict[int, PagePicture]:
    """Give each story's first picture that may be shown."""
    found: dict[int, PagePicture] = {}
    for story, alt, caption, credit, *rest in _pictures(stories):
        if story not in found:
            picture = known_row(Picture, _COLUMNS, (*rest, *_NOT_KEPT))
            shown = show(picture, now, alt=alt, caption=caption, credit=credit)
            if shown is not None:
                found[story] = shown
    return found


def _home_sections(stories: list[int], frame: Frame) -> dict[int, Link | None]:
    """Give the section of the site that each story is in first."""
    found: dict[int, Link | None] = {}
    for story, section in _sections(stories, [frame.site.pk]):
        if story not in found:
            found[story] = frame.section(section)
    return found


# Each is asked for anew after a kill; those of a section leave out what stands in its top.
_newest = PreparedQuery(
    lambda sites, now: for_cards(newest_on(sites, now)), has_moment=True
)
_on_topic = PreparedQuery(
    lambda topics, sites, now: for_cards(placed_on(on_topics(topics, now), sites)),
    lists=2,
    has_moment=True,
)
_by_author = PreparedQuery(
    lambda authors, sites, now: for_cards(placed_on(by_authors(authors, now), sites)),
    lists=2,
    has_moment=True,
)
_in_section = PreparedQuery(
    lambda sections, top, now: for_cards(
        in_sections(sections, now).exclude(pk__in=top)
    ),
    lists=2,
    has_moment=True,
)
_NO_STORY = 0


def newest(frame: Frame, now: datetime) -> Fetch:
    """Give the list of all the site's stories, like all of these the newest first."""
    return partial(_cut, _newest, ([frame.site.pk],), now)


def on_topic(number: int, frame: Frame, now: datetime) -> Fetch:
    """Give the list of a topic's stories on the site."""
    return partial(_cut, _on_topic, ([number], [frame.site.pk]), now)


def by_author(number: int, frame: Frame, now: datetime) -> Fetch:
    """Give the list of an author's stories on the site."""
    return partial(_cut, _by_author, ([number], [frame.site.pk]), now)


def in_section(number: int, top: Sequence[int], now: datetime) -> Fetch:
    """Give the list of a section's stories without those in its ``top``."""
    return partial(_cut, _in_section, ([number], [*top, _NO_STORY]), now)


def _cut(
    query: PreparedQuery,
    of: tuple[list[int], ...],
    now: datetime,
    limit: int,
    offset: int,
) -> list[tuple[Any, ...]]:
    return query(*of, at=now, most=limit, skip=offset)


def page_of(
    stories: Fetch, request: HttpRequest, frame: Frame, now: datetime
) -> Listing:
    """Give the page of a list that ``request`` asks for with ``?page=``.

    Raises ``Http404`` for what is no page number and beyond the last page.
    """
    number = page_number(request)
    wanted = stories(PAGE_SIZE + 1, (number - 1) * PAGE_SIZE)
    found = cards(wanted, frame, now)
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


# --- what a list is of, by the name in its address ------------------------------------

_topics = PreparedObjects(
    lambda slugs: Topic.objects.filter(slug__in=slugs, public=True)
)
_authors = PreparedObjects(
    lambda slugs: Author.objects.filter(slug__in=slugs).select_related("photo")
)


def topic_named(slug: str) -> Topic:
    """Give a topic that has a page. Raises ``Http404`` where there is none."""
    return _only(_topics([slug]))


def author_named(slug: str) -> Author:
    """Give an author, the photo with it. Raises ``Http404`` where there is none."""
    return _only(_authors([slug]))


def _only(found: list[_Row]) -> _Row:
    if not found:
        raise Http404
    return found[0]
