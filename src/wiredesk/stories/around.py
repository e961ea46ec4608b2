"""What belongs to stories, fetched for many at once by queries that are built once.

Each function gives the stories what a page reads of them, as ``prefetch_related`` would:
``story.authors.all()`` and the like then ask nothing.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from wiredesk.lib.prepared import PreparedObjects
from wiredesk.stories.models import (
    AuthorName,
    Correction,
    Placement,
    StoryAuthor,
    StoryPicture,
    StoryTopic,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model, QuerySet

    from wiredesk.stories.models import Story

_IN_ORDER = ("sort_order", "pk")

_authors = PreparedObjects(
    lambda stories: (
        StoryAuthor.objects.filter(story_id__in=stories)
        .select_related("author__photo")
        .order_by(*_IN_ORDER)
    )
)
_names = PreparedObjects(
    lambda authors: AuthorName.objects.filter(author_id__in=authors).order_by("pk")
)
_topics = PreparedObjects(
    lambda stories: (
        StoryTopic.objects.filter(story_id__in=stories)
        .select_related("topic")
        .order_by(*_IN_ORDER)
    )
)
_pictures = PreparedObjects(
    lambda stories: (
        StoryPicture.objects.filter(story_id__in=stories)
        .select_related("picture")
        .order_by(*_IN_ORDER)
    )
)
_placements = PreparedObjects(
    lambda stories: (
        Placement.objects.filter(story_id__in=stories)
        .select_related("site__root_page", "section")
        .order_by("pk")
    )
)
_corrections = PreparedObjects(
    lambda stories: Correction.objects.shown().filter(story_id__in=stories)
)


def give_everything(stories: Sequence[Story]) -> None:
    """Give stories all that their pages, feeds and metadata print; five queries."""
    give_authors(stories)
    give_topics(stories)
    give_pictures(stories)
    give_corrections(stories)


def give_authors(stories: Sequence[Story]) -> None:
    """Give stories their authors, in order, each with photo and names; two queries."""
    rows = _authors(_numbers(stories))
    authors = {row.author_id: row.author for row in rows}
    for row in rows:
        row.author = authors[row.author_id]
    _give(authors.values(), "names", "author", _names(list(authors)))
    _give(stories, "authors", "story", rows)


def give_topics(stories: Sequence[Story]) -> None:
    """Give stories their topics, the one to follow first; one query."""
    _give(stories, "topics", "story", _topics(_numbers(stories)))


def give_pictures(stories: Sequence[Story]) -> None:
    """Give stories the pictures they use, the leading one first; one query."""
    _give(stories, "pictures", "story", _pictures(_numbers(stories)))


def give_placements(stories: Sequence[Story]) -> None:
    """Give stories where they stand, each with its site and section; one query."""
    _give(stories, "placements", "story", _placements(_numbers(stories)))


def give_corrections(stories: Sequence[Story]) -> None:
    """Give stories what readers are told was wrong, the newest first; one query."""
    _give(stories, "corrections", "story", _corrections(_numbers(stories)))


def _numbers(stories: Sequence[Story]) -> list[int]:
    return [story.pk for story in stories]


def _give(owners: Iterable[Model], name: str, back: str, rows: Sequence[Any]) -> None:
    """Put each owner's rows where Django looks for what was prefetched."""
    by_owner: dict[Any, list[Any]] = defaultdict(list)
    column = f"{back}_id"
    for row in rows:
        by_owner[getattr(row, column)].append(row)
    for owner in owners:
        nothing = _nothing(type(owner), name)
        rows_class: Any = type(nothing)
        mine = by_owner[owner.pk]
        for row in mine:
            setattr(row, back, owner)
        known: Any = rows_class(model=nothing.model, query=nothing.query)
        known._result_cache, known._prefetch_done = mine, True
        vars(owner).setdefault("_prefetched_objects_cache", {})[name] = known


@cache
def _nothing(owner: type[Model], name: str) -> QuerySet[Any]:
    """Give the query set of no rows of a relation: what is asked further finds nothing.

    Built once: of all that a page's rows cost, building it for each was a tenth.
    """
    relation: Any = owner._meta.get_field(name)
    empty: QuerySet[Any] = relation.related_model._default_manager.none()
    return empty
