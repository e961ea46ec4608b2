"""Bring public search, and what pictures ask, to the stories as they now stand."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from wiredesk.delivery.models import BodyPicture, SearchEntry
from wiredesk.delivery.search import marks
from wiredesk.delivery.search.plan import key_of
from wiredesk.delivery.search.words import without_marks, words_of
from wiredesk.delivery.surroundings import Surroundings, surroundings_of
from wiredesk.lib.batches import in_batches
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.rows import insert_together
from wiredesk.stories.models import Picture, Story, StoryStanding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_BODY = 100_000  # characters of a text that search reads

_COLUMNS = (
    "key",
    "story_id",
    "headline",
    "subheadline",
    "body",
    "names",
    "topics",
    "filters",
)
_TAG = re.compile(r"<[^>]*>")
_INSERT = (
    "INSERT INTO delivery_searchentry"
    " (key, story_id, headline, subheadline, body, names, topics, filters)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_WITH_VECTOR = """
    INSERT INTO delivery_searchentry
        (key, story_id, headline, subheadline, body, names, topics, filters, vector)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s,
        setweight(to_tsvector('wiredesk', %s), 'A')
        || setweight(to_tsvector('wiredesk', %s), 'B')
        || to_tsvector('wiredesk', %s) || array_to_tsvector(%s))
"""

_stories = PreparedQuery(
    lambda stories: (
        Story.objects.filter(pk__in=stories)
        .order_by()
        .values_list(
            "pk",
            "headline",
            "subheadline",
            "bylines",
            "source",
            "source_name",
            "published_at",
            "created_at",
            "standing__state",
            # The text as stored: building the blocks would cost more than the rest.
            Cast("body", TextField()),
        )
    )
)
_entries = PreparedQuery(
    lambda stories: SearchEntry.objects.filter(story_id__in=stories).values_list(
        *_COLUMNS
    )
)
_pictures = PreparedQuery(
    lambda stories: BodyPicture.objects.filter(story_id__in=stories).values_list(
        "story_id", "picture_id"
    )
)


@transaction.atomic(savepoint=False)
def index_stories(
    *, story_ids: Sequence[int], around: Mapping[int, Surroundings] | None = None
) -> None:
    """Write the search entries and body pictures of these stories anew.

    A story whose standing isn't live has no entry afterwards; its pictures stay known,
    so that their addresses can say "gone". Safe to repeat. Takes the same number of
    queries for any number of stories up to a batch. ``around`` is what stands around
    them, where the caller knows it.
    """
    if around is None:
        around = surroundings_of(story_ids)
    for batch in in_batches(story_ids):
        _index(batch, around)


def _index(story_ids: list[int], around: Mapping[int, Surroundings]) -> None:
    entries: dict[int, tuple[Any, ...]] = {}
    pictures: set[tuple[int, int]] = set()
    for *row, state, body in _stories(story_ids):
        blocks = json.loads(body or "[]")
        if state == StoryStanding.State.LIVE:
            beside = around.get(row[0]) or Surroundings()
            entries[row[0]] = _entry(row, blocks, beside)
        pictures.update((row[0], number) for number in body_picture_ids(blocks))
    _write_entries(story_ids, entries)
    _write_pictures(story_ids, pictures)


def _write_entries(story_ids: list[int], entries: dict[int, tuple[Any, ...]]) -> None:
    """Replace what differs: taking an entry out of the index is the dearest part."""
    stale: list[int] = []
    for row in _entries(story_ids):
        if entries.get(row[1]) == row:
            del entries[row[1]]
        else:
            stale.append(row[0])
    _delete(stale)
    _insert(list(entries.values()))


def _delete(keys: list[int]) -> None:
    if keys:
        # Nothing hangs on an entry: Django would look for what does each time.
        marks = ", ".join(["%s"] * len(keys))
        statement = f"DELETE FROM delivery_searchentry WHERE key IN ({marks})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, keys)


def _write_pictures(story_ids: list[int], pictures: set[tuple[int, int]]) -> None:
    if set(_pictures(story_ids)) == pictures:
        return
    BodyPicture.objects.filter(story_id__in=story_ids).delete()
    # A picture may have been deleted from the library and still stand in a text.
    kept = set(
        Picture.objects.filter(pk__in={number for _, number in pictures}).values_list(
            "pk", flat=True
        )
    )
    BodyPicture.objects.bulk_create(
        BodyPicture(story_id=story, picture_id=number)
        for story, number in sorted(pictures)
        if number in kept
    )


def _entry(
    row: list[Any], blocks: list[dict[str, Any]], around: Surroundings
) -> tuple[Any, ...]:
    pk, headline, subheadline, bylines, source, source_name, published, created = row
    names = [*map(str, bylines or ()), *around.names, source_name]
    filters = [marks.ALL, *dict.fromkeys(around.marks)]
    if source:
        filters.append(marks.source_mark(source))
    return (
        key_of(published or created, pk),
        pk,
        without_marks(headline),
        without_marks(subheadline),
        without_marks(body_words(blocks)[:LONGEST_BODY]),
        without_marks(", ".join(dict.fromkeys(filter(None, names)))),
        without_marks(", ".join(around.topics)),
        " ".join(filters),
    )


def _insert(entries: list[tuple[Any, ...]]) -> None:
    if not entries:
        return
    if connection.vendor == "postgresql":
        entries = [(*entry, *_vector_values(entry)) for entry in entries]
        sql = _INSERT_WITH_VECTOR
    else:
        sql = _INSERT
    insert_together(sql, entries)


def _vector_values(entry: tuple[Any, ...]) -> tuple[str, str, str, list[str]]:
    """Give the words by weight; only words, since PostgreSQL's parser sees more in text.

    It would take ``example.com`` or ``news/politics`` for one word, and FTS5 wouldn't.
    """
    _, _, headline, subheadline, body, names, topics, filters = entry
    beside = " ".join((subheadline, names, topics))
    return (
        " ".join(words_of(headline)),
        " ".join(words_of(beside)),
        " ".join(words_of(body)),
        filters.split(),
    )


def body_words(blocks: list[dict[str, Any]]) -> str:
    """Give the words of a stored body as plain text, markup left out."""
    parts: list[str] = []
    for block in blocks:
        value = block.get("value")
        if isinstance(value, str):
            # A plain paragraph's tags are found far sooner than any.
            words = value.replace("<p>", " ").replace("</p>", " ")
            parts.append(html.unescape(_TAG.sub(" ", words) if "<" in words else words))
        elif isinstance(value, dict):
            parts.append(str(value.get("caption") or ""))
    return " ".join(parts)


def body_picture_ids(blocks: list[dict[str, Any]]) -> set[int]:
    """Give the numbers of the pictures that stand in a stored body."""
    return {
        block["value"]["picture"]
        for block in blocks
        if block.get("type") == "picture"
        and isinstance(block.get("value"), dict)
        and isinstance(block["value"].get("picture"), int)
    }
