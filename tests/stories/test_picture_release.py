"""A killed picture comes back as a story does: newer leave, and a release of that kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.stories.test_picture_kill import PIER, is_shown, kept, picture_item, used
from tests.stories.wires import NOON, a_message, story_of, take
from wiredesk.accounts.actions.create_staff import create_staff
from wiredesk.accounts.models import User
from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import apply_journal
from wiredesk.stories.actions.order_picture import order_picture
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.models import Picture, PictureOrder, StoryPicture
from wiredesk.wire.models import Message

pytestmark = pytest.mark.django_db


def kill(version: str = "2", guid: str = PIER) -> Message:
    return Message.objects.get(guid=guid, version=version, status="canceled")


def release(picture: Picture, version: str = "2", by: Any = None) -> PictureOrder:
    return order_picture(picture=picture, verb="release", by=by, message=kill(version))


def newer(version: str = "3") -> Any:
    return picture_item("usable", version, publishable=False)


def sent(minute: int) -> dict[str, Any]:
    """Give version and time: ids that differ are told apart by times alone."""
    return {"version": str(minute), "version_at": NOON + timedelta(minutes=minute)}


def bringing(minute: int) -> Message:
    """Give a version of a story that brings the picture."""
    return a_message(
        "urn:a", pictures=[{"href": "pier.png", "guid": PIER}], **sent(minute)
    )


def test_neither_a_newer_version_nor_a_release_alone_brings_a_killed_picture_back() -> (
    None
):
    picture = used(kept())
    take(picture_item())
    release(picture)
    assert not is_shown(picture)
    assert "nothing newer" in picture.withdrawn_why
    take(newer())
    assert is_shown(picture)


def test_a_newer_version_waits_for_the_release_of_the_very_kill() -> None:
    picture = used(kept())
    take(picture_item(), newer())
    assert not is_shown(picture)
    release(picture)
    assert is_shown(picture)
    take(picture_item(version="4"), newer("5"))
    assert not is_shown(picture)
    release(picture, "4")
    assert is_shown(picture)


def test_a_story_that_brings_it_again_after_the_kill_is_newer_leave() -> None:
    picture = used(kept())
    take(bringing(1))
    take(picture_item(**sent(2)))
    release(picture)
    assert not is_shown(picture)
    take(bringing(3))
    assert is_shown(picture)


def test_a_story_that_brings_it_lifts_no_kill_that_nobody_released() -> None:
    picture = used(kept())
    take(picture_item(**sent(2)))
    take(bringing(3))
    assert not is_shown(picture)
    take(picture_item(**sent(4)))
    release(picture)
    take(bringing(5))
    assert not is_shown(picture)


def test_a_story_that_brings_it_lifts_no_withheld_picture() -> None:
    picture = used(kept())
    take(picture_item(**sent(2)), picture_item("withheld", **sent(3)))
    release(picture)
    take(bringing(4))
    assert not is_shown(picture)


def test_a_release_says_nothing_of_other_bytes_under_the_same_id() -> None:
    picture, other = used(kept()), kept(colour="olive")
    take(picture_item(), newer())
    release(picture)
    assert is_shown(picture)
    assert not is_shown(other)


def test_a_release_names_a_kill_of_that_picture() -> None:
    picture = used(kept())
    take(picture_item(), newer(), a_message("urn:b", status="canceled", version="2"))
    with pytest.raises(ValidationError, match="not a kill of this picture"):
        order_picture(
            picture=picture, verb="release", by=None, message=kill(guid="urn:b")
        )
    with pytest.raises(ValidationError, match="must name"):
        order_picture(picture=picture, verb="release", by=None)
    assert not PictureOrder.objects.exists()


def test_what_the_desk_withdrew_stays_so_after_a_release() -> None:
    picture = used(kept())
    take(picture_item(), newer())
    order_picture(picture=picture, verb="withdraw", by=None)
    release(picture)
    assert not is_shown(picture)
    order_picture(picture=picture, verb="publish", by=None)
    assert is_shown(picture)


def test_a_kill_by_another_document_is_released_by_that_documents_name() -> None:
    picture = used(kept())
    links = [{"rel": "kills", "guid": PIER}]
    take(a_message("urn:advice", kind="advisory", links=links, **sent(2)))
    take(bringing(3))
    assert not is_shown(picture)
    advice = Message.objects.get(guid="urn:advice")
    order_picture(picture=picture, verb="release", by=None, message=advice)
    assert is_shown(picture)


def test_a_release_takes_two_different_people_where_the_newsroom_says_so(
    settings: Any,
) -> None:
    settings.WIREDESK_RELEASE_TAKES_TWO = True
    first, second = (
        User.objects.create_superuser(name, password="-") for name in ("ada", "ben")
    )
    picture = used(kept())
    take(picture_item(), newer())
    for _ in range(2):
        assert release(picture, by=first).verb == "ask"
        assert not is_shown(picture)
    with pytest.raises(PermissionDenied):
        release(picture)
    assert release(picture, by=second).verb == "release"
    assert is_shown(picture)
    assert PictureOrder.objects.count() == 2


def test_who_may_not_release_stories_may_not_release_pictures() -> None:
    reporter, _password = create_staff(username="rita", role="reporter")
    picture = used(kept())
    take(picture_item(), newer())
    with pytest.raises(PermissionDenied):
        release(picture, by=reporter)


def test_a_restore_gives_the_release_again_and_says_where_its_kill_is_lost(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    picture = used(kept())
    take(picture_item(), newer())
    start = journal.end()
    with django_capture_on_commit_callbacks(execute=True):
        release(picture)
    PictureOrder.objects.all().delete()
    settle_pictures(picture_ids=[picture.pk])
    assert not is_shown(picture)
    assert apply_journal(after=start, restoring=True).changed == 1
    assert is_shown(picture)
    PictureOrder.objects.all().delete()
    Message.objects.filter(status="canceled").update(digest="another")
    applied = apply_journal(after=start, restoring=True)
    assert (applied.changed, applied.left_count) == (0, 1)
    assert "the kill that it answers" in applied.left[0]


def test_a_kill_by_a_storys_id_counts_when_the_story_drops_the_picture() -> None:
    picture = used(kept(guid="urn:picture:first"), guid=PIER)
    assert kept(guid=PIER).pk == picture.pk  # as fetching brings it
    take(picture_item())
    assert not is_shown(picture)
    StoryPicture.objects.filter(story=story_of("urn:a")).delete()
    settle_pictures(picture_ids=[picture.pk])
    assert not is_shown(picture)
