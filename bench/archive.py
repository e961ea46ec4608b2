"""A station's archive to read from: stories as rows, without the wire that brought them.

Built once into a data folder and used again: reading is measured here, not arriving.
"""

from __future__ import annotations

import os
import random
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

AT_ONCE = 500
AUTHORS = 200
SOURCES = ("lodestar", "meridian", "halyard")
SECTIONS = ("Local", "Politics", "Business", "Sports", "Weather", "Arts")
# In every story, in one of ten, in one of a thousand, in one alone.
EVERYWHERE, COMMON, RARE, ONCE = "newsroom", "heronry", "zeppelin", "case"
PHRASE = "waited outside in the rain"
_FILLED = "filled"
_EVERY = timedelta(minutes=40)  # between two stories


def ready(home: Path, count: int, say: Callable[[str], None]) -> None:
    """Set Django up on ``home`` and fill it with ``count`` stories, unless it is full.

    With ``DATABASE_URL`` in the environment that database is filled.
    """
    os.environ["WIREDESK_HOME"] = str(home)
    os.environ.setdefault("WIREDESK_BASE_URL", "http://localhost")
    from wiredesk.config.boot import set_up

    set_up()
    from wiredesk.config.server.prepare import prepare

    prepare(say)
    mark = home / f"{_FILLED}-{count}"
    if mark.exists():
        return
    _fill(count, say)
    _settle()
    mark.touch()


def _fill(count: int, say: Callable[[str], None]) -> None:
    from django.db import transaction

    from wiredesk.delivery.actions.index_stories import index_stories

    around = _newsroom()
    chance = random.Random(1)  # noqa: S311 - the same archive in every run
    newest = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    for start in range(0, count, AT_ONCE):
        with transaction.atomic():
            numbers = range(start, min(start + AT_ONCE, count))
            # The highest number is the newest, as in a newsroom.
            stories = [
                _story(number, newest - _EVERY * (count - number), chance)
                for number in numbers
            ]
            _write(stories, around, chance)
            index_stories(story_ids=[story.pk for story in stories])
        if start % 10_000 == 0:
            say(f"{start:>8,} stories")


def _newsroom() -> dict[str, list[Any]]:
    """Make sections and authors; gives what stories are placed among."""
    from wagtail.models import Site

    from wiredesk.stories.models import Author, FrontPage, SectionPage
    from wiredesk.topics.models import Topic

    front = FrontPage.objects.get()
    sections = [
        front.add_child(instance=SectionPage(title=name, slug=name.lower()))
        for name in SECTIONS
    ]
    people = [
        Author(name=f"Reporter No. {number}", slug=f"reporter-{number}")
        for number in range(AUTHORS)
    ]
    desks = [
        Author(name=name.title(), slug=name, source=name, kind=Author.Kind.AGENCY)
        for name in SOURCES
    ]
    Author.objects.bulk_create([*people, *desks])
    return {
        "sites": [Site.objects.get()],
        "sections": sections,
        "topics": list(Topic.objects.order_by("pk")),
        "people": list(Author.objects.filter(source="")),
        "desks": list(Author.objects.exclude(source="")),
    }


def _story(number: int, at: datetime, chance: random.Random) -> Any:
    from wiredesk.stories.models import Story

    headline, paragraphs = copy.story(number, chance)
    words = [f"The {EVERYWHERE} hears of {ONCE} {number}."]
    if number % 10 == 0:
        words.append(f"The {COMMON} stands empty.")
    if number % 1000 == 0:
        words.append(f"A {RARE} came over the hill.")
    text = "".join(f"<p>{each}</p>" for each in (" ".join(words), *paragraphs))
    source = SOURCES[number % len(SOURCES)]
    pk = number + 1
    return Story(
        pk=pk,
        headline=headline,
        summary=paragraphs[0][:300],
        body=[{"type": "text", "value": text, "id": str(uuid.UUID(int=pk))}],
        slug=f"case-{number}",
        path=f"/{at:%Y/%m/%d}/case-{number}-{pk}/",
        source=source,
        source_name=source.title(),
        urgency=2 + number % 6,
        published_at=at,
        updated_at=at,
        created_at=at,
    )


def _write(stories: list[Any], around: dict[str, list[Any]], chance: Any) -> None:
    from wiredesk.stories.models import (
        Placement,
        Story,
        StoryAuthor,
        StoryStanding,
        StoryTopic,
    )

    rows: dict[type[Model], list[Any]] = {Story: stories}
    rows[StoryStanding] = [
        StoryStanding(
            story=story, state="live", since=story.published_at, was_public=True
        )
        for story in stories
    ]
    rows[Placement] = [
        Placement(
            story=story,
            site=around["sites"][0],
            section=chance.choice(around["sections"]),
            sort_at=story.published_at,
        )
        for story in stories
    ]
    rows[StoryTopic] = [
        StoryTopic(story=story, topic=topic, sort_at=story.published_at)
        for story in stories
        for topic in chance.sample(around["topics"], 2)
    ]
    desks = {desk.source: desk for desk in around["desks"]}
    rows[StoryAuthor] = [
        StoryAuthor(story=story, author=author, sort_order=order)
        for story in stories
        for order, author in enumerate(
            (chance.choice(around["people"]), desks[story.source])
        )
    ]
    for model, wanted in rows.items():
        model._default_manager.bulk_create(wanted, batch_size=AT_ONCE)


def _settle() -> None:
    """Let the database know its tables, as it does of itself in the course of a day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
