"""Erasure by contract: the words and files are gone, what they proved is not."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.stories.test_contract_end import brought
from tests.stories.wires import a_feed, story_of
from wiredesk.logbook import journal
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.seal import seal
from wiredesk.logbook.queries import verify
from wiredesk.stories.actions.end_contract import end_contract, undo_end
from wiredesk.stories.actions.erase_contract import erase_contracts
from wiredesk.stories.actions.note_ends import note_contract_ends
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.addresses import without_words
from wiredesk.stories.desk_words import of_story
from wiredesk.stories.history import history
from wiredesk.stories.models import (
    LocalEdit,
    PictureRendition,
    Story,
    StoryIdentity,
    StoryStanding,
)
from wiredesk.wire import originals
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take
from wiredesk.wire.models import ContractEnd, Delivery, Feed, LedgerLine, Message
from wiredesk.wire.queries import ledger

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "Quillfeather"  # a word that stands nowhere but in the agency's copy


@pytest.fixture(autouse=True)
def _a_library(transactional_db: None) -> None:
    """Give the library its root: emptying the database between tests takes it away."""
    from wagtail.models import Collection

    if not Collection.objects.exists():
        Collection.add_root(name="Root")


def ninjs(guid: str, version: str = "1", headline: str = f"{SECRET} bridge") -> bytes:
    item = {
        "uri": guid,
        "type": "text",
        "version": version,
        "versioncreated": "2026-03-02T12:00:00Z",
        "pubstatus": "usable",
        "language": "en",
        "headline": headline,
        "body_xhtml": f"<p>The {SECRET} bridge closes. Version {version}.</p>",
    }
    return json.dumps(item).encode()


def deliver(feed: Feed, *raws: bytes) -> None:
    payloads = [Payload(raw, name="bridge.json") for raw in raws]
    take(receipts=receive(feed=feed, payloads=payloads, transport="push"))


def a_now_feed(slug: str = "meridian") -> Feed:
    return a_feed(slug, publish=Feed.Publish.NOW)


def end_and_erase(feed: Feed) -> ContractEnd:
    end = end_contract(feed=feed, at=timezone.now() - timedelta(minutes=5), erase=True)
    note_contract_ends()
    while erase_contracts():
        pass
    end.refresh_from_db()
    return end


def everything_said() -> list[str]:
    """Give the names of tables that hold the word, those of search's index included."""
    with connection.cursor() as cursor:
        found = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            if SECRET.lower() in str(cursor.fetchall()).lower():
                found.append(name)
    return found


