"""The registry of surfaces: all show a public story, none a withdrawn one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.delivery.conftest import Newsroom
from wiredesk.delivery.surfaces import surfaces
from wiredesk.stories.models import Correction, Picture, Story, StoryVersion
from wiredesk.stories.words_read import WordsRead

WORD = "zephyrine"


@pytest.fixture
def story(newsroom: Newsroom, draw: Callable[..., Picture]) -> Story:
    inside = draw()
    story = newsroom.story(
        "Ferry returns to Harbour Street",
        pictures=[draw()],
        blocks=[
            {"type": "text", "value": f"<p>The {WORD} boat came back.</p>"},
            {"type": "picture", "value": {"picture": inside.pk, "caption": ""}},
        ],
    )
    for at, body in ((story.published_at, "The boat is late."), (None, "It came.")):
        words = WordsRead(headline=story.headline, body=f"<p>{body}</p>")
        StoryVersion.objects.create(
            story=story, at=at or timezone.now(), words=words.as_json()
        )
    Correction.objects.create(story=story, text="It was noon.", at=timezone.now())
    return story


def path_of(address: str) -> str:
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


def test_every_surface_shows_a_public_story_where_it_says(
    client: Client, story: Story
) -> None:
    for surface in surfaces():
        addresses = surface.urls_of(story)
        assert addresses, surface.name
        assert surface.shows(story, timezone.now()), surface.name
        for address in addresses[:2]:
            answer = client.get(path_of(address))
            assert answer.status_code == 200, (surface.name, address)
            if surface.name != "pictures":
                assert story.path is not None
                assert story.path in answer.content.decode(), (surface.name, address)


def test_no_surface_shows_a_withdrawn_story(
    client: Client, newsroom: Newsroom, story: Story
) -> None:
    pages = {surface.name: surface.urls_of(story) for surface in surfaces()}
    newsroom.withdraw(story)
    for surface in surfaces():
        assert surface.urls_of(story) == pages[surface.name], surface.name
        assert not surface.shows(story, timezone.now()), surface.name
        for address in pages[surface.name]:
            answer = client.get(path_of(address))
            if surface.name in {"story page", "pictures"}:
                assert answer.status_code == 410, (surface.name, address)
                assert answer["Cache-Control"] == "no-store", address
            text = answer.content.decode()
            assert WORD not in text, (surface.name, address)
            assert surface.name == "story page" or str(story.path) not in text, address


def test_a_picture_that_another_story_shows_is_not_this_one_s_to_take_along(
    newsroom: Newsroom, draw: Callable[..., Picture]
) -> None:
    shared, own = draw(), draw()
    story = newsroom.story(pictures=[shared, own])
    newsroom.story(pictures=[shared])
    (pictures,) = [surface for surface in surfaces() if surface.name == "pictures"]
    addresses = pictures.urls_of(story)
    assert any(f"/pictures/{own.pk}/" in address for address in addresses)
    assert not any(f"/pictures/{shared.pk}/" in address for address in addresses)


def test_a_story_kept_out_of_feeds_is_on_no_feed(newsroom: Newsroom) -> None:
    story = newsroom.story(feed_mode="none")
    shown = {s.name for s in surfaces() if s.shows(story, timezone.now())}
    assert shown == {
        "story page",
        "front",
        "section",
        "topic",
        "author",
        "search",
        "sitemap",
        "news sitemap",
    }


def test_a_story_kept_from_search_engines_is_on_no_sitemap(newsroom: Newsroom) -> None:
    story = newsroom.story(noindex=True)
    shown = {s.name for s in surfaces() if s.shows(story, timezone.now())}
    assert not {"sitemap", "news sitemap"} & shown
