"""A picture alone: killed, withheld, ended or withdrawn, it goes and its stories stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.stories.test_contract_end import drawn
from tests.stories.wires import a_feed, a_message, is_public, story_of, take
from wiredesk.accounts.actions.create_staff import create_staff
from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import apply_journal
from wiredesk.logbook.models import Entry
from wiredesk.stories.actions.keep_picture import keep_picture
from wiredesk.stories.actions.note_ends import note_picture_ends
from wiredesk.stories.actions.order_picture import order_picture
from wiredesk.stories.models import Picture, PictureOrder, StoryPicture
from wiredesk.stories.signals import pictures_changed, stories_changed

pytestmark = pytest.mark.django_db

PIER = "urn:picture:pier"


def kept(guid: str = PIER, colour: str = "teal", **more: Any) -> Picture:
    return keep_picture(
        content=drawn(colour), title="Pier", source="meridian", guid=guid, **more
    )


def used(picture: Picture, guid: str = PIER) -> Picture:
    """Have the story ``urn:a`` use the picture under that id of the agency's."""
    take(a_message("urn:a"))
    StoryPicture.objects.create(
        story=story_of("urn:a"), picture=picture, href="pier.png", guid=guid
    )
    return picture


def is_shown(picture: Picture) -> bool:
    picture.refresh_from_db()
    return picture.is_shown(timezone.now())


def picture_item(status: str = "canceled", version: str = "2", **more: Any) -> Any:
    return a_message(PIER, kind="picture", status=status, version=version, **more)


class TestKilled:
    def test_a_kill_of_the_picture_takes_it_and_leaves_the_story(self) -> None:
        picture = used(kept())
        assert is_shown(picture)
        take(picture_item())
        assert not is_shown(picture)
        assert "killed" in picture.withdrawn_why
        assert is_public("urn:a")

    def test_it_is_announced_with_the_stories_that_show_it(self) -> None:
        picture = used(kept())
        heard: list[Any] = []

        def hear(sender: object, **told: Any) -> None:
            heard.append(told.get("picture_ids") or told.get("story_ids"))

        pictures_changed.connect(hear)
        stories_changed.connect(hear)
        try:
            take(picture_item())
        finally:
            pictures_changed.disconnect(hear)
            stories_changed.disconnect(hear)
        assert [picture.pk] in heard
        assert [story_of("urn:a").pk] in heard

    def test_a_kill_by_the_id_that_another_story_uses_counts_as_well(self) -> None:
        picture = used(kept(guid="urn:picture:first"), guid=PIER)
        take(picture_item())
        assert not is_shown(picture)

    def test_a_kill_that_comes_before_the_file_blocks_it(self) -> None:
        take(picture_item())
        assert not is_shown(kept())

    def test_another_document_that_names_the_picture_kills_it(self) -> None:
        picture = used(kept())
        links = [{"rel": "kills", "guid": PIER}]
        take(a_message("urn:advice", kind="advisory", links=links))
        assert not is_shown(picture)

    def test_another_source_can_not_kill_it(self) -> None:
        picture = used(kept())
        take(picture_item(feed=a_feed("lodestar")))
        assert is_shown(picture)

    def test_a_withheld_picture_comes_back_with_its_next_version(self) -> None:
        picture = used(kept())
        take(picture_item("withheld"))
        assert not is_shown(picture)
        take(picture_item("usable", "3", publishable=False))
        assert is_shown(picture)

    def test_the_same_bytes_under_another_id_stay_withdrawn(self) -> None:
        picture = used(kept())
        take(picture_item())
        assert kept(guid="urn:picture:other").pk == picture.pk
        assert not is_shown(picture)

    def test_the_kill_is_in_the_journal_and_applied_again(self) -> None:
        start = journal.end()
        picture = used(kept())
        take(picture_item())
        (line,) = [line for line in journal.read(start) if line.verb == "kill"]
        assert line.facts["guid"] == PIER
        assert Entry.objects.filter(thing=f"picture:{picture.pk}").exists()


class TestEnded:
    def test_its_own_end_by_the_agency_is_kept_by_the_clock(self) -> None:
        picture = used(kept())
        end = timezone.now() + timedelta(hours=1)
        take(picture_item("usable", "2", expires=end, publishable=False))
        picture.refresh_from_db()
        assert picture.is_shown(end - timedelta(seconds=1))
        assert not picture.is_shown(end)

    def test_an_end_that_is_past_is_noted_announced_once_and_stays_past(self) -> None:
        end = timezone.now() + timedelta(hours=1)
        picture = used(kept(expires=end))
        assert note_picture_ends() == 0
        assert note_picture_ends(now=end) == 1
        assert note_picture_ends(now=end) == 0
        assert not is_shown(picture)  # the clock is an hour behind the end again
        Picture.objects.update(expires=end + timedelta(hours=1))
        assert is_shown(picture)


class TestOrdered:
    def test_the_desk_withdraws_a_picture_and_lets_it_show_again(self) -> None:
        picture = used(kept())
        order_picture(picture=picture, verb="withdraw", by=None)
        assert not is_shown(picture)
        assert is_public("urn:a")
        order_picture(picture=picture, verb="withdraw", by=None)
        assert PictureOrder.objects.count() == 1
        order_picture(picture=picture, verb="publish", by=None)
        assert is_shown(picture)

    def test_no_order_beats_the_agencys_kill(self) -> None:
        picture = used(kept())
        take(picture_item())
        order_picture(picture=picture, verb="publish", by=None)
        assert not is_shown(picture)

    def test_whoever_may_not_publish_may_not_withdraw(self) -> None:
        reporter, _password = create_staff(username="rita", role="reporter")
        with pytest.raises(PermissionDenied):
            order_picture(picture=used(kept()), verb="withdraw", by=reporter)

    def test_an_editors_own_upload_can_be_withdrawn(self) -> None:
        picture = used(kept())
        Picture.objects.update(sha256="", source="")
        order_picture(picture=picture, verb="withdraw", by=None)
        assert not is_shown(picture)

    def test_a_restore_honours_it_also_for_a_picture_that_comes_later(
        self, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        start = journal.end()
        picture = used(kept())
        order_picture(picture=picture, verb="withdraw", by=None)
        PictureOrder.objects.all().delete()
        picture.delete()
        assert apply_journal(after=start, restoring=True).changed == 1
        assert not is_shown(kept())
        assert apply_journal(after=start, restoring=True).changed == 0
