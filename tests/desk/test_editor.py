"""What an editor's save, publish, schedule, restore and unlock may do, and may not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.desk.forms import fields_of
from tests.desk.newsroom import RICH, bring, desk_of, item, make_feed, story_of
from tests.web.newsroom import draw_picture
from wiredesk.stories.models import Order, Story, StoryPicture

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed

pytestmark = pytest.mark.django_db
GONE = 410


def form_of(desk: Client, story: Story) -> dict[str, Any]:
    return fields_of(desk.get(f"/desk/stories/edit/{story.pk}/").content)


def send(desk: Client, story: Story, fields: dict[str, Any], *actions: str) -> Any:
    named = {f"action-{action}": "yes" for action in actions}
    return desk.post(f"/desk/stories/edit/{story.pk}/", {**fields, **named})


def read(story: Story) -> str:
    return Client().get(story.path or "").content.decode()


def test_an_editors_new_words_are_on_the_page_once_published(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    fields = form_of(desk, story) | {"headline": "Bridge closes on Monday"}
    send(desk, story, fields, "publish")
    story = story_of()
    assert "Bridge closes on Monday" in read(story)
    assert story.edited_at is not None
    assert story.updated_at == pytest.approx(story.edited_at, abs=timedelta(seconds=1))


def test_a_draft_changes_nothing_that_readers_get(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("reporter"), story_of()
    before = read(story)
    send(desk, story, form_of(desk, story) | {"headline": "Half a thou"})
    assert story_of().headline == story.headline
    assert read(story) == before


@pytest.mark.parametrize(
    "values",
    [{"embargoed": "2199-01-01T00:00:00Z"}, {"pubstatus": "withheld"}],
    ids=["embargoed", "withheld"],
)
def test_a_draft_of_a_dark_story_waits_for_its_own_publication(
    feed: Feed, values: dict[str, Any]
) -> None:
    bring(feed, item(**values))
    desk, story = desk_of("editor"), story_of()
    send(desk, story, form_of(desk, story) | {"headline": "Half a thou"})
    after = story_of()
    assert after.headline == "Orrin bridge closes for repairs"
    assert after.edited_at is None
    assert form_of(desk, after)["headline"] == "Half a thou"
    assert not Story.objects.public().exists()


def test_an_order_from_the_wire_publishes_no_half_typed_draft(home: None) -> None:
    feed = make_feed(publish="hold")
    (line,) = bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    send(desk, story, form_of(desk, story) | {"headline": "Half a thou"})
    desk.post(f"/desk/wire/messages/{line.message_id}/publish/")
    assert Story.objects.public().get().headline == "Orrin bridge closes for repairs"


def test_the_editor_is_told_when_the_agency_sent_other_words_meanwhile(
    feed: Feed,
) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    send(desk, story, form_of(desk, story) | {"headline": "Half a thou"})
    bring(feed, item(version=2, headline="Orrin bridge stays open"))
    page = desk.get(f"/desk/stories/edit/{story.pk}/").content.decode()
    assert "has sent other words since" in page


# --- what was killed stays dark ---------------------------------------------------------


def kill(feed: Feed) -> None:
    bring(feed, item(version=9, pubstatus="canceled"))


def assert_dark(story: Story) -> None:
    assert not Story.objects.public().filter(pk=story.pk).exists()
    assert Client().get(story.path or "").status_code == GONE


def test_publishing_a_killed_story_leaves_it_dark(feed: Feed) -> None:
    bring(feed, item())
    story = story_of()
    kill(feed)
    desk = desk_of("editor")
    send(desk, story, form_of(desk, story) | {"headline": "Back again"}, "publish")
    assert_dark(story)


def test_restoring_an_old_version_leaves_a_killed_story_dark(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    send(desk, story, form_of(desk, story) | {"headline": "First"}, "publish")
    old = story_of().latest_revision
    send(desk, story, form_of(desk, story) | {"headline": "Second"}, "publish")
    kill(feed)
    restored = desk.get(f"/desk/stories/history/{story.pk}/revisions/{old.pk}/revert/")
    fields = fields_of(restored.content) | {"revision": old.pk}
    send(desk, story, fields, "publish")
    assert_dark(story)
    old.publish()
    assert_dark(story)


def test_a_schedule_leaves_a_story_dark_that_was_killed_meanwhile(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    soon = timezone.now() + timedelta(hours=1)
    at = {"headline": "Later", "go_live_at": soon.strftime("%Y-%m-%d %H:%M")}
    send(desk, story, form_of(desk, story) | at, "publish")
    assert "Later" not in read(story)
    kill(feed)
    due = story_of().scheduled_revision
    due.content["go_live_at"] = due.approved_go_live_at = timezone.now() - timedelta(
        minutes=1
    )
    due.save()
    call_command("publish_scheduled")
    assert_dark(story)


def test_a_schedule_brings_its_words_when_it_is_due(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    soon = timezone.now() + timedelta(hours=1)
    at = {"headline": "Later", "go_live_at": soon.strftime("%Y-%m-%d %H:%M")}
    send(desk, story, form_of(desk, story) | at, "publish")
    due = story_of().scheduled_revision
    due.content["go_live_at"] = due.approved_go_live_at = timezone.now() - timedelta(
        minutes=1
    )
    due.save()
    call_command("publish_scheduled")
    assert "Later" in read(story)


def test_locking_and_unlocking_leaves_a_killed_story_dark(feed: Feed) -> None:
    bring(feed, item())
    story = story_of()
    kill(feed)
    desk = desk_of("editor")
    for verb in ("lock", "unlock"):
        answer = desk.post(f"/desk/stories/{verb}/{story.pk}/")
        assert answer.status_code == 302
    assert_dark(story)


def test_unpublishing_withdraws_and_says_so(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    desk.post(f"/desk/stories/unpublish/{story.pk}/")
    assert_dark(story)
    assert Order.objects.get().verb == Order.Verb.WITHDRAW
    assert not story_of().has_unpublished_changes


# --- what no form can do -------------------------------------------------------------------


def test_a_locked_block_is_neither_edited_nor_smuggled_in(feed: Feed) -> None:
    bring(feed, item(body_xhtml=RICH))
    desk, story = desk_of("editor"), story_of()
    before = story.body.raw_data[:]
    fields = form_of(desk, story)
    locked = next(n for n, block in enumerate(before) if block["type"] == "locked")
    changed = {f"body-{locked}-value": "<script>alert(1)</script>"}
    send(desk, story, fields | changed, "publish")
    assert list(story_of().body.raw_data) == list(before)

    count = int(fields["body-count"])
    new = {
        "body-count": str(count + 1),
        f"body-{count}-deleted": "",
        f"body-{count}-order": str(count),
        f"body-{count}-type": "locked",
        f"body-{count}-id": "",
        f"body-{count}-value": "<script>alert(1)</script>",
    }
    answer = send(desk, story, fields | new, "publish")
    assert answer.status_code == 200
    assert list(story_of().body.raw_data) == list(before)


def test_what_an_editor_pastes_brings_no_script(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    fields = form_of(desk, story)
    state = json.loads(fields["body-0-value"])
    state["blocks"][0]["text"] = "<script>alert(1)</script>"
    fields["body-0-value"] = json.dumps(state)
    send(desk, story, fields, "publish")
    assert "<script>alert(1)" not in read(story)


def test_credit_and_copyright_stand_whatever_the_form_sends(feed: Feed) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    taken = dict.fromkeys(("credit", "copyright_notice", "source_name", "path"), "")
    send(desk, story, form_of(desk, story) | taken | {"headline": "New"}, "publish")
    after = story_of()
    assert after.credit == "Meridian Press Agency"
    assert after.copyright_notice.startswith("© 2026 Meridian")
    assert after.path == story.path
    assert "© 2026 Meridian Press Agency" in read(after)


def test_a_place_that_an_editor_adds_is_sorted_by_the_storys_own_time(
    feed: Feed,
) -> None:
    bring(feed, item())
    desk, story = desk_of("editor"), story_of()
    place = story.placements.get()
    fields = form_of(desk, story)
    assert fields["placements-0-id"] == str(place.pk)
    del fields["placements-0-id"]
    fields["placements-INITIAL_FORMS"] = "0"
    send(desk, story, fields, "publish")
    added = story.placements.exclude(pk=place.pk)
    assert [row.sort_at for row in added] == [story.published_at] * len(added)


def test_a_picture_fetched_after_a_version_was_saved_stays(feed: Feed) -> None:
    bring(feed, item())
    story = story_of()
    use = StoryPicture.objects.create(story=story, href="https://example.org/quay.jpg")
    desk = desk_of("editor")
    send(desk, story, form_of(desk, story), "publish")
    StoryPicture.objects.filter(pk=use.pk).update(picture=draw_picture())
    send(desk, story, form_of(desk, story), "publish")
    assert StoryPicture.objects.get(href=use.href).picture_id is not None


def test_a_story_of_our_own_goes_from_draft_to_page(feed: Feed) -> None:
    desk = desk_of("editor")
    address = "/desk/stories/add/"
    fields = fields_of(desk.get(address).content) | {"headline": "Council meets"}
    desk.post(address, fields)
    story = Story.objects.get(headline="Council meets")
    assert not Story.objects.public().exists()
    send(desk, story, form_of(desk, story), "publish")
    story = Story.objects.public().get()
    assert "Council meets" in read(story)
