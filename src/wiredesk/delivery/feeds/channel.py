"""What a feed is of, and the stories in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.feeds.entries import Entry, correction_entry
from wiredesk.delivery.feeds.known import entries_of
from wiredesk.delivery.sites import station_of
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.corrections import public_corrections
from wiredesk.stories.models import Author, SectionPage, Story
from wiredesk.stories.models.story import StoryQuerySet
from wiredesk.stories.queries import (
    by_authors,
    in_sections,
    newest_on,
    on_topics,
    placed_on,
)
from wiredesk.topics.models import Topic

LENGTH = 50  # stories in a feed


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: whose, of what, where the page is that it follows, and its entries."""

    site: Site
    title: str
    description: str
    language: str
    page: str  # path of the page it follows, "/" for the front
    entries: tuple[Entry, ...]

    @property
    def home(self) -> str:
        """The address of the page."""
        return absolute(self.site, self.page)

    @property
    def updated(self) -> datetime | None:
        """When a story in it last changed; ``None`` for a feed without stories."""
        return max((entry.updated for entry in self.entries), default=None)


def site_channel(site: Site, now: datetime) -> Channel:
    """Give the feed of all stories on a site."""
    return _channel(site, "", "/", _entries(_of_site([site.pk], at=now), site, now))


def section_channel(site: Site, section: SectionPage, now: datetime) -> Channel:
    """Give the feed of a section."""
    entries = _entries(_of_section([section.pk], at=now), site, now)
    return _channel(site, section.title, f"/{section.slug}/", entries)


def topic_channel(site: Site, topic: Topic, now: datetime) -> Channel:
    """Give the feed of a topic on a site."""
    entries = _entries(_of_topic([topic.pk], [site.pk], at=now), site, now)
    return _channel(site, topic.name, topic.get_absolute_url(), entries)


def author_channel(site: Site, author: Author, now: datetime) -> Channel:
    """Give the feed of an author on a site."""
    entries = _entries(_of_author([author.pk], [site.pk], at=now), site, now)
    return _channel(site, author.name, author.get_absolute_url(), entries)


def chosen_channel(site: Site, numbers: Iterable[int], now: datetime) -> Channel:
    """Give a feed of these stories, in this order; all must be public on the site."""
    entries = entries_of(numbers, site, now)
    return _channel(site, gettext("Stories"), "/", entries)


def corrections_channel(site: Site, now: datetime) -> Channel:
    """Give the feed of what was corrected on a site."""
    # A contract may keep a story out of all feeds.
    found = public_corrections(site, now).exclude(story__feed_mode="none")
    entries = tuple(correction_entry(note, site) for note in found[:LENGTH])
    return _channel(site, gettext("Corrections"), "/corrections/", entries)


def _entries(
    rows: Iterable[tuple[int]], site: Site, now: datetime
) -> tuple[Entry, ...]:
    return entries_of((number for (number,) in rows), site, now)


def _first(stories: StoryQuerySet) -> QuerySet[Story, tuple[int]]:
    # A contract may keep a story out of all feeds.
    return stories.exclude(feed_mode="none").values_list("pk")[:LENGTH]


_of_site = PreparedQuery(
    lambda sites, now: _first(newest_on(sites, now)), has_moment=True
)
_of_section = PreparedQuery(
    lambda sections, now: _first(in_sections(sections, now)), has_moment=True
)
_of_topic = PreparedQuery(
    lambda topics, sites, now: _first(placed_on(on_topics(topics, now), sites)),
    lists=2,
    has_moment=True,
)
_of_author = PreparedQuery(
    lambda authors, sites, now: _first(placed_on(by_authors(authors, now), sites)),
    lists=2,
    has_moment=True,
)


def _channel(site: Site, of: str, page: str, entries: tuple[Entry, ...]) -> Channel:
    station = station_of(site)
    return Channel(
        site=site,
        title=f"{of} \u2013 {station.name}" if of else station.name,
        description=station.description or station.tagline or station.name,
        language=station.language,
        page=page,
        entries=entries,
    )
