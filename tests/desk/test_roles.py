"""Who may see and do what on the desk: every address, every role, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.desk.forms import fields_of
from tests.desk.newsroom import bring, desk_of, item, story_of
from wiredesk.accounts.roles import SLUGS
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.models import Alarm
from wiredesk.stories.models import Author, StationSettings
from wiredesk.topics.models import Topic
from wiredesk.wire.models import Delivery

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed

pytestmark = pytest.mark.django_db

EVERYONE = set(SLUGS)
DESK = {"reporter", "editor", "desk-chief", "engineer"}
WRITERS = {"reporter", "editor", "desk-chief"}
PUBLISHERS = {"editor", "desk-chief"}
CHIEF = {"desk-chief"}
FEEDS = {"desk-chief", "engineer"}
CLEARERS = {"editor", "desk-chief", "engineer"}

# Who may open it. {…} is filled in from what the test has brought.
SEEN = {
    "/desk/": EVERYONE,
    "/desk/wire/messages/": DESK,
    "/desk/wire/messages/inspect/{message}/": DESK,
    "/desk/wire/set-aside/": DESK,
    "/desk/wire/set-aside/inspect/{set_aside}/": DESK,
    "/desk/wire/originals/{set_aside}/": DESK,
    "/desk/wire/feeds/": DESK,
    "/desk/wire/feeds/new/": FEEDS,
    "/desk/wire/feeds/edit/{feed}/": FEEDS,
    "/desk/wire/feeds/{feed}/token/": FEEDS,
    "/desk/wire/feeds/{feed}/trial/": DESK,
    "/desk/stories/": EVERYONE,
    "/desk/stories/add/": WRITERS,
    "/desk/stories/edit/{story}/": WRITERS,
    "/desk/stories/history/{story}/": WRITERS,
    "/desk/stories/unpublish/{story}/": PUBLISHERS,
    "/desk/stories/delete/{story}/": set(),
    "/desk/authors/": WRITERS,
    "/desk/authors/add/": CHIEF,
    "/desk/authors/edit/{author}/": CHIEF,
    "/desk/topics/": WRITERS,
    "/desk/topics/add/": CHIEF,
    "/desk/topics/edit/{topic}/": CHIEF,
    "/desk/images/": WRITERS,
    "/desk/images/add/": WRITERS,
    "/desk/pages/{front}/": PUBLISHERS,
    "/desk/settings/stories/stationsettings/{station}/": CHIEF,
    "/desk/alarms/": EVERYONE,
    "/desk/logbook/": {"desk-chief", "engineer"},
    "/desk/users/": {"engineer"},
    "/desk/groups/": set(),
    "/desk/sites/": {"engineer"},
}
# What a POST may change, and by whom.
DONE = {
    "/desk/wire/messages/{message}/publish/": PUBLISHERS,
    "/desk/wire/messages/{message}/hold/": PUBLISHERS,
    "/desk/wire/messages/{message}/withdraw/": PUBLISHERS,
    "/desk/wire/messages/{message}/release/": PUBLISHERS,
    "/desk/wire/set-aside/{set_aside}/try-again/": CLEARERS,
    "/desk/wire/feeds/{feed}/token/": FEEDS,
    "/desk/alarms/{alarm}/clear/": CLEARERS,
    "/desk/stories/lock/{story}/": PUBLISHERS,
}
POST_ONLY = [
    address for address in DONE if "token" not in address and "lock" not in address
]


@pytest.fixture
def places(feed: Feed) -> dict[str, int]:
    """Bring something to every address; give what stands for each name in the tables."""
    message, broken = bring(feed, item(), b"no wire copy")
    assert message.message_id is not None
    assert broken.receipt is not None
    story = story_of()
    return {
        "message": message.message_id,
        "set_aside": Delivery.objects.get(state=Delivery.State.SET_ASIDE).pk,
        "feed": feed.pk,
        "story": story.pk,
        "author": Author.objects.order_by("pk")[0].pk,
        "topic": Topic.objects.order_by("pk")[0].pk,
        "front": story.placements.get().site.root_page_id,
        "station": StationSettings.objects.get().site_id,
        "alarm": raise_alarm(key="test", text="A feed is silent.").pk,
    }


def is_refusal(answer: object, address: str) -> bool:
    """Tell whether Wagtail sent somebody back to the desk's home, or said 403."""
    status = getattr(answer, "status_code", 0)
    if status in (403, 404):
        return True
    headers = getattr(answer, "headers", {})
    return status == 302 and headers.get("Location") == "/desk/" and address != "/desk/"


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_each_role_opens_what_the_table_says(role: str, places: dict[str, int]) -> None:
    desk = desk_of(role)
    opened = {
        address
        for address in SEEN
        if not is_refusal(desk.get(address.format(**places)), address)
    }
    assert opened == {address for address, roles in SEEN.items() if role in roles}


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_each_role_does_what_the_table_says(role: str, places: dict[str, int]) -> None:
    desk = desk_of(role)
    done = {
        address
        for address in DONE
        if not is_refusal(desk.post(address.format(**places)), address)
    }
    assert done == {address for address, roles in DONE.items() if role in roles}


def test_a_reporters_form_cannot_publish(feed: Feed) -> None:
    bring(feed, item())
    story, desk = story_of(), desk_of("reporter")
    address = f"/desk/stories/edit/{story.pk}/"
    fields = fields_of(desk.get(address).content)
    desk.post(address, {**fields, "headline": "Mine", "action-publish": "yes"})
    assert story_of().headline == story.headline


def test_a_stranger_gets_the_login_page(places: dict[str, int]) -> None:
    stranger = Client()
    for address in {*SEEN, *DONE}:
        for ask in (stranger.get, stranger.post):
            answer = ask(address.format(**places))
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/desk/login/"), address
    assert Alarm.objects.get(key="test").cleared_at is None


def test_what_changes_something_refuses_get(places: dict[str, int]) -> None:
    desk = desk_of("desk-chief")
    for address in POST_ONLY:
        assert desk.get(address.format(**places)).status_code == 405, address


def test_what_changes_something_wants_the_desks_own_form(
    places: dict[str, int],
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk_of("desk-chief").cookies
    for address in DONE:
        assert strict.post(address.format(**places)).status_code == 403, address


def test_every_screen_of_ours_is_in_the_tables() -> None:
    ours = {"wire", "stories", "authors", "topics", "alarms", "logbook"}
    told = {address.split("/")[2] for address in [*SEEN, *DONE]}
    desk = next(
        part
        for part in get_resolver().url_patterns
        if isinstance(part, URLResolver) and str(part.pattern) == "desk/"
    )
    there = {str(pattern.pattern).split("/")[0] for pattern in desk.url_patterns}
    assert ours <= told
    assert ours <= there