class TestErased:
    def test_no_table_file_or_journal_line_has_the_words_afterwards(self) -> None:
        feed = a_now_feed()
        deliver(
            feed,
            ninjs("urn:a"),
            ninjs("urn:a", "2"),
            f"no wire copy, {SECRET}".encode(),
        )
        story = story_of("urn:a")
        before = story.path or ""
        assert SECRET.lower() in before
        story.save_revision()
        LocalEdit.objects.create(
            story=story,
            base=Message.objects.get(version="2"),
            words={**of_story(story).as_json(), "headline": f"{SECRET} is ours"},
            at=timezone.now(),
        )
        picture = brought(feed, story)
        picture.get_rendition("width-32")
        place = Path(picture.file.path)
        made = Path(PictureRendition.objects.get().file.path)
        assert "stories_story" in everything_said()
        end = end_and_erase(feed)
        assert end.erased_at is not None
        assert everything_said() == []
        # Day and number are left, in the ledger as on the row, and answer for the old.
        story.refresh_from_db()
        assert story.path == without_words(before) == f"{before[:12]}{story.pk}/"
        paths = LedgerLine.objects.exclude(story_path="").values_list("story_path")
        assert set(paths) == {(story.path,)}
        for delivery in Delivery.objects.filter(feed=feed):
            assert not originals.path_of(delivery.sha256).exists()
        assert not place.exists()
        assert not made.exists()
        lines = [line.raw for line in journal.read()]
        assert not [raw for raw in lines if SECRET.lower().encode() in raw.lower()]

    def test_identity_digest_and_outcome_stay_and_everything_still_verifies(
        self,
    ) -> None:
        feed = a_now_feed()
        deliver(feed, ninjs("urn:a"), ninjs("urn:a", "2"))
        before = list(
            Message.objects.order_by("pk").values_list(
                "guid", "version", "digest", "delivery__sha256", "status"
            )
        )
        outcomes = list(LedgerLine.objects.order_by("pk").values_list("outcome"))
        end = end_and_erase(feed)
        after = Message.objects.order_by("pk").values_list(
            "guid", "version", "digest", "delivery__sha256", "status"
        )
        assert list(after) == before
        assert (
            list(LedgerLine.objects.order_by("pk").values_list("outcome")) == outcomes
        )
        assert ledger().adds_up
        seal()
        assert verify().holds
        assert journal.verify().holds
        for delivery in Delivery.objects.all():
            assert delivery.erased_at is not None
            assert delivery.erased_by == end
        for message in Message.objects.all():
            assert message.erased_at is not None
            assert message.erased_by == end

    def test_what_was_erased_never_shows_again_after_an_undo(self) -> None:
        feed = a_now_feed()
        deliver(feed, ninjs("urn:a"))
        end_and_erase(feed)
        undo_end(feed=feed)
        story = story_of("urn:a")
        settle_stories([story.pk])
        assert not Story.objects.public().exists()
        row = StoryStanding.objects.get()
        assert row.was_public
        assert "erased" in row.reason
        assert history(story, timezone.now()).steps == ()
        deliver(feed, ninjs("urn:a", "3", "The bridge again"))
        assert Story.objects.public().get().headline == "The bridge again"

    def test_a_file_that_another_feed_delivered_too_stays(self) -> None:
        feed, other = a_now_feed(), a_now_feed("lodestar")
        raw = ninjs("urn:a")
        deliver(feed, raw)
        deliver(other, raw)
        end_and_erase(feed)
        assert originals.read(originals.digest_of(raw)) == raw
        assert Story.objects.public().get().source == "lodestar"
        assert Delivery.objects.get(feed=feed).erased_at is not None

    def test_the_same_bytes_again_are_erased_again(self) -> None:
        feed = a_now_feed()
        raw = ninjs("urn:a")
        deliver(feed, raw)
        end_and_erase(feed)
        deliver(feed, raw)
        assert originals.path_of(originals.digest_of(raw)).exists()
        assert erase_contracts() == 1
        assert not originals.path_of(originals.digest_of(raw)).exists()

    def test_the_folders_copies_go_too_and_what_waits_there_stays(self) -> None:
        feed = a_now_feed()
        deliver(feed, ninjs("urn:a"))
        folder = Path(settings.WIREDESK_INBOX) / feed.slug
        for name in ("done", "pictures", "set-aside"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / name / "bridge.json").write_text(SECRET)
        (folder / "new.json").write_text("{}")
        end_and_erase(feed)
        left = [path.name for path in folder.rglob("*") if path.is_file()]
        assert left == ["new.json"]

    def test_the_words_of_a_story_that_goes_on_as_another_go_too(self) -> None:
        feed = a_now_feed()
        deliver(feed, ninjs("urn:a"), ninjs("urn:b", headline="The bridge again"))
        first, second = story_of("urn:a"), story_of("urn:b")
        StoryIdentity.objects.filter(story=first).update(story=second)
        Story.objects.filter(pk=first.pk).update(joined_to=second)
        end_and_erase(feed)
        assert "stories_story" not in everything_said()

    def test_alarms_about_kills_lose_the_words_they_quote(self) -> None:
        feed = a_now_feed()
        deliver(feed, ninjs("urn:a"))
        raise_alarm(
            key=f"doubtful-kill:{Message.objects.get().pk}",
            text=f"meridian kills “{SECRET}”",
            thing=f"message:{Message.objects.get().pk}",
        )
        raise_alarm(key="unmatched-kill:meridian", text=f"It kills {SECRET}.")
        end_and_erase(feed)
        assert everything_said() == []


def test_an_address_without_words_is_day_and_number() -> None:
    assert without_words("/2026/03/02/ferry-sinks-17/") == "/2026/03/02/17/"
    told = "https://news.example/2026/03/02/ferry-17/history/?page=2"
    assert without_words(told) == "https://news.example/2026/03/02/17/history/?page=2"
    assert without_words("/2026/03/02/17/ and /pictures/5/") == (
        "/2026/03/02/17/ and /pictures/5/"
    )


class TestWhen:
    def test_nothing_is_erased_before_its_days_or_without_the_order(self) -> None:
        feed = a_now_feed()
        Feed.objects.update(erase_days=30)
        deliver(feed, ninjs("urn:a"))
        at = timezone.now() - timedelta(minutes=5)
        end_contract(feed=feed, at=at)
        note_contract_ends()
        assert erase_contracts() == 0
        end_contract(feed=feed, erase=True)
        assert erase_contracts(now=at + timedelta(days=29)) == 0
        assert Message.objects.get().item
        assert erase_contracts(now=at + timedelta(days=30)) == 1
        assert Message.objects.get().item == {}

    def test_a_step_erases_a_bounded_part_and_the_next_goes_on(self) -> None:
        feed = a_now_feed()
        deliver(feed, *(ninjs(f"urn:{number}") for number in range(25)))
        at = timezone.now() - timedelta(minutes=5)
        end_contract(feed=feed, at=at, erase=True)
        note_contract_ends()
        assert erase_contracts(most=1) == 20
        assert ContractEnd.objects.get().erased_at is None
        assert erase_contracts(most=5) == 5
        assert ContractEnd.objects.get().erased_at is not None
