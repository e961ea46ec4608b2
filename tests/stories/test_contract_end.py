"""The end of a feed's contract: from that second on nothing of it is shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from tests.stories.wires import a_feed, a_message, is_public, story_of, take
from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import apply_journal
from wiredesk.logbook.models import Entry
from wiredesk.stories.actions.end_contract import (
    end_contract,
    follow_ends,
    undo_end,
)
from wiredesk.stories.actions.keep_picture import keep_picture
from wiredesk.stories.actions.note_ends import note_contract_ends, note_picture_ends
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.contracts import report
from wiredesk.stories.models import Picture, Story, StoryPicture, StoryStanding
from wiredesk.stories.signals import stories_changed
from wiredesk.wire.models import ContractEnd, Feed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def drawn(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "PNG")
    return file.getvalue()


def brought(feed: Feed, story: Story, colour: str = "teal") -> Picture:
    """Give a picture as the wire's own fetching brings it to a story."""
    picture = keep_picture(
        content=drawn(colour), title="Pier", source=feed.source, feed_id=feed.pk
    )
    StoryPicture.objects.create(story=story, picture=picture, href="pier.png")
    return picture


class TestDark:
    def test_every_story_of_the_feed_is_dark_from_that_second(self) -> None:
        take(a_message("urn:a"), a_message("urn:b"))
        take(a_message("urn:other", feed=a_feed("lodestar")))
        end = timezone.now() + HOUR
        end_contract(feed=a_feed(), at=end)
        before, after = end - timedelta(microseconds=1), end
        for guid in ("urn:a", "urn:b"):
            assert is_public(guid, before)
            assert not is_public(guid, after)
            row = StoryStanding.objects.get(story__identities__guid=guid)
            assert row.visible_until == end
            assert row.is_live(before)
            assert not row.is_live(after)
        assert is_public("urn:other", after)

    def test_what_arrives_after_the_order_or_after_the_end_has_the_same_end(
        self,
    ) -> None:
        end = timezone.now() + HOUR
        end_contract(feed=a_feed(), at=end)
        take(a_message("urn:late"))
        assert is_public("urn:late", end - timedelta(seconds=1))
        assert not is_public("urn:late", end)
        ContractEnd.objects.update(at=timezone.now() - HOUR)
        (taken,) = take(a_message("urn:later"))
        assert taken.outcome.value == "expired"
        assert "contract" in taken.reason
        assert not is_public("urn:later")

    def test_an_end_now_answers_gone_for_what_was_seen(self) -> None:
        take(a_message("urn:a"))
        end_contract(feed=a_feed(), at=timezone.now())
        assert not is_public("urn:a")
        row = StoryStanding.objects.get()
        assert row.was_public
        assert row.in_words() == "expired"

    def test_neither_the_desk_nor_a_newer_version_beats_it(self) -> None:
        take(a_message("urn:a"))
        end_contract(feed=a_feed(), at=timezone.now())
        take(a_message("urn:a", version="2"))
        settle_stories([story_of("urn:a").pk])
        assert not is_public("urn:a")

    def test_what_was_once_past_stays_past_when_a_clock_is_set_back(self) -> None:
        end = timezone.now() + HOUR
        take(a_message("urn:a"))
        end_contract(feed=a_feed(), at=end)
        note_contract_ends(now=end)
        note_expiry(now=end)
        # From here on the clock is an hour behind the end again.
        assert not is_public("urn:a")
        settle_stories([story_of("urn:a").pk])
        assert not is_public("urn:a")
        take(a_message("urn:new"))
        assert not is_public("urn:new")

    def test_a_kill_of_the_ended_feed_still_counts(self) -> None:
        take(a_message("urn:a"))
        end_contract(feed=a_feed(), at=timezone.now())
        take(a_message("urn:a", version="2", status="canceled"))
        undo_end(feed=a_feed())
        assert not is_public("urn:a")
        assert StoryStanding.objects.get().state == "withdrawn"

    def test_the_signal_tells_of_every_story_before_the_second_comes(self) -> None:
        take(a_message("urn:a"), a_message("urn:b"))
        told: list[int] = []

        def hear(sender: object, story_ids: list[int], **_more: object) -> None:
            told.extend(story_ids)

        stories_changed.connect(hear)
        try:
            end_contract(feed=a_feed(), at=timezone.now() + HOUR)
        finally:
            stories_changed.disconnect(hear)
        assert set(told) == set(Story.objects.values_list("pk", flat=True))


