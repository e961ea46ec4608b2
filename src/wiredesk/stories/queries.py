"""Lists of public stories, and what is known of one by its wire id.

A list is read off an index in its own order, so that its first page costs the same in
an archive of any size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from wiredesk.stories.actions.gather_cases import gather_for_identities
from wiredesk.stories.facts import Standing
from wiredesk.stories.models import (
    Author,
    Placement,
    Story,
    StoryAuthor,
    StoryTopic,
)
from wiredesk.stories.standing import standing
from wiredesk.topics.models import Topic
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from wagtail.models import Site

    from wiredesk.stories.models import SectionPage
    from wiredesk.stories.models.story import StoryQuerySet

PAGE = 20
_FEW = 5_000  # stories that are read through sooner than each author's are elsewhere


def listed(now: datetime | None = None) -> StoryQuerySet:
    """Give the public stories that lists may name: not those past a soft expiry."""
    stories: StoryQuerySet = Story.objects.listed(now)
    return stories


def newest(
    site: Site,
    now: datetime | None = None,
    limit: int = PAGE,
) -> StoryQuerySet:
    """Give the site's stories, newest first."""
    return _page(newest_on([site.pk], now), limit)


def newest_on(sites: Iterable[int], now: datetime | None = None) -> StoryQuerySet:
    """Give all stories of sites, by number, newest first."""
    return placed_on(listed(now), sites).order_by("-published_at", "-pk")


def in_sections(sections: Iterable[int], now: datetime | None = None) -> StoryQuerySet:
    """Give all stories of sections, by page number, newest first."""
    found = listed(now).filter(placements__section_id__in=sections)
    return found.order_by("-placements__sort_at", "-pk")


def on_topic(
    topic: Topic,
    site: Site | None = None,
    now: datetime | None = None,
    limit: int = PAGE,
    section: SectionPage | None = None,
) -> StoryQuerySet:
    """Give the topic's stories, newest first; of one site or section where given."""
    found = _on_site(on_topics([topic.pk], now), site)
    if section is not None:
        placed = Placement.objects.filter(story=OuterRef("pk"), section=section)
        found = found.filter(Exists(placed))
    return _page(found, limit)


def on_topics(topics: Iterable[int], now: datetime | None = None) -> StoryQuerySet:
    """Give all stories on topics, by number, newest first."""
    found = listed(now).filter(topics__topic_id__in=topics)
    return found.order_by("-topics__sort_at", "-pk")


def by_authors(authors: Iterable[int], now: datetime | None = None) -> StoryQuerySet:
    """Give all stories of authors, by number, newest first."""
    found = listed(now).filter(authors__author_id__in=authors)
    return found.order_by("-authors__sort_at", "-pk")


def topics_on(
    sites: Iterable[int], now: datetime | None = None, *, few: bool = False
) -> QuerySet[Topic]:
    """Give the public topics that a story listed on one of the sites is about.

    ``few``: as ``are_few`` tells of the sites; the topics are the same either way.
    """
    if few:
        about = _of_what_is_placed(StoryTopic, sites, now)
        return Topic.objects.filter(pk__in=about.values("topic"), public=True)
    shown = _related_and_shown(sites, now)
    used = StoryTopic.objects.filter(Exists(shown), topic=OuterRef("pk"))
    return Topic.objects.filter(Exists(used), public=True)


def authors_on(
    sites: Iterable[int], now: datetime | None = None, *, few: bool = False
) -> QuerySet[Author]:
    """Give the authors, agencies among them, of what is listed on one of the sites."""
    if few:
        wrote = _of_what_is_placed(StoryAuthor, sites, now)
        return Author.objects.filter(pk__in=wrote.values("author"))
    shown = _related_and_shown(sites, now)
    wrote = StoryAuthor.objects.filter(Exists(shown), author=OuterRef("pk"))
    return Author.objects.filter(Exists(wrote))


def are_few(sites: Iterable[int]) -> bool:
    """Tell whether these sites have a few thousand stories at most, and others more.

    Then what their stories name is found soonest by these stories. Of each author it
    would be asked for a story there, and who has none there may have thousands elsewhere.
    """
    here = Placement.objects.filter(site_id__in=sites)[: _FEW + 1].count()
    if here > _FEW:
        return False
    elsewhere = Placement.objects.exclude(site_id__in=sites)
    return elsewhere[: here + 1].count() > here


def _related_and_shown(sites: Iterable[int], now: datetime | None) -> StoryQuerySet:
    return placed_on(listed(now).filter(pk=OuterRef("story")), sites)


def _of_what_is_placed(
    model: type[StoryTopic | StoryAuthor], sites: Iterable[int], now: datetime | None
) -> QuerySet[Any, Any]:
    placed = Placement.objects.filter(site_id__in=sites).values("story")
    shown = listed(now).filter(pk__in=placed).order_by().values("pk")
    return model.objects.filter(story__in=shown)


@dataclass(frozen=True, slots=True)
class Status:
    """Where one identity stands, as of the moment that was asked for.

    ``url`` is the page's path if readers could ever see one. ``messages`` are plain
    rows, first receipt first; ``decides`` marks those that the standing follows from.
    """

    source: str
    guid: str
    standing: Standing
    url: str
    messages: list[dict[str, Any]] = field(default_factory=list)


def status(
    guid: str, source: str | None = None, now: datetime | None = None
) -> list[Status]:
    """Give the status of every source's item ``guid``; empty for one never heard of.

    Worked out anew from messages and orders, so that it doesn't lean on what it checks.
    """
    now = now or timezone.now()
    messages = Message.objects.filter(guid=guid)
    if source is not None:
        messages = messages.filter(source=source)
    sources = messages.order_by("source").values_list("source", flat=True).distinct()
    found = []
    for name in sources:
        (case,) = gather_for_identities([(name, guid)])
        stands = standing(case.facts, case.orders, now)
        story, row = case.story, case.standing
        public = story is not None and Story.objects.public(now).filter(pk=story.pk)
        seen = bool(public) or (row is not None and row.was_public)
        path = story.path if story is not None and seen else None
        ids = {fact.id for fact in case.facts}
        found.append(
            Status(name, guid, stands, path or "", _messages(ids, stands.follows_from))
        )
    return found


def _messages(ids: set[int], deciding: tuple[int, ...]) -> list[dict[str, Any]]:
    rows = Message.objects.filter(pk__in=ids).order_by("received_at", "pk")
    columns = ("guid", "version", "version_at", "received_at", "kind", "status")
    return [
        {**row, "decides": row["id"] in deciding}
        for row in rows.values("id", *columns, sha256=F("delivery__sha256"))
    ]


def _on_site(stories: StoryQuerySet, site: Site | None) -> StoryQuerySet:
    return stories if site is None else placed_on(stories, [site.pk])


def placed_on(stories: StoryQuerySet, sites: Iterable[int]) -> StoryQuerySet:
    """Keep the stories that stand on one of the sites, by number."""
    placed = Placement.objects.filter(story=OuterRef("pk"), site_id__in=sites)
    return stories.filter(Exists(placed))


def _page(stories: StoryQuerySet, limit: int) -> StoryQuerySet:
    """Cut a list short; lists show no body, which is most of a row."""
    return stories.defer("body")[:limit]
