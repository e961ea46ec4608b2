"""All that a story is, as plain values: what must be the same after a replay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from wiredesk.config.replay.findings import plain
from wiredesk.stories.models import (
    Correction,
    Placement,
    Reference,
    Story,
    StoryAuthor,
    StoryIdentity,
    StoryPicture,
    StoryStanding,
    StoryTopic,
    StoryVersion,
)
from wiredesk.stories.words_read import of_row

_STORY = (
    "summary",
    "language",
    "urgency",
    "slug",
    "path",
    "source",
    "source_name",
    "source_address",
    "credit",
    "copyright_notice",
    "usage_terms",
    "canonical",
    "noindex",
    "feed_mode",
    "published_at",
    "updated_at",
    "wire_message_id",
    "edited_at",
    "live",
)
_STANDING = tuple(
    field.attname
    for field in StoryStanding._meta.concrete_fields
    if not field.primary_key
)
# Of each story, in an order that says something; a row's own number says nothing.
_ROWS: tuple[tuple[str, Any, tuple[str, ...], tuple[str, ...]], ...] = (
    ("identities", StoryIdentity, ("source", "guid"), ("source", "guid")),
    (
        "versions",
        StoryVersion,
        ("at", "pk"),
        ("at", "message_id", "words", "ended_at"),
    ),
    (
        "corrections",
        Correction,
        ("at", "message_id", "text"),
        ("at", "message_id", "text", "by_id", "ended_at"),
    ),
    (
        "placements",
        Placement,
        ("-canonical", "site_id", "section_id"),
        ("site_id", "section_id", "canonical", "sort_at"),
    ),
    ("topics", StoryTopic, ("sort_order", "pk"), ("topic_id", "sort_at")),
    ("authors", StoryAuthor, ("sort_order", "pk"), ("author_id",)),
    (
        "pictures",
        StoryPicture,
        ("sort_order", "pk"),
        ("href", "picture_id", "caption", "credit", "alt", "guid"),
    ),
)


def story_numbers(alias: str) -> list[int]:
    """Give the numbers of all stories in a database."""
    return list(Story.objects.using(alias).order_by("pk").values_list("pk", flat=True))


def portraits(alias: str, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Give these stories of a database, by number, each value under its name."""
    found: dict[int, dict[str, Any]] = {}
    for story in Story.objects.using(alias).filter(pk__in=numbers):
        values = {name: getattr(story, name) for name in _STORY}
        found[story.pk] = values | of_row(story).as_json()
    for standing in StoryStanding.objects.using(alias).filter(pk__in=numbers):
        for name in _STANDING:
            found[standing.pk][f"standing.{name}"] = getattr(standing, name)
    for name, model, order, columns in _ROWS:
        rows: dict[int, list[Any]] = defaultdict(list)
        asked = model._default_manager.using(alias).filter(story__in=numbers)
        for story_id, *values in asked.order_by(*order).values_list(
            "story_id", *columns
        ):
            rows[story_id].append(dict(zip(columns, values, strict=True)))
        for number in found:
            found[number][name] = rows[number]
    return {number: plain(values) for number, values in found.items()}


def references(alias: str) -> set[tuple[Any, ...]]:
    """Give what messages say of other items."""
    rows = Reference.objects.using(alias)
    return set(rows.values_list("message_id", "verb", "source", "guid").iterator())
