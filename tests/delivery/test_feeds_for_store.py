"""Of a feed that is drawn anew only what changed is made anew, and nothing old is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.delivery.conftest import Newsroom
from tests.store.drawing import on_the_tests_connection, text_of
from wiredesk.delivery.store import drawing
from wiredesk.delivery.store.changes import clock
from wiredesk.stories.actions.write_correction import write_correction
from wiredesk.stories.models import (
    Author,
    Picture,
    StationSettings,
    Story,
    StoryStanding,
)
from wiredesk.stories.signals import stories_changed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_clock"),
]
FEEDS = ("/feed.rss", "/feed.atom", "/feed.json", "/politics/feed.atom")
OF_BODIES = '"stories_story"."body"'


@pytest.fixture
def story(newsroom: Newsroom, draw: Callable[..., Picture]) -> Story:
    story = newsroom.story("Ferry returns", feed_mode="full", pictures=[draw()])
    for feed in FEEDS:
        assert "Ferry returns" in text_of(feed)
    return story


def bodies_read(path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        text_of(path)
    return sum(OF_BODIES in each["sql"] for each in asked)


def test_feeds_that_are_drawn_at_once_make_each_entry_once(
    newsroom: Newsroom, story: Story
) -> None:
    def read(path: str) -> int:
        try:
            return bodies_read(path)
        finally:
            connection.close()

    for number in range(20):
        newsroom.story(f"Bridge {number} opens", feed_mode="full")
    with ThreadPoolExecutor(len(FEEDS)) as threads:
        assert sum(threads.map(read, FEEDS)) == 1


def test_a_feed_reads_the_texts_of_new_stories_alone(
    newsroom: Newsroom, story: Story
) -> None:
    assert [bodies_read(feed) for feed in FEEDS] == [0] * len(FEEDS)
    newsroom.story("Bridge opens", feed_mode="full")
    assert [bodies_read(feed) for feed in FEEDS] == [1, 0, 0, 0]
    text = text_of("/feed.rss")
    assert text.index("Bridge opens") < text.index("Ferry returns")


def change_headline(story: Story) -> str:
    Story.objects.filter(pk=story.pk).update(headline="Ferry stays")
    stories_changed.send(sender=Story, story_ids=[story.pk])
    return "Ferry stays"


def correct(story: Story) -> str:
    text = "An earlier version named another pier."
    write_correction(story=story, text=text, by=None)
    return text


def rename_author(story: Story) -> str:
    author = Author.objects.get(stories__story=story)
    author.name = "Iva Brandt-Holm"
    author.save()
    return author.name


def withdraw_picture(story: Story) -> str:
    picture = Picture.objects.get()
    picture.withdrawn_at = timezone.now()
    picture.save()
    return ""


def move_the_station(story: Story) -> str:
    site = StationSettings.objects.get().site
    site.hostname = "lake.example"
    site.save()
    return "lake.example/2026"


CHANGES = (change_headline, correct, rename_author, withdraw_picture, move_the_station)


@pytest.mark.parametrize("change", CHANGES)
def test_a_feed_shows_at_once_what_changed_in_a_story(
    story: Story, change: Callable[[Story], str]
) -> None:
    assert "/pictures/" in text_of("/feed.rss")
    words = change(story)
    for feed in FEEDS:
        text = text_of(feed)
        assert words in text, feed
        assert ("/pictures/" in text) is (change is not withdraw_picture), feed


def test_what_was_known_by_another_clock_counts_for_nothing(story: Story) -> None:
    Story.objects.filter(pk=story.pk).update(headline="Ferry stays")
    assert "Ferry returns" in text_of("/feed.rss")  # nobody told the clock
    clock().renew()
    assert "Ferry stays" in text_of("/feed.rss")


ENDS = ("visible_from", "visible_until", "listed_until")


@pytest.mark.parametrize("column", ENDS)
def test_what_ends_while_a_page_is_drawn_ends_the_page(
    story: Story, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who knows which side of it the page has seen."""
    real, ended = drawing._find_ends, []

    def late(*given: Any, **more: Any) -> None:
        ended.append(timezone.now())
        StoryStanding.objects.filter(story=story).update(**{column: ended[0]})
        time.sleep(0.01)
        real(*given, **more)

    monkeypatch.setattr(drawing, "_find_ends", late)
    with on_the_tests_connection():
        answer = drawing.draw(WSGIHandler(), "testserver", "/feed.rss")
    assert answer.may_be_kept
    assert answer.until == ended[0].timestamp() < time.time()
