"""What the sitemaps name, found by story number and never by counting rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, QuerySet
from wagtail.models import Page, Site

from wiredesk.delivery.addresses import at_home
from wiredesk.delivery.models import LastChange
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.truth import true_until
from wiredesk.stories.models import (
    Author,
    SectionPage,
    StandingPage,
    Story,
)
from wiredesk.stories.models.story import StoryQuerySet
from wiredesk.stories.queries import are_few, authors_on, topics_on
from wiredesk.topics.models import Topic

# What search engines take as news, and how much of it in one file.
NEWS_HOURS = timedelta(hours=48)
NEWS_STORIES = 1_000
NEWS_FILES = 20  # an archive that comes at once is no news
# Story numbers a file covers. It might hold 50,000, but is drawn anew for each kill in it.
PART = LastChange.BLOCK


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its path on the site, and when it last changed, where that is known."""

    path: str
    changed: datetime | None = None


def named(sites: Iterable[int], now: datetime) -> StoryQuerySet:
    """Give the stories that search engines are to keep under our address on these sites."""
    stories = Story.objects.listed(now).filter(
        Exists(at_home(sites)), noindex=False, path__isnull=False
    )
    return stories.exclude(canonical="source", source_address__gt="")


def part_of(story_id: int) -> int:
    """Give the number of the file that names the story."""
    return story_id // PART


def parts(site: Site, now: datetime) -> list[int]:
    """Give the files that name anything, the newest last; a short query each."""
    found: list[int] = []
    beyond = 0
    while first := _first_from([site.pk], [beyond], at=now):
        ((number,),) = first
        found.append(part_of(number))
        beyond = (found[-1] + 1) * PART
    return found


def numbers_from(
    sites: Iterable[int], first: list[int], now: datetime
) -> QuerySet[Story, tuple[int]]:
    """Give the first number of a story that is named, at or after ``first``."""
    found = named(sites, now).filter(pk__gte=first[0])
    return found.order_by("pk").values_list("pk")[:1]


def changes(found: list[int]) -> dict[int, datetime]:
    """Give when a story of each file last changed, appeared or went."""
    keys = {LastChange.key_of_block(part): part for part in found}
    rows = LastChange.objects.filter(pk__in=keys).values_list("pk", "at")
    return {keys[key]: at for key, at in rows}


def stories_in(site: Site, part: int, now: datetime) -> list[int]:
    """Give the stories that a file names, by number and in order."""
    rows = _in_file([site.pk], *_bounds(part), at=now)
    return [number for (number,) in rows]


def news_parts(site: Site, now: datetime) -> list[int]:
    """Give the files that the news needs beside the first, the newest last.

    Each of its own numbers, so that one story changes one file and no other.
    """
    # Twenty thousand moments would take ten times as long to read as their numbers.
    newest = recent_stories([site.pk], now).values_list("pk", flat=True)
    further = list(newest[: NEWS_FILES * NEWS_STORIES])[NEWS_STORIES:]
    if further:
        last = Story.objects.filter(pk=further[-1])
        oldest = last.values_list("published_at", flat=True).first()
        # One that just went can't tell: then this answer isn't kept.
        true_until(oldest + NEWS_HOURS if oldest else now)
    return sorted({part_of(number) for number in further})


def news(site: Site, now: datetime) -> list[int]:
    """Give the newest stories first published in the last two days, newest first."""
    return [number for (number,) in _news([site.pk], at=now)]


def news_in(site: Site, part: int, now: datetime) -> list[int]:
    """Give the same of a file of numbers: all of them, however many are newer."""
    rows = _news_in_file([site.pk], *_bounds(part), at=now)
    return [number for (number,) in rows]


def recent_stories(sites: Iterable[int], now: datetime) -> StoryQuerySet:
    """Give the named stories first published in the last two days, newest first."""
    found = named(sites, now).filter(
        published_at__gt=now - NEWS_HOURS, published_at__lte=now
    )
    return found.order_by("-published_at", "-pk")


def _bounds(part: int) -> tuple[list[int], list[int]]:
    return [part * PART], [(part + 1) * PART]


def _within(
    stories: StoryQuerySet, first: list[int], beyond: list[int]
) -> QuerySet[Story, tuple[int]]:
    return stories.filter(pk__gte=first[0], pk__lt=beyond[0]).values_list("pk")


# Each kill has these files drawn anew, so their queries are built once, and that which
# the index puts for each file.
_first_from = PreparedQuery(numbers_from, lists=2, has_moment=True)
_in_file = PreparedQuery(
    lambda sites, first, beyond, now: _within(
        named(sites, now).order_by("pk"), first, beyond
    ),
    lists=3,
    has_moment=True,
)
_news = PreparedQuery(
    lambda sites, now: recent_stories(sites, now).values_list("pk")[:NEWS_STORIES],
    has_moment=True,
    shifts=(-NEWS_HOURS,),
)
_news_in_file = PreparedQuery(
    lambda sites, first, beyond, now: _within(
        recent_stories(sites, now), first, beyond
    ),
    lists=3,
    has_moment=True,
    shifts=(-NEWS_HOURS,),
)


def pages(site: Site, now: datetime) -> list[Place]:
    """Give the pages that are no story: the front, lists with something on them, the rest.

    A list changes whenever one of its stories does, so no time is said for it.
    """
    few = are_few([site.pk])
    topics = topics_on([site.pk], now, few=few).order_by("pk")
    authors = authors_on([site.pk], now, few=few).order_by("pk")
    return [
        Place("/"),
        *_of_the_tree(site),
        Place("/corrections/"),
        *map(_place_of, topics.iterator()),
        *map(_place_of, authors.iterator()),
    ]


def _place_of(list_of: Topic | Author) -> Place:
    return Place(list_of.get_absolute_url())


def _of_the_tree(site: Site) -> Iterator[Place]:
    root = len(site.root_page.url_path) - 1
    tree = Page.objects.live().public().descendant_of(site.root_page).order_by("path")
    for section in tree.type(SectionPage):
        yield Place(section.url_path[root:])
    for page in tree.type(StandingPage):
        if page.url_path[root:] != "/corrections/":
            yield Place(page.url_path[root:], page.last_published_at)
