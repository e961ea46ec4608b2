"""Every surface on which a story can show: one entry each.

What proves that a story is gone walks this registry and nothing else, so a new surface
is covered once it is registered, and one that isn't is a hole.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model
from django.utils import timezone
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.feeds.views import KINDS
from wiredesk.delivery.models import BodyPicture, SearchEntry
from wiredesk.delivery.pictures import gate
from wiredesk.delivery.pictures.sizes import CONTENT_TYPES, WIDTHS, Shape, picture_path
from wiredesk.delivery.sitemaps.addresses import NEWS, news_path, stories_path
from wiredesk.delivery.sitemaps.contents import (
    NEWS_HOURS,
    named,
    part_of,
)
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.around import give_authors, give_placements, give_topics
from wiredesk.stories.models import (
    Author,
    Correction,
    SectionPage,
    Story,
    StoryPicture,
    StoryVersion,
)
from wiredesk.topics.models import Topic

_Row = TypeVar("_Row", bound=Model)


class Expects(enum.Enum):
    """How an address of a surface answers once the story is gone from there."""

    GONE = "gone"  # 410 or 404, without the story's words
    UNLISTED = "unlisted"  # as ever, without link, headline or words
    UNLINKED = "unlinked"  # as ever, without link; it repeats what it was asked


@dataclass(frozen=True, slots=True)
class Surface:
    """A surface: its ``name``, its addresses for a story, whether the story is on it.

    ``urls_of`` gives absolute addresses at which the story shows, or showed while it
    was public; of a list its first page. ``shows`` asks the database, and so sees what
    its own transaction has written.
    """

    name: str
    urls_of: Callable[[Story], list[str]]
    shows: Callable[[Story, datetime], bool]
    expects: Expects = Expects.UNLISTED


_surfaces: dict[str, Surface] = {}


def register(surface: Surface) -> None:
    """Add a surface; the same name again replaces it."""
    _surfaces[surface.name] = surface


def surfaces() -> tuple[Surface, ...]:
    """Give all surfaces in the order of registration."""
    return tuple(_surfaces.values())


# --- where a story stands -----------------------------------------------------------


def give_places(stories: Sequence[Story]) -> None:
    """Give stories what their addresses are made of, so that no surface asks anew."""
    give_placements(stories)
    give_topics(stories)
    give_authors(stories)


def _sites(story: Story) -> list[Site]:
    return _in_order(place.site for place in story.placements.all())


def _sections(story: Story, site: Site) -> list[SectionPage]:
    return _in_order(
        place.section
        for place in story.placements.all()
        if place.site_id == site.pk and place.section is not None and place.section.live
    )


def _topics(story: Story) -> list[Topic]:
    return _in_order(row.topic for row in story.topics.all() if row.topic.public)


def _authors(story: Story) -> list[Author]:
    return _in_order(row.author for row in story.authors.all())


def _in_order(rows: Iterable[_Row]) -> list[_Row]:
    """Give each row once, by number."""
    return sorted(dict.fromkeys(rows), key=lambda row: row.pk)


# Each surface asks one of the two, and of what went dark hears no from both: what else
# would keep it off a surface is asked after them.
_public = PreparedQuery(
    lambda stories, now: (
        Story.objects.public(now).filter(pk__in=stories).values_list("pk")
    ),
    has_moment=True,
)
_listed = PreparedQuery(
    lambda stories, now: (
        Story.objects.listed(now).filter(pk__in=stories).values_list("pk")
    ),
    has_moment=True,
)


def _is_public(story: Story, now: datetime) -> bool:
    return bool(_public([story.pk], at=now))


def _is_listed(story: Story, now: datetime) -> bool:
    return bool(_listed([story.pk], at=now))


# --- pages and feeds ----------------------------------------------------------------


def _front_paths(_story: Story, _site: Site) -> Iterable[str]:
    return ["/"]


def _section_paths(story: Story, site: Site) -> Iterable[str]:
    return [f"/{section.slug}/" for section in _sections(story, site)]


def _topic_paths(story: Story, _site: Site) -> Iterable[str]:
    return [topic.get_absolute_url() for topic in _topics(story)]


def _author_paths(story: Story, _site: Site) -> Iterable[str]:
    return [author.get_absolute_url() for author in _authors(story)]


def _search_paths(story: Story, _site: Site) -> Iterable[str]:
    return [f"/search/?{urlencode({'q': story.headline})}"]


def _story_paths(story: Story, _site: Site) -> Iterable[str]:
    return [story.path] if story.path else []


_second_version = PreparedQuery(
    lambda stories: (
        StoryVersion.objects.filter(story_id__in=stories)
        .order_by("pk")
        .values_list("pk")[1:2]
    )
)
_correction = PreparedQuery(
    lambda stories: (
        Correction.objects.filter(story_id__in=stories).order_by().values_list("pk")[:1]
    )
)


def _history_paths(story: Story, _site: Site) -> Iterable[str]:
    if story.path and _second_version([story.pk]):
        return [f"{story.path}history/"]
    return []


def _api_paths(story: Story, _site: Site) -> Iterable[str]:
    return [f"/api/stories/{story.pk}/"]


def _corrections_paths(story: Story, _site: Site) -> Iterable[str]:
    return ["/corrections/"] if _correction([story.pk]) else []


Paths = Callable[[Story, Site], Iterable[str]]


def _on_every_site(paths: Paths, ending: str = "") -> Callable[[Story], list[str]]:
    def urls_of(story: Story) -> list[str]:
        return [
            absolute(site, path + ending)
            for site in _sites(story)
            for path in paths(story, site)
        ]

    return urls_of


def _is_in_feeds(story: Story, now: datetime) -> bool:
    return story.feed_mode != "none" and _is_listed(story, now)


def _is_in_api(story: Story, now: datetime) -> bool:
    # What isn't public is in no search either, and those are too many to ask.
    return story.feed_mode != "none" and _is_public(story, now)


def _is_in_search(story: Story, now: datetime) -> bool:
    return _is_listed(story, now) and SearchEntry.objects.filter(story=story).exists()


def _has_history(story: Story, now: datetime) -> bool:
    if not _is_public(story, now):
        return False
    return StoryVersion.objects.shown(now).filter(story=story)[1:2].exists()


def _is_corrected(story: Story, now: datetime) -> bool:
    if not _is_listed(story, now):
        return False
    return Correction.objects.shown().filter(story=story).exists()


# --- sitemaps -----------------------------------------------------------------------


def _sitemap_paths(story: Story, _site: Site) -> Iterable[str]:
    return [stories_path(part_of(story.pk))]


def _news_paths(story: Story, _site: Site) -> Iterable[str]:
    return [NEWS, news_path(part_of(story.pk))]


def _is_in_sitemap(story: Story, now: datetime) -> bool:
    if not _is_listed(story, now):
        return False
    sites = [site.pk for site in _sites(story)]
    return bool(sites) and named(sites, now).filter(pk=story.pk).exists()


def _is_in_news(story: Story, now: datetime) -> bool:
    published = story.published_at
    return (
        published is not None
        and published > now - NEWS_HOURS
        and _is_in_sitemap(story, now)
    )


# --- pictures -----------------------------------------------------------------------


_used_beside = PreparedQuery(
    lambda stories: (
        StoryPicture.objects.filter(story_id__in=stories, picture__isnull=False)
        .order_by()
        .values_list("picture")
    )
)
_used_within = PreparedQuery(
    lambda stories: (
        BodyPicture.objects.filter(story_id__in=stories)
        .order_by()
        .values_list("picture")
    )
)


def _pictures_of_its_own(story: Story, now: datetime) -> list[int]:
    """Give the story's pictures that nothing else shows: they go when it goes."""
    rows = (*_used_beside([story.pk]), *_used_within([story.pk]))
    return [
        number
        for (number,) in sorted(set(rows))
        if gate.ask(number, now, without=story).picture is None
    ]


