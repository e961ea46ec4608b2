"""What the wire says becomes what people may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.stories.wires import a_message, is_public, outcome, reason, story_of, take
from wiredesk.stories.models import (
    Author,
    Correction,
    Placement,
    Story,
    StoryAuthor,
    StoryPicture,
    StoryStanding,
)
from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
from wiredesk.wire.items import Kind

pytestmark = pytest.mark.django_db

GUID = "urn:meridian:1"


def test_a_usable_story_is_public_at_an_address_of_its_own() -> None:
    (taken,) = take(a_message())
    story = story_of()
    assert taken.outcome == "published"
    assert is_public()
    assert story.path == taken.story_path
    assert story.path.endswith(f"/orrin-bridge-closes-for-repairs-{story.pk}/")
    assert story.published_at == story.updated_at


def test_an_update_changes_the_words_and_keeps_the_address() -> None:
    take(a_message())
    path = story_of().path
    assert outcome(a_message(version="2", headline="Orrin bridge shut")) == "updated"
    story = story_of()
    assert (story.headline, story.path) == ("Orrin bridge shut", path)
    assert story.published_at is not None
    assert story.updated_at is not None
    assert story.updated_at > story.published_at


def test_a_new_version_with_the_same_words_is_no_news_to_the_reader() -> None:
    take(a_message())
    before = story_of().updated_at
    assert outcome(a_message(version="2", urgency=3)) == "updated"
    assert story_of().updated_at == before


def test_a_late_older_version_changes_nothing() -> None:
    take(a_message(version="10", headline="Ten"))
    assert outcome(a_message(version="9", headline="Nine")) == "superseded"
    assert story_of().headline == "Ten"


def test_the_same_message_again_is_a_duplicate() -> None:
    take(a_message())
    assert outcome(a_message()) == "duplicate"
    assert Story.objects.count() == 1


def test_a_correction_of_a_public_story_is_told_once() -> None:
    take(a_message())
    corrected: dict[str, Any] = {
        "version": "2",
        "headline": "Orrin bridge closes on Tuesday",
        "signals": ["sig:correction"],
        "editor_notes": [
            {"text": "The bridge closes on Tuesday, not Monday.", "public": True},
            {"text": "Desk: call Ada.", "public": False},
        ],
    }
    assert outcome(a_message(**corrected)) == "corrected"
    assert outcome(a_message(**corrected)) == "duplicate"
    (correction,) = Correction.objects.all()
    assert correction.text == "The bridge closes on Tuesday, not Monday."


def test_a_kill_takes_the_story_down_and_a_late_update_never_revives_it() -> None:
    take(a_message(version="1"))
    assert outcome(a_message(version="3", status="canceled")) == "withdrawn"
    assert outcome(a_message(version="2", headline="Late")) == "superseded"
    assert outcome(a_message(version="4", headline="Newer")) == "held"
    assert not is_public()
    assert StoryStanding.objects.get().was_public


def test_a_kill_before_its_story_leaves_nothing_to_show() -> None:
    assert outcome(a_message(version="2", status="canceled")) == "withdrawn"
    assert outcome(a_message(version="1")) == "superseded"
    assert not is_public()
    assert not StoryStanding.objects.get().was_public
    assert story_of().path is None


def test_a_withheld_story_is_dark_until_its_next_usable_version() -> None:
    take(a_message(version="1"))
    assert outcome(a_message(version="2", status="withheld")) == "held"
    assert not is_public()
    assert outcome(a_message(version="3")) == "published"
    assert is_public()


def test_an_unknown_status_is_held_for_the_desk() -> None:
    assert outcome(a_message(status="unknown")) == "held"
    assert not is_public()


def test_an_embargo_lifts_at_its_second_by_the_clock_alone() -> None:
    lifts = timezone.now() + timedelta(hours=1)
    early = a_message(status="embargoed", embargoed_until=lifts)
    assert outcome(early) == "embargoed"
    assert not is_public(now=lifts - timedelta(seconds=1))
    assert is_public(now=lifts)
    assert story_of().published_at == lifts


def test_an_embargo_without_end_waits_for_the_next_version() -> None:
    early = a_message(status="embargoed", embargo_open=True)
    assert outcome(early) == "embargoed"
    assert not is_public(now=timezone.now() + timedelta(days=4000))
    assert outcome(a_message(version="2")) == "published"


def test_an_expired_story_is_never_shown() -> None:
    past = timezone.now() - timedelta(minutes=1)
    assert outcome(a_message(expires=past)) == "expired"
    assert not is_public()


def test_a_feed_that_holds_waits_for_an_editor() -> None:
    assert outcome(a_message(policy={"publish": "hold"})) == "held"
    story = story_of()
    assert not is_public()
    assert story.headline == "Orrin bridge closes for repairs"
    assert story.path is None


def test_what_is_no_story_makes_none() -> None:
    assert outcome(a_message(kind="advisory", publishable=False)) == "filed"
    assert outcome(a_message("urn:meridian:2", kind="package")) == "filed"
    assert not Story.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.STORY])
def test_what_is_no_story_is_called_by_its_name(kind: Kind) -> None:
    told = reason(a_message(kind=str(kind), publishable=False))
    assert told.startswith("Understood and kept, but no story: ")
    assert kind not in (Kind.OTHER, Kind.KNOWLEDGE) or str(kind) not in told


def test_the_reason_says_why_an_item_waits() -> None:
    empty = reason(a_message(publishable=False, headline=""))
    assert empty.startswith("It has neither headline nor text to publish: version 1,")
    strange = reason(a_message("urn:meridian:2", status="unknown"))
    assert strange.startswith("Its status can't be understood: version 1,")


def test_another_document_kills_a_story_of_its_own_source_only() -> None:
    take(a_message())
    kill = {"kind": "advisory", "publishable": False}
    links = [{"rel": "kills", "guid": GUID}]
    from tests.stories.wires import a_feed

    foreign = a_feed("lodestar")
    assert (
        outcome(a_message("urn:lodestar:9", feed=foreign, links=links, **kill))
        == "withdrawn"
    )
    assert is_public()
    assert outcome(a_message("urn:meridian:9", links=links, **kill)) == "withdrawn"
    assert not is_public()


def test_a_kill_that_names_nothing_we_have_alarms_and_stays() -> None:
    from wiredesk.logbook.models import Alarm

    links = [{"rel": "kills", "guid": GUID}]
    note = a_message("urn:meridian:9", kind="advisory", publishable=False, links=links)
    assert outcome(note) == "withdrawn"
    assert GUID in Alarm.objects.get().text
    take(a_message())
    assert not is_public()


def test_a_batch_gives_the_same_ledger_as_its_parts() -> None:
    outcomes = [
        taken.outcome.value
        for taken in take(
            a_message(version="1"),
            a_message(version="2", headline="Second"),
            a_message(version="2", headline="Second"),
            a_message(version="1"),
            a_message("urn:meridian:2"),
            a_message(version="3", status="canceled"),
            a_message(version="2", headline="Late"),
        )
    ]
    assert outcomes == [
        "published",
        "updated",
        "duplicate",
        "duplicate",
        "published",
        "withdrawn",
        "superseded",
    ]
    assert not is_public()
    assert StoryStanding.objects.get(story=story_of()).was_public


def test_the_agencys_desk_is_always_the_last_author() -> None:
    ada = Author.objects.create(name="Ada Brook", slug="ada-brook")
    take(a_message(bylines=["Ada Brook", "Nobody Known"]))
    names = list(
        StoryAuthor.objects.filter(story=story_of()).values_list(
            "author__name", flat=True
        )
    )
    assert names == [ada.name, "Meridian"]
    take(a_message("urn:meridian:2"))
    assert Author.objects.filter(kind="agency").count() == 1


def test_copy_taken_by_hand_is_credited_to_whom_it_says_itself() -> None:
    by_hand = ensure_builtin_feed()
    names = {
        "urn:a": {"credit": "The Example Press", "source": "EP"},
        "urn:b": {"source": "http://wire.example/about", "copyright_holder": "Harrow"},
        "urn:c": {},
    }
    for guid, said in names.items():
        take(a_message(guid, feed=by_hand, **said))
    assert [story_of(guid, "direct").source_name for guid in names] == [
        "The Example Press",
        "Harrow",
        "",
    ]
    assert not Author.objects.exists()


def test_a_story_is_about_the_broadest_topic_first() -> None:
    take(
        a_message(
            media_topics=["20000587", "15000000"],
            subjects=[{"code": "20000587", "scheme": None, "name": "local election"}],
        )
    )
    first, *_rest = story_of().topics.all()
    assert first.topic.name == "Local election"
    from wiredesk.topics.models import Topic

    Topic.objects.filter(code="20000587").update(
        parent=Topic.objects.get(code="11000000")
    )
    take(a_message("urn:meridian:2", media_topics=["20000587"]))
    names = [row.topic.name for row in story_of("urn:meridian:2").topics.all()]
    assert names == ["Politics", "Local election"]


def test_a_story_stands_on_the_default_site_and_keeps_an_editors_places() -> None:
    take(a_message())
    placement = Placement.objects.get()
    assert placement.site.is_default_site
    assert placement.sort_at == story_of().published_at
    placement.delete()
    Placement.objects.create(
        story=story_of(), site_id=placement.site_id, canonical=True
    )
    take(a_message(version="2", headline="Again"))
    assert Placement.objects.count() == 1


def test_an_update_keeps_the_pictures_it_still_has() -> None:
    one = {"href": "one.jpg", "caption": "A", "credit": "C", "alt": "", "guid": "p1"}
    two = {**one, "href": "two.jpg", "guid": "p2"}
    take(a_message(pictures=[one, two]))
    kept = StoryPicture.objects.get(href="one.jpg").pk
    take(a_message(version="2", pictures=[{**one, "caption": "B"}]))
    (picture,) = StoryPicture.objects.all()
    assert (picture.pk, picture.caption) == (kept, "B")


def test_copy_without_a_headline_opens_with_its_first_words() -> None:
    take(
        a_message(
            headline="",
            slugline="BRIDGE-CLOSING-INTERNAL",
            body_text="The Orrin bridge is closed.\n\nIt rains.",
        )
    )
    assert story_of().headline == "The Orrin bridge is closed."


def test_an_unknown_order_of_another_document_holds_its_story() -> None:
    take(a_message())
    links = [{"rel": "doubts", "guid": GUID}]
    note = a_message("urn:meridian:9", kind="advisory", publishable=False, links=links)
    assert outcome(note) == "held"
    assert not is_public()
