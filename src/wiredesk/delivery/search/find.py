"""The one function behind which public search stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from django.db import connection

from wiredesk.delivery.models import SearchEntry
from wiredesk.delivery.search import marks, postgresql, sqlite
from wiredesk.delivery.search.plan import WEIGHED, Plan, first_key, last_key
from wiredesk.delivery.search.snippets import highlight, snippet
from wiredesk.delivery.search.words import Query, parse
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.datelines import without_dateline
from wiredesk.stories.models import Author, SectionPage
from wiredesk.stories.models.standing import is_listed

if TYPE_CHECKING:
    from django.utils.safestring import SafeString
    from wagtail.models import Site

    from wiredesk.topics.models import Topic

Order = Literal["newest", "best"]


class FoundStory(NamedTuple):
    """What a list of hits shows of a story. ``feed_mode``: whether a feed may have it."""

    pk: int
    headline: str
    path: str
    language: str
    published_at: datetime
    dateline: str
    source_name: str
    feed_mode: str


_OF_THE_STORY = FoundStory._fields[2:]
# Whole rows of a story would take as long to make as their hits to write.
_found = PreparedQuery(
    lambda keys, now: SearchEntry.objects.filter(
        is_listed(now, "story__standing__"), key__in=keys
    ).values_list(
        *("key", "body", "story_id", "headline"),
        *(f"story__{name}" for name in _OF_THE_STORY),
    ),
    has_moment=True,
)

# A reader pages no deeper, since no more are weighed; a total above it is said as "more
# than".
MOST = WEIGHED
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A story that was found. ``headline`` and ``snippet`` are safe HTML, with marks."""

    story: FoundStory
    headline: SafeString
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits. ``total`` counts the public matches, no further than ``MOST``.

    ``more_than_total``: there are more than were counted; say "more than 1,000".
    """

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    more_than_total: bool = False

    @property
    def stories(self) -> list[FoundStory]:
        """The stories in order."""
        return [hit.story for hit in self.hits]


def search(
    *,
    query: str,
    now: datetime,
    site: Site | None = None,
    section: SectionPage | None = None,
    topic: Topic | None = None,
    author: Author | None = None,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    order: Order = "newest",
    limit: int = 20,
    offset: int = 0,
) -> SearchPage:
    """Give the stories that match and are public at ``now``.

    ``query`` is the reader's text as typed; any text will do. Without a word in it and
    without a filter but ``site`` the page is empty. ``since`` is included, ``until``
    isn't; both speak of first publication. ``best`` weighs the newest thousand matches.
    """
    words = parse(query)
    narrowed = (section, topic, author, source, since, until)
    if not words and not any(narrowed):
        return SearchPage()
    narrow = _marks(site, section, topic, author, source)
    if not words.wanted and not narrow:
        narrow = (marks.ALL,)  # an index must be given something to look for
    plan = Plan(words, narrow, first_key(since), last_key(until), now)
    engine = postgresql if connection.vendor == "postgresql" else sqlite
    offset = max(offset, 0)
    limit = min(max(limit, 0), LARGEST_PAGE, MOST - offset)
    keys, counted = engine.page(plan, order, limit, offset, most=MOST)
    return SearchPage(_hits(keys, plan), min(counted, MOST), counted > MOST)


def _marks(
    site: Site | None,
    section: SectionPage | None,
    topic: Topic | None,
    author: Author | None,
    source: str | None,
) -> tuple[str, ...]:
    given = (
        section and marks.section_mark(section.pk),
        topic and marks.topic_mark(topic.pk),
        author and marks.author_mark(author.pk),
        source and marks.source_mark(source),
        site and marks.site_mark(site.pk),
    )
    return tuple(mark for mark in given if mark)


def _hits(keys: list[int], plan: Plan) -> tuple[SearchHit, ...]:
    rows = _found(keys, at=plan.now)
    # One that isn't among them went while we looked.
    found = {key: (body, FoundStory(*row)) for key, body, *row in rows}
    return tuple(_hit(*found[key], plan.query) for key in keys if key in found)


def _hit(body: str, story: FoundStory, query: Query) -> SearchHit:
    words = without_dateline(body.lstrip(), story.dateline, story.source_name)
    return SearchHit(story, highlight(story.headline, query), snippet(words, query))