def _picture_urls(story: Story) -> list[str]:
    return [
        absolute(site, picture_path(number, width, kind, shape))
        for site in _sites(story)
        for number in _pictures_of_its_own(story, timezone.now())
        for shape in Shape
        for width in WIDTHS
        for kind in CONTENT_TYPES
    ]


def _shows_pictures(story: Story, now: datetime) -> bool:
    own = _pictures_of_its_own(story, now)
    return any(gate.ask(number, now).picture for number in own)


# --- the registry -------------------------------------------------------------------

_LISTS: dict[str, Paths] = {
    "front": _front_paths,
    "section": _section_paths,
    "topic": _topic_paths,
    "author": _author_paths,
}

register(Surface("story page", _on_every_site(_story_paths), _is_public, Expects.GONE))
register(Surface("history", _on_every_site(_history_paths), _has_history, Expects.GONE))
register(Surface("corrections", _on_every_site(_corrections_paths), _is_corrected))
for _name, _paths in _LISTS.items():
    register(Surface(_name, _on_every_site(_paths), _is_listed))
register(
    Surface("search", _on_every_site(_search_paths), _is_in_search, Expects.UNLINKED)
)
register(Surface("API", _on_every_site(_api_paths), _is_in_api, Expects.GONE))
for _kind in KINDS:
    for _name, _paths in _LISTS.items():
        _of = "site" if _name == "front" else _name
        _urls = _on_every_site(_paths, f"feed.{_kind}")
        register(Surface(f"{_of} {_kind}", _urls, _is_in_feeds))
for _kind in KINDS:
    _urls = _on_every_site(_corrections_paths, f"feed.{_kind}")
    register(
        Surface(
            f"corrections {_kind}",
            _urls,
            lambda story, now: story.feed_mode != "none" and _is_corrected(story, now),
        )
    )
register(Surface("sitemap", _on_every_site(_sitemap_paths), _is_in_sitemap))
register(Surface("news sitemap", _on_every_site(_news_paths), _is_in_news))
register(Surface("pictures", _picture_urls, _shows_pictures, Expects.GONE))
