"""Editors arrange fronts and write the bar with plain forms, in a click or two."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk.newsroom import bring, desk_of, item, make_feed, story_of
from tests.web.newsroom import Newsroom, build_newsroom
from wiredesk.stories.curated import running_bar
from wiredesk.stories.models import Pin, Story, StoryStanding
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def newsroom(db: None, home: Path) -> Newsroom:
    return build_newsroom()


@pytest.fixture
def editor(db: None) -> Client:
    return desk_of("editor")


def arrange(newsroom: Newsroom) -> str:
    return f"/desk/fronts/{newsroom.front.pk}/"


def test_a_story_is_pinned_ordered_and_unpinned_on_the_fronts_own_screen(
    newsroom: Newsroom, editor: Client
) -> None:
    first, second = newsroom.story("The first"), newsroom.story("The second")
    screen = arrange(newsroom)
    for story in (first, second):
        pressed = {"pin": f"beside:{story.pk}", "hours": "3"}
        assert editor.post(f"{screen}pin/", pressed)["Location"] == screen

    def order() -> list[str]:
        pins = Pin.objects.filter(slot="beside")
        return list(pins.values_list("story__headline", flat=True))

    assert order() == ["The second", "The first"]
    pin = Pin.objects.get(story=first)
    left = (pin.until or timezone.now()) - timezone.now()
    assert timedelta(hours=2) < left < timedelta(hours=4)
    editor.post(f"/desk/fronts/pins/{pin.pk}/up/")
    assert order() == ["The first", "The second"]
    editor.post(f"/desk/fronts/pins/{pin.pk}/unpin/")
    assert order() == ["The second"]
    page = editor.get(screen).content.decode()
    assert "The second" in page
    assert "The first" in page  # among the stories that can be pinned


def test_a_pin_may_end_at_an_exact_time_or_never(
    newsroom: Newsroom, editor: Client
) -> None:
    story, screen = newsroom.story(), arrange(newsroom)
    day = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT08:30")
    editor.post(f"{screen}pin/", {"pin": f"lead:{story.pk}", "exactly": day})
    until = Pin.objects.get().until
    assert until is not None
    assert timezone.localtime(until).strftime("%Y-%m-%dT%H:%M") == day
    editor.post(f"{screen}pin/", {"pin": f"lead:{story.pk}", "hours": ""})
    assert Pin.objects.get().until is None
    answer = editor.post(
        f"{screen}pin/", {"pin": f"lead:{story.pk}", "exactly": "tomorrow"}, follow=True
    )
    assert "Write the time as day and time of day." in answer.content.decode()


def test_what_is_pinned_and_dark_says_why_it_is_not_shown(
    newsroom: Newsroom, editor: Client
) -> None:
    story = newsroom.story()
    editor.post(f"{arrange(newsroom)}pin/", {"pin": f"lead:{story.pk}"})
    assert "not shown" not in editor.get(arrange(newsroom)).content.decode()
    StoryStanding.objects.update(state=StoryStanding.State.WITHDRAWN)
    assert "not shown: withdrawn" in editor.get(arrange(newsroom)).content.decode()


def test_one_click_in_the_list_of_stories_makes_a_story_the_lead(
    newsroom: Newsroom, editor: Client
) -> None:
    story = newsroom.story("Ferry runs aground")
    held = newsroom.story("Not yet", state=StoryStanding.State.HELD)
    listing = editor.get("/desk/stories/").content.decode()
    assert f'action="/desk/fronts/lead/{story.pk}/"' in listing
    assert f'action="/desk/fronts/lead/{held.pk}/"' not in listing
    answer = editor.post(f"/desk/fronts/lead/{story.pk}/")
    assert answer["Location"] == arrange(newsroom)
    assert Pin.objects.get().slot == "lead"


def test_one_click_on_the_wires_message_makes_its_story_the_lead(
    newsroom: Newsroom, editor: Client
) -> None:
    bring(make_feed(), item())
    story, message = story_of(), Message.objects.get()
    screen = editor.get(reverse("wire_messages:inspect", args=[message.pk]))
    address = f"/desk/fronts/lead/{story.pk}/"
    assert f'action="{address}"' in screen.content.decode()
    editor.post(address)
    assert Pin.objects.get().story == story


def test_the_edit_view_of_a_front_shows_its_pins_and_leads_to_its_screen(
    newsroom: Newsroom, editor: Client
) -> None:
    story = newsroom.story("Pinned here")
    editor.post(f"/desk/fronts/lead/{story.pk}/")
    view = editor.get(f"/desk/pages/{newsroom.front.pk}/edit/").content.decode()
    assert "Pinned here" in view
    assert arrange(newsroom) in view


def test_stories_to_pin_are_found_by_words_and_the_one_asked_for_is_first(
    newsroom: Newsroom, editor: Client
) -> None:
    for number in range(3):
        newsroom.story(f"Council meets, {number}")
    other = newsroom.story("Harbour opens", published_at=timezone.now())
    found = editor.get(arrange(newsroom), {"q": "council"}).content.decode()
    assert "Council meets, 2" in found
    assert "Harbour opens" not in found
    first = Story.objects.get(headline="Council meets, 0")
    shown = editor.get(arrange(newsroom), {"story": first.pk}).context["stories"]
    assert [shown[0], shown[1]] == [first, other]


def test_the_bar_is_written_and_taken_away_in_a_form_each(
    newsroom: Newsroom, editor: Client
) -> None:
    story, site = newsroom.story("Dam at risk"), newsroom.site
    form = f"/desk/fronts/bar/{site.pk}/"
    page = editor.get(form, {"story": story.pk}).content.decode()
    assert 'value="Dam at risk"' in page
    answer = editor.post(
        form, {"words": "Leave the valley now", "story": story.pk, "minutes": "60"}
    )
    assert answer["Location"] == "/desk/fronts/"
    bar = running_bar(site, timezone.now())
    assert bar is not None
    assert (bar.words, bar.href) == ("Leave the valley now", story.path)
    assert "Leave the valley now" in editor.get("/desk/fronts/").content.decode()
    editor.post(f"{form}end/")
    assert running_bar(site, timezone.now()) is None
    empty = editor.post(form, {"words": "", "minutes": "60"})
    assert empty.status_code == 200
    assert empty.context["form"].errors["words"]


@pytest.mark.parametrize("role", ["reporter", "moderator", "engineer"])
def test_others_neither_see_nor_change_fronts(newsroom: Newsroom, role: str) -> None:
    client, story = desk_of(role), newsroom.story()
    assert "/desk/fronts/" not in client.get("/desk/").content.decode()
    for address in (
        "/desk/fronts/",
        arrange(newsroom),
        f"/desk/fronts/bar/{newsroom.site.pk}/",
    ):
        assert client.get(address).status_code in (302, 403)
    for address in (
        f"{arrange(newsroom)}pin/",
        f"/desk/fronts/lead/{story.pk}/",
        f"/desk/fronts/bar/{newsroom.site.pk}/end/",
    ):
        client.post(address, {"pin": f"lead:{story.pk}"})
    assert not Pin.objects.exists()
