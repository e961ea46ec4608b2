"""What the desk may do with a story, and what it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.stories.wires import a_message, is_public, outcome, save, story_of, take
from wiredesk.accounts.models import User
from wiredesk.logbook.models import Entry
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.make_author import make_author
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.actions.publish_station_story import publish_station_story
from wiredesk.stories.models import Order, Placement, Story, StoryStanding
from wiredesk.stories.signals import stories_changed
from wiredesk.wire.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chief", password="-")


def latest(version: str) -> Message:
    return Message.objects.filter(version=version).latest("pk")


def test_an_editor_publishes_a_held_story(chief: User) -> None:
    take(a_message(policy={"publish": "hold"}))
    story = story_of()
    give_order(story=story, verb="publish", by=chief, message=latest("1"))
    assert is_public()
    assert story_of().path
    assert Entry.objects.filter(
        verb="order-publish", thing=f"story:{story.pk}"
    ).exists()


def test_nobody_publishes_without_leave() -> None:
    take(a_message(policy={"publish": "hold"}))
    reporter = User.objects.create_user("reporter")
    with pytest.raises(PermissionDenied):
        give_order(story=story_of(), verb="publish", by=reporter, message=latest("1"))
    assert not Order.objects.exists()
    assert not is_public()


def test_a_release_needs_its_own_permission() -> None:
    take(a_message(), a_message(version="2", status="canceled"))
    editor = User.objects.create_user("editor")
    for name in ("publish_story", "release_story"):
        with pytest.raises(PermissionDenied):
            give_order(story=story_of(), verb="release", by=editor, message=latest("2"))
        found = Permission.objects.filter(codename=name)
        assert found.exists()
        editor.user_permissions.add(*found)
        editor = User.objects.get(pk=editor.pk)
    give_order(story=story_of(), verb="release", by=editor, message=latest("2"))


def test_an_order_given_twice_in_a_row_is_one(chief: User) -> None:
    take(a_message())
    for _ in range(2):
        give_order(story=story_of(), verb="hold", by=chief, message=latest("1"))
    assert Order.objects.count() == 1


def test_a_held_story_comes_back_at_the_desks_word(chief: User) -> None:
    take(a_message())
    path = story_of().path
    give_order(story=story_of(), verb="hold", by=chief, message=latest("1"))
    assert not is_public()
    assert outcome(a_message(version="2")) == "held"
    give_order(story=story_of(), verb="publish", by=chief, message=latest("2"))
    assert is_public()
    assert story_of().path == path


def test_publishing_beats_no_kill_but_a_release_lets_the_next_version_show(
    chief: User,
) -> None:
    take(a_message(), a_message(version="2", status="canceled"))
    give_order(story=story_of(), verb="publish", by=chief, message=latest("1"))
    assert not is_public()
    give_order(story=story_of(), verb="release", by=chief, message=latest("2"))
    assert not is_public()
    assert outcome(a_message(version="3", headline="Put right")) == "published"
    assert story_of().headline == "Put right"


def test_a_release_names_a_kill_of_that_story(chief: User) -> None:
    take(a_message(), a_message("urn:meridian:2", version="7", status="canceled"))
    for message in (None, latest("1"), latest("7")):
        with pytest.raises(ValidationError):
            give_order(story=story_of(), verb="release", by=chief, message=message)


def test_words_the_desk_changed_live_through_an_update(chief: User) -> None:
    take(a_message())
    Story.objects.update(headline="Ours", edited_at=timezone.now())
    assert outcome(a_message(version="2", headline="Theirs")) == "held"
    assert is_public()
    assert story_of().headline == "Ours"
    give_order(story=story_of(), verb="publish", by=chief, message=latest("2"))
    story = story_of()
    assert (story.headline, story.edited_at) == ("Theirs", None)


def test_words_the_desk_changed_go_with_a_kill() -> None:
    take(a_message())
    Story.objects.update(headline="Ours", edited_at=timezone.now())
    take(a_message(version="2", status="canceled"))
    assert not is_public()


def test_an_order_brings_changed_words_to_those_who_listen(chief: User) -> None:
    take(a_message())
    give_order(story=story_of(), verb="publish", by=chief, message=latest("1"))
    heard: list[int] = []

    def listen(story_ids: list[int], **_rest: object) -> None:
        heard.extend(story_ids)

    stories_changed.connect(listen)
    try:
        give_order(story=story_of(), verb="publish", by=chief, message=latest("1"))
    finally:
        stories_changed.disconnect(listen)
    assert set(heard) == {story_of().pk}


def test_the_stations_own_story_goes_live_with_an_address_and_a_place(
    chief: User,
) -> None:
    story = Story.objects.create(headline="Council meets")
    publish_station_story(story=story, by=chief)
    publish_station_story(story=story, by=chief)
    path = Story.objects.public().get().get_absolute_url()
    assert path.endswith(f"/council-meets-{story.pk}/")
    assert Placement.objects.count() == 1
    take(a_message())
    with pytest.raises(ValidationError):
        publish_station_story(story=story_of(), by=chief)


def test_a_byline_becomes_an_author_over_every_story_that_has_it(chief: User) -> None:
    take(a_message(bylines=["Zoë Brook"]), a_message("urn:meridian:2"))
    first = make_author(byline="Zoë Brook", by=chief)
    again = make_author(byline="Zoë Brook", by=chief)
    assert first == again
    assert first.slug == "zoe-brook"
    assert [row.story_id for row in first.stories.all()] == [story_of().pk]


def test_an_end_that_was_seen_stays_when_the_clock_is_set_back() -> None:
    ends = timezone.now() + timedelta(hours=1)
    take(a_message(expires=ends))
    assert note_expiry(now=ends - timedelta(seconds=1)) == 0
    assert note_expiry(now=ends) == 1
    assert note_expiry(now=ends) == 0
    assert not is_public(now=ends - timedelta(minutes=30))
    assert StoryStanding.objects.get().was_public


def test_a_newer_version_with_a_later_end_brings_an_ended_story_back() -> None:
    ends = timezone.now() + timedelta(hours=1)
    take(a_message(expires=ends))
    note_expiry(now=ends)
    take(a_message(version="2", expires=ends + timedelta(days=1)))
    assert is_public()


def test_a_lifted_embargo_is_announced_once() -> None:
    lifts = timezone.now() + timedelta(hours=1)
    take(a_message(status="embargoed", embargoed_until=lifts))
    assert note_expiry(now=lifts) == 1
    assert note_expiry(now=lifts) == 0
    assert StoryStanding.objects.get().was_public


def test_the_lift_of_an_embargo_over_what_was_public_is_announced_once() -> None:
    lifts = timezone.now() + timedelta(hours=1)
    take(a_message())
    take(a_message(version="2", status="embargoed", embargoed_until=lifts))
    assert StoryStanding.objects.get().was_public
    heard: list[list[int]] = []

    def hear(sender: object, story_ids: list[int], **told: object) -> None:
        heard.append(story_ids)

    stories_changed.connect(hear)
    try:
        assert note_expiry(now=lifts - timedelta(seconds=1)) == 0
        assert note_expiry(now=lifts) == 1
        assert note_expiry(now=lifts) == 0
    finally:
        stories_changed.disconnect(hear)
    assert heard == [[story_of().pk]]


def test_a_message_nobody_settled_is_settled_with_the_next() -> None:
    save(a_message(version="2", status="canceled"))
    take(a_message(version="1"))
    assert not is_public()