class TestWhatStays:
    def test_the_same_version_by_another_feed_goes_on_without_a_gap(self) -> None:
        other = a_feed("second-way")
        Feed.objects.filter(pk=other.pk).update(source="meridian")
        other.refresh_from_db()
        take(a_message("urn:a"))
        take(a_message("urn:a", feed=other))
        end = timezone.now() + HOUR
        assert report(a_feed()).stories_stay == 1
        end_contract(feed=a_feed(), at=end)
        assert is_public("urn:a", end - timedelta(seconds=1))
        assert is_public("urn:a", end)
        message = story_of("urn:a").wire_message
        assert message is not None
        assert message.feed == other

    def test_an_older_version_by_another_feed_does_not_take_its_place(self) -> None:
        other = a_feed("second-way")
        Feed.objects.filter(pk=other.pk).update(source="meridian")
        other.refresh_from_db()
        take(a_message("urn:a", feed=other, version="1"))
        take(a_message("urn:a", version="2", headline="Orrin bridge stays open"))
        end_contract(feed=a_feed(), at=timezone.now())
        assert not is_public("urn:a")

    def test_a_picture_goes_unless_another_feeds_story_brought_it(self) -> None:
        feed, other = a_feed(), a_feed("second-way")
        Feed.objects.filter(pk=other.pk).update(source="meridian")
        other.refresh_from_db()
        take(a_message("urn:a"))
        take(a_message("urn:b", feed=other))
        alone = brought(feed, story_of("urn:a"))
        both = brought(feed, story_of("urn:a"), "olive")
        brought(other, story_of("urn:b"), "olive")
        # An editor's use of an agency's picture is no leave of its own.
        StoryPicture.objects.create(story=story_of("urn:b"), picture=alone)
        counts = report(feed)
        assert (counts.pictures, counts.pictures_stay) == (2, 1)
        end = timezone.now() + HOUR
        end_contract(feed=feed, at=end)
        alone.refresh_from_db()
        both.refresh_from_db()
        assert alone.is_shown(end - timedelta(seconds=1))
        assert not alone.is_shown(end)
        assert both.is_shown(end)
        later = keep_picture(
            content=drawn("navy"), title="x", source="meridian", feed_id=feed.pk
        )
        assert not later.is_shown(end)
        assert note_picture_ends(now=end) == 2
        alone.refresh_from_db()
        assert not alone.is_shown(timezone.now())


class TestOrder:
    def test_it_is_in_the_logbook_and_the_journal_without_words(
        self, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            end_contract(feed=a_feed(), at=timezone.now() + HOUR)
            undo_end(feed=a_feed())
        verbs = Entry.objects.filter(thing__startswith="feed:").values_list("verb")
        assert [verb for (verb,) in verbs] == ["contract-end", "contract-end-undone"]
        lines = [line for line in journal.read() if line.verb.startswith("contract")]
        assert [line.verb for line in lines[-2:]] == [
            "contract-end",
            "contract-undone",
        ]
        assert set(lines[-1].facts) == {"feed", "at", "erase_at", "ordered_at", "by"}

    def test_the_same_order_twice_is_one_and_a_past_end_needs_an_undo(self) -> None:
        end = timezone.now() - HOUR
        first = end_contract(feed=a_feed(), at=end)
        assert end_contract(feed=a_feed(), at=end).pk == first.pk
        with pytest.raises(ValidationError, match="Undo"):
            end_contract(feed=a_feed(), at=timezone.now() + HOUR)
        undo_end(feed=a_feed())
        end_contract(feed=a_feed(), at=timezone.now() + HOUR)
        assert ContractEnd.objects.in_force().count() == 1

    def test_the_worker_follows_an_order_that_was_broken_off(self) -> None:
        take(a_message("urn:a"))
        end_contract(feed=a_feed(), at=timezone.now(), follow=False)
        assert not is_public("urn:a")
        assert follow_ends() == 1
        assert follow_ends() == 0
        undo_end(feed=a_feed(), follow=False)
        assert not is_public("urn:a")
        assert follow_ends() == 1
        assert is_public("urn:a")

    def test_a_future_end_can_be_moved_and_undone(self) -> None:
        take(a_message("urn:a"))
        picture = brought(a_feed(), story_of("urn:a"))
        end = timezone.now() + HOUR
        end_contract(feed=a_feed(), at=end)
        end_contract(feed=a_feed(), at=end + HOUR)
        assert is_public("urn:a", end)
        assert not is_public("urn:a", end + HOUR)
        undo_end(feed=a_feed())
        assert is_public("urn:a", end + HOUR)
        picture.refresh_from_db()
        assert picture.is_shown(end + HOUR)

    def test_undoing_a_past_end_brings_everything_back(self) -> None:
        take(a_message("urn:a"))
        picture = brought(a_feed(), story_of("urn:a"))
        end_contract(feed=a_feed(), at=timezone.now())
        note_expiry()
        note_picture_ends()
        note_contract_ends()
        assert not is_public("urn:a")
        undo_end(feed=a_feed())
        assert is_public("urn:a")
        picture.refresh_from_db()
        assert picture.is_shown(timezone.now())

    def test_erase_follows_the_feeds_days_and_can_be_added(self) -> None:
        feed = a_feed(erase_days=30)
        end = timezone.now() + HOUR
        assert end_contract(feed=feed, at=end).erase_at is None
        added = end_contract(feed=feed, erase=True)
        assert added.erase_at == end + timedelta(days=30)
        with pytest.raises(ValidationError, match="none is in force"):
            end_contract(feed=a_feed("lodestar"), erase=True)

    def test_a_restored_database_is_brought_to_the_end_by_the_journal(self) -> None:
        start = journal.end()
        take(a_message("urn:a"))
        picture = brought(a_feed(), story_of("urn:a"))
        end_contract(feed=a_feed(), at=timezone.now() - HOUR)
        # As the backup had it: no end, everything shown.
        ContractEnd.objects.all().delete()
        settle_stories([story_of("urn:a").pk])
        Picture.objects.update(usable_until=None)
        assert is_public("urn:a")
        applied = apply_journal(after=start, restoring=True)
        assert applied.changed == 1
        assert not is_public("urn:a")
        picture.refresh_from_db()
        assert not picture.is_shown(timezone.now())
        assert apply_journal(after=start, restoring=True).changed == 0
        assert ContractEnd.objects.count() == 1
