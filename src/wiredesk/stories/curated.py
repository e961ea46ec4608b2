"""What editors and rules choose: pins, what fills the rest, the breaking-news bar.

Whether a story may show is asked when a page is read: a pin never outlives the gate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.truth import true_until
from wiredesk.stories.models import (
    BreakingBar,
    FrontPage,
    Pin,
    Story,
    StoryPicture,
    StoryStanding,
)
from wiredesk.stories.queries import (
    in_sections,
    listed,
    newest_on,
    on_topic,
    placed_on,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wagtail.models import Site

    from wiredesk.stories.models import SectionPage

# What the gate and the lists ask of a standing.
STANDING = ("state", "visible_from", "visible_until", "listed_until", "expired_at")
# Of so many newest stories the most urgent are looked for.
URGENT_AMONG = 60
URGENT_FOR = timedelta(days=1)
# IPTC's middle, for copy that says nothing of it; and what comes behind all of it.
ORDINARY, LAST = 5, 10


@dataclass(frozen=True, slots=True)
class Filler:
    """A story that a rule gives a page, with what decides where it fits."""

    number: int
    urgency: int | None
    published_at: datetime | None
    has_picture: bool


def _running_pins(
    pages: Sequence[int], sites: Sequence[int], now: datetime
) -> QuerySet[Any, Any]:
    shown = placed_on(listed(now), sites).filter(pk=OuterRef("story_id"))
    pins = Pin.objects.running(now).filter(Exists(shown), page_id__in=pages)
    return pins.values_list("slot", "story_id", "until")


_pins = PreparedQuery(_running_pins, lists=2, has_moment=True)


def pinned(page_id: int | None, site: Site, now: datetime) -> dict[str, list[int]]:
    """Give the stories that are pinned on a page and may show, by slot, in order.

    One query. Only what stands on ``site`` counts: elsewhere it has no page.
    """
    found: dict[str, list[int]] = defaultdict(list)
    if page_id is None:
        return found  # the preview of a page that isn't saved yet
    for slot, story, until in _pins([page_id], [site.pk], at=now):
        found[slot].append(story)
        true_until(until)
    return found


def filling(
    page: FrontPage | SectionPage, site: Site, now: datetime, limit: int
) -> list[Filler]:
    """Give the stories that the page's rule fills it with, the first first."""
    section = None if isinstance(page, FrontPage) else page
    if section is not None and section.pk is None:
        return []  # the preview of a section that isn't saved yet
    if page.fill_by == page.Fill.URGENCY:
        return _most_urgent(_near(section, site, now, URGENT_AMONG), now)[:limit]
    found = _near(section, site, now, limit)
    if page.fill_by == page.Fill.TOPIC and page.fill_topic is not None:
        about = on_topic(page.fill_topic, site, now, limit, section=section)
        rows = [Filler(*row) for row in _as_fillers(about)]
        found = list(dict.fromkeys([*rows, *found]))[:limit]
    return found


def _near(
    section: SectionPage | None, site: Site, now: datetime, limit: int
) -> list[Filler]:
    if section is None:
        rows = _newest([site.pk], at=now, most=limit)
    else:
        rows = _newest_in_section([section.pk], at=now, most=limit)
    return [Filler(*row) for row in rows]


_newest = PreparedQuery(
    lambda sites, now: _as_fillers(newest_on(sites, now)), has_moment=True
)
_newest_in_section = PreparedQuery(
    lambda sections, now: _as_fillers(in_sections(sections, now)), has_moment=True
)
_newest_of_each = PreparedQuery(
    lambda sections, now: in_sections(sections, now).values_list(
        "placements__section_id", "pk"
    ),
    has_moment=True,
)


def newest_of_each(
    sections: Sequence[int], now: datetime, limit: int
) -> dict[int, list[int]]:
    """Give the newest stories of each section, by its page's number; one query."""
    found: dict[int, list[int]] = {section: [] for section in sections}
    for section, story in _newest_of_each.for_each(sections, most=limit, at=now):
        found[section].append(story)
    return found


def _as_fillers(stories: QuerySet[Story]) -> QuerySet[Any, Any]:
    pictures = StoryPicture.objects.filter(story=OuterRef("pk"), picture__isnull=False)
    rows = stories.annotate(pictured=Exists(pictures))
    return rows.values_list("pk", "urgency", "published_at", "pictured")


def _most_urgent(among: list[Filler], now: datetime) -> list[Filler]:
    def rank(each: Filler) -> int:
        if each.published_at is None or now - each.published_at > URGENT_FOR:
            return LAST
        true_until(each.published_at + URGENT_FOR)
        return each.urgency or ORDINARY

    # Sorting keeps the newest first among those of one rank.
    return sorted(among, key=rank)


_bars = PreparedQuery(
    lambda sites: (
        BreakingBar.objects.filter(site_id__in=sites, ended_at__isnull=True)
        .order_by()
        .values_list(
            "words",
            "until",
            "story_id",
            "story__path",
            *(f"story__standing__{column}" for column in STANDING),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar as readers see it; ``href`` is empty where it links nothing."""

    words: str
    href: str
    until: datetime


def running_bar(site: Site, now: datetime) -> Bar | None:
    """Give the bar that stands above the site's pages at ``now``, if any; one query.

    Every page asks, so the query is built once, and what the gate asks of a story's
    standing is asked of the one bar there may be.
    """
    for words, until, story, path, *columns in _bars([site.pk]):
        if until <= now:
            continue
        if story is None:
            return Bar(words, "", until)
        standing = StoryStanding(**dict(zip(STANDING, columns, strict=True)))
        ended = standing.listed_until is not None and standing.listed_until <= now
        if standing.is_live(now) and not ended:
            return Bar(words, path or "", until)
    return None


def bar_true_until(site: Site, now: datetime) -> datetime | None:
    """Give when the clock next changes the site's bar; ``None`` if it never does.

    A change by an editor or by the wire announces itself, and doesn't count.
    """
    return bar_hangs_on(site, now)[1]


def bar_hangs_on(site: Site, now: datetime) -> tuple[list[int], datetime | None]:
    """Give the stories that the site's bar links, dark ones too, and that moment; one query."""
    ends = ("visible_from", "visible_until", "listed_until")
    rows = list(
        BreakingBar.objects.running(now)
        .filter(site=site)
        .values_list("story_id", "until", *(f"story__standing__{at}" for at in ends))
    )
    moments = (at for _, *ends_at in rows for at in ends_at if at and at > now)
    return [story for story, *_ in rows if story], min(moments, default=None)


def next_bar_end(now: datetime) -> datetime | None:
    """Give when the clock next ends a bar of any site; ``None`` if it ends none."""
    running = BreakingBar.objects.running(now).order_by("until")
    return running.values_list("until", flat=True).first()
