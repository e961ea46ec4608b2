"""A search as both engines understand it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models.expressions import RawSQL

from wiredesk.delivery.models.search_entry import STORY_BITS, STORY_MASK
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import StoryStanding
from wiredesk.stories.models.standing import is_listed

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.delivery.search.words import Query

LAST_KEY = 2**63 - 1
# "Best first" weighs the newest so many matches: weighing each of a hundred thousand
# costs a second, and what a station published years ago is seldom the best answer.
WEIGHED = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for: the reader's words, marks, a span of keys, at a moment.

    The last of the marks is the site's, where there is one: nearly all stories have it.
    """

    query: Query
    marks: tuple[str, ...]
    low: int
    high: int
    now: datetime

    def gate(self, story: str) -> tuple[str, list[Any]]:
        """Give the public's gate as a subquery on the story that ``story`` (SQL) names.

        It is the one that ``Story.objects.listed`` asks, so search can't fall behind it;
        asked of the standing itself, since every match is looked at with it.
        """
        return _gate(story).statement(at=self.now)


@cache
def _gate(story: str) -> PreparedQuery:
    return PreparedQuery(
        lambda now: (
            StoryStanding.objects.filter(
                is_listed(now),
                pk=RawSQL(story, []),  # noqa: S611
            )
            .order_by()
            .values_list("pk")
        ),
        lists=0,
        has_moment=True,
    )


def key_of(published_at: datetime, story_id: int) -> int:
    """Give the key of a story's entry: its second of publication, then its number."""
    second = max(int(published_at.timestamp()), 0)
    return (second << STORY_BITS) | (story_id & STORY_MASK)


def first_key(moment: datetime | None) -> int:
    """Give the lowest key at or after ``moment`` (without one: the lowest of all)."""
    return key_of(moment, 0) if moment else 0


def last_key(moment: datetime | None) -> int:
    """Give the highest key before ``moment`` (without one: the highest of all)."""
    return key_of(moment, 0) - 1 if moment else LAST_KEY
