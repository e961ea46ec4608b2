"""Opening a story and publishing it unchanged changes nothing that readers get."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from tests.desk.forms import fields_of
from tests.desk.newsroom import RICH, SAMPLES, bring, desk_of, item, story_of
from wiredesk.stories.models import Story

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed

pytestmark = pytest.mark.django_db

# Wagtail's own marks of what was saved when; nothing of it reaches a reader.
MARKS = {
    "latest_revision_id",
    "live_revision_id",
    "last_published_at",
    "first_published_at",
    "has_unpublished_changes",
}
MOST_OF_A_FOLDER = 20
MOST_STORIES = 150


def row_of(story: Story) -> dict[str, Any]:
    """Give the story's row as the database has it, and everything that hangs on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stories_story WHERE id = %s", [story.pk])
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    hung = {
        name: list(getattr(story, name).order_by("pk").values())
        for name in ("topics", "placements")
    }
    hung["pictures"] = list(
        story.pictures.order_by("sort_order").values(
            "picture", "caption", "credit", "alt", "href", "guid"
        )
    )
    hung["authors"] = list(story.authors.order_by("sort_order").values_list("author"))
    for topic in hung["topics"]:
        del topic["sort_order"]  # 0, 1, 2 may become 1, 2, 3
    return {name: value for name, value in {**row, **hung}.items() if name not in MARKS}


def publish_unchanged(desk: Client, story: Story) -> None:
    """Open the story's form and send it back as it came, to publish."""
    address = f"/desk/stories/edit/{story.pk}/"
    page = desk.get(address)
    assert page.status_code == 200
    answer = desk.post(address, {**fields_of(page.content), "action-publish": "yes"})
    assert answer.status_code == 302, answer.context["form"].errors


def assert_nothing_changes(desk: Client, story: Story) -> None:
    public = Client()
    before, page = row_of(story), public.get(story.path or "").content
    publish_unchanged(desk, story)
    story = Story.objects.get(pk=story.pk)
    assert row_of(story) == before
    assert public.get(story.path or "").content == page


def live_stories() -> list[Story]:
    return list(Story.objects.public().order_by("pk")[:MOST_STORIES])


def take_files(feed: Feed, files: list[Path]) -> None:
    for file in files:
        bring(feed, file.read_bytes())


def test_a_rich_story_keeps_every_byte(feed: Feed) -> None:
    bring(feed, item(body_xhtml=RICH))
    story = story_of()
    kinds = {block["type"] for block in story.body.raw_data}
    assert kinds == {"text", "locked"}
    assert_nothing_changes(desk_of("editor"), story)


def test_lines_keep_their_blanks_and_line_ends(feed: Feed) -> None:
    bring(feed, item())
    words = {"summary": "First line\nsecond line \n", "subheadline": " Led by a blank"}
    Story.objects.update(**words)
    assert_nothing_changes(desk_of("editor"), story_of())


def test_an_unchanged_story_is_not_called_edited_or_updated(feed: Feed) -> None:
    bring(feed, item(body_xhtml=RICH))
    publish_unchanged(desk_of("editor"), story_of())
    story = story_of()
    assert story.edited_at is None
    assert story.updated_at == story.published_at


def test_publishing_twice_changes_nothing_either(feed: Feed) -> None:
    bring(feed, item(body_xhtml=RICH))
    desk = desk_of("editor")
    assert_nothing_changes(desk, story_of())
    assert_nothing_changes(desk, story_of())


def test_our_own_samples_of_every_format_keep_every_byte(feed: Feed) -> None:
    folders = [folder for folder in sorted(SAMPLES.iterdir()) if folder.is_dir()]
    for folder in folders:
        take_files(feed, sorted(folder.iterdir()))
    stories = live_stories()
    assert len(stories) >= 20
    desk = desk_of("editor")
    for story in stories:
        assert_nothing_changes(desk, story)


@pytest.mark.slow
def test_agencies_real_copy_keeps_every_byte(feed: Feed, wire_samples: Path) -> None:
    for folder in sorted(path for path in wire_samples.iterdir() if path.is_dir()):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        step = max(1, len(files) // MOST_OF_A_FOLDER)
        take_files(feed, list(itertools.islice(files, 0, None, step)))
    stories = live_stories()
    assert len(stories) >= 40
    desk = desk_of("editor")
    for story in stories:
        assert_nothing_changes(desk, story)
