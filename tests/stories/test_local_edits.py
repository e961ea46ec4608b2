"""What an editor made of a wire story lives through the wire's next versions."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from tests.stories.wires import a_message, is_public, outcome, story_of, take
from wiredesk.accounts.models import User
from wiredesk.logbook.models import Alarm
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.resolve_conflict import question_of, resolve_conflict
from wiredesk.stories.actions.settle import settle, settle_stories
from wiredesk.stories.desk_words import blocks_of, html_of, of_story
from wiredesk.stories.merge.three_way import Take, Written
from wiredesk.stories.models import LocalEdit, Order, Story, StoryStanding
from wiredesk.wire.models import Message

pytestmark = pytest.mark.django_db

BRIDGE = "<p>The Orrin bridge closes on Monday at noon, the county said.</p>"
FERRY = "<p>The ferry to Eastmoor runs every half hour until then.</p>"
REPAIRS = "<p>The repairs were planned years ago.</p>"
MILL = "<p>Our readers in Lower Orrin can park at the old mill.</p>"
BODY = BRIDGE + FERRY + REPAIRS
OURS = "Bridge to close: what you need to know"


def version(number: int, body: str = BODY, **values: Any) -> Message:
    """Give the wire's version of that number; its summary is its first paragraph."""
    first = body.partition("</p>")[0].removeprefix("<p>")
    given = {"body_html": body, "body_text": first, **values}
    return a_message(version=str(number), **given)


def latest(number: int) -> Message:
    return Message.objects.filter(version=str(number)).earliest("pk")


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chief", password="-")


def draft(story: Story | None = None, **words: str) -> Revision:
    """Save a draft as the editor's form does: words changed over what is there."""
    story = Story.objects.get(pk=(story or story_of()).pk)
    edited: Story = story.get_latest_revision_as_object()
    body = words.pop("body", None)
    for name, text in words.items():
        setattr(edited, name, text)
    if body is not None:
        block = Story._meta.get_field("body").stream_block
        edited.body = block.to_python(blocks_of(body, "x"))
    revision: Revision = edited.save_revision()
    return revision


def publish(by: User, **words: str) -> Story:
    """Publish changed words as an editor."""
    draft(None, **words).publish(user=by)
    return story_of()


def body_of(story: Story) -> str:
    return html_of(story.body.raw_data)


def alarms() -> list[str]:
    found = Alarm.objects.filter(cleared_at=None, key__startswith="merge-")
    return [key.split(":")[0] for key in found.values_list("key", flat=True)]


# --- kept apart ---------------------------------------------------------------------


def test_published_changes_are_kept_apart_and_the_message_stays_as_it_came(
    chief: User,
) -> None:
    take(version(1))
    before = Message.objects.get().item
    publish(chief, headline=OURS)
    edit = LocalEdit.objects.get()
    assert (edit.base, edit.by) == (latest(1), chief)
    assert edit.words["headline"] == OURS
    assert edit.words["body_html"] == BODY
    assert Message.objects.get().item == before


def test_words_published_unchanged_are_no_edit(chief: User) -> None:
    take(version(1))
    assert publish(chief).edited_at is None
    assert not LocalEdit.objects.exists()


def test_a_draft_is_no_edit_until_it_is_published(chief: User) -> None:
    take(version(1))
    draft(headline=OURS)
    assert not LocalEdit.objects.exists()


def test_an_edit_taken_back_is_over_and_its_history_stays(chief: User) -> None:
    take(version(1))
    first = story_of().headline
    publish(chief, headline=OURS)
    assert publish(chief, headline=first).edited_at is None
    assert LocalEdit.objects.count() == 2
    assert outcome(version(2, headline="Theirs")) == "updated"
    assert story_of().headline == "Theirs"


def test_a_picture_between_paragraphs_is_part_of_the_edit(chief: User) -> None:
    take(version(1))
    picture = {"type": "picture", "value": {"picture": None, "caption": "x"}, "id": "p"}
    shown = html_of([{"type": "text", "value": BRIDGE, "id": "a"}, picture])
    publish(chief, body=shown + FERRY + REPAIRS)
    take(version(2, BODY.replace("years ago", "in spring")))
    kinds = [block["type"] for block in story_of().body.raw_data]
    assert kinds == ["text", "picture", "text"]
    assert "in spring" in body_of(story_of())


# --- clean --------------------------------------------------------------------------


def test_an_update_that_leaves_our_words_alone_is_live_at_once_with_both(
    chief: User,
) -> None:
    take(version(1))
    publish(chief, headline=OURS, body=BODY + MILL)
    (taken,) = take(version(2, BODY.replace("Monday", "Tuesday")))
    story = story_of()
    assert taken.outcome == "updated"
    assert story.headline == OURS
    assert body_of(story) == BODY.replace("Monday", "Tuesday") + MILL
    assert story.wire_message == latest(2)
    assert story.edited_at
    assert is_public()
    assert not alarms()


def test_a_summary_nobody_changed_follows_the_wire(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    take(version(2, BODY.replace("Monday", "Tuesday")))
    assert "Tuesday" in story_of().summary


def test_a_correction_that_merges_is_told_as_one(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    corrected = version(
        2, BODY.replace("Monday", "Tuesday"), signals=["sig:correction"]
    )
    assert outcome(corrected) == "corrected"


def test_a_feed_that_holds_makes_a_clean_update_wait_and_then_shows_both(
    chief: User,
) -> None:
    hold = {"publish": "hold"}
    take(version(1, policy=hold))
    publish(chief, headline=OURS)
    update = version(2, BODY.replace("Monday", "Tuesday"), policy=hold)
    assert outcome(update) == "held"
    assert "Monday" in body_of(story_of())
    give_order(story=story_of(), verb="publish", by=chief, message=latest(2))
    story = story_of()
    assert story.headline == OURS
    assert "Tuesday" in body_of(story)


def test_our_words_live_through_many_versions(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    for number in range(2, 6):
        taken = outcome(version(number, BODY.replace("years", f"{number} years")))
        assert taken == "updated"
    assert story_of().headline == OURS
    assert "5 years" in body_of(story_of())


def test_what_the_wire_said_like_us_and_takes_back_stays_ours(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    take(version(2, headline=OURS))
    take(version(3))
    assert story_of().headline == OURS


# --- conflict -----------------------------------------------------------------------


def conflict(chief: User, **values: Any) -> None:
    """Let the desk and the wire rewrite the same paragraph."""
    take(version(1))
    ours = FERRY.replace("until then", "and costs two crowns")
    publish(chief, headline=OURS, body=BRIDGE + ours + REPAIRS)
    theirs = BODY.replace("half hour", "hour").replace("Monday", "Tuesday")
    assert outcome(version(2, theirs, **values)) == "held"


def test_a_conflict_keeps_the_page_and_asks(chief: User) -> None:
    conflict(chief)
    story = story_of()
    assert is_public()
    assert story.wire_message == latest(1)
    assert "Monday" in body_of(story)
    assert "two crowns" in body_of(story)
    assert alarms() == ["merge-conflict"]
    assert story.standing.reason.endswith("waits for an editor.")
    assert question_of(story)


def test_a_correction_that_conflicts_is_louder_every_time(chief: User) -> None:
    conflict(chief, signals=["sig:correction"])
    assert alarms() == ["merge-correction"]
    theirs = BODY.replace("half hour", "two hours")
    take(version(3, theirs, signals=["sig:correction"]))
    assert alarms() == ["merge-correction", "merge-correction"]
    assert "CORRECTION NOT SHOWN" in Alarm.objects.latest("pk").text


def test_the_same_conflict_again_is_no_second_alarm(chief: User) -> None:
    conflict(chief)
    same = latest(2)
    assert outcome(version(2, same.item["body_html"])) == "duplicate"
    assert Alarm.objects.get(key__startswith="merge-").times == 1


def answer(chief: User, **choices: Any) -> None:
    question = question_of(story_of())
    assert question is not None
    (number,) = question.merged.conflicts
    resolve_conflict(
        story=story_of(),
        message=question.message,
        choices={number: choices.get("choice", Take.WIRE)},
        fingerprint=choices.get("fingerprint", question.merged.fingerprint),
        by=chief,
    )


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        (Take.WIRE, "every hour until then"),
        (Take.OURS, "every half hour and costs two crowns"),
        (Written("<p>Ferries run all night.</p>"), "Ferries run all night."),
    ],
)
def test_an_editors_choice_is_published_by_an_order_that_names_the_version(
    chief: User, choice: object, stands: str
) -> None:
    conflict(chief)
    answer(chief, choice=choice)
    story = story_of()
    assert stands in body_of(story)
    assert "Tuesday" in body_of(story)
    assert story.headline == OURS
    assert story.wire_message == latest(2)
    order = Order.objects.latest("pk")
    assert (order.verb, order.message, order.by) == ("publish", latest(2), chief)
    assert not alarms()
    assert LocalEdit.objects.in_force().get().base == latest(2)


def test_an_answered_question_is_not_asked_again_by_the_next_version(
    chief: User,
) -> None:
    conflict(chief)
    answer(chief, choice=Take.OURS)
    theirs = latest(2).item["body_html"].replace("years ago", "in spring")
    assert outcome(version(3, theirs)) == "updated"
    assert "two crowns" in body_of(story_of())
    assert "in spring" in body_of(story_of())


def test_an_answer_to_an_old_question_is_refused(chief: User) -> None:
    conflict(chief)
    question = question_of(story_of())
    assert question is not None
    take(version(3, BODY.replace("half hour", "two hours")))
    with pytest.raises(ValidationError) as refused:
        resolve_conflict(
            story=story_of(),
            message=question.message,
            choices={question.merged.conflicts[0]: Take.WIRE},
            fingerprint=question.merged.fingerprint,
            by=chief,
        )
    assert refused.value.code == "moved-on"
    assert LocalEdit.objects.count() == 1


def test_a_missing_choice_changes_nothing(chief: User) -> None:
    conflict(chief)
    question = question_of(story_of())
    assert question is not None
    with pytest.raises(ValidationError):
        resolve_conflict(
            story=story_of(),
            message=question.message,
            choices={},
            fingerprint=question.merged.fingerprint,
            by=chief,
        )
    assert LocalEdit.objects.count() == 1
    assert alarms()


def test_only_who_may_publish_may_choose(chief: User) -> None:
    conflict(chief)
    with pytest.raises(PermissionDenied):
        answer(User.objects.create_user("reporter"))


def test_a_publish_order_does_not_jump_the_question(chief: User) -> None:
    conflict(chief)
    with pytest.raises(ValidationError):
        give_order(story=story_of(), verb="publish", by=chief, message=latest(2))
    assert "Monday" in body_of(story_of())


def test_a_newer_version_that_merges_makes_the_question_idle(chief: User) -> None:
    conflict(chief)
    assert outcome(version(3, BODY.replace("Monday", "Friday"))) == "updated"
    assert question_of(story_of()) is None
    assert not alarms()
    assert "two crowns" in body_of(story_of())


# --- the set decides ----------------------------------------------------------------


def signature() -> tuple[object, ...]:
    story = story_of()
    standing = StoryStanding.objects.get(pk=story.pk)
    shown = story.wire_message
    return (
        of_story(story) if standing.state == "live" else None,
        shown.version if shown and standing.state == "live" else None,
        standing.state,
        sorted(alarms()),
    )


def arrivals(*, killed: bool, conflicting: bool) -> list[dict[str, Any]]:
    last = BODY.replace("half hour", "hour") if conflicting else BODY
    came: list[dict[str, Any]] = [
        {"number": 2, "body": BODY.replace("Monday", "Tuesday")},
        {"number": 3, "body": last.replace("years ago", "in spring")},
        {"number": 4, "body": last.replace("years ago", "at last"), "headline": "Four"},
    ]
    if killed:
        came[0] = {"number": 2, "status": "canceled"}
    return came


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("conflicting", [False, True])
def test_the_order_in_which_versions_come_does_not_matter(
    chief: User, killed: bool, conflicting: bool
) -> None:
    found = set()
    came = arrivals(killed=killed, conflicting=conflicting)
    for order in itertools.permutations([*range(len(came)), 1]):
        point = transaction.savepoint()
        take(version(1, received_at=timezone.now()))
        ours = FERRY.replace("until then", "and costs two crowns")
        publish(chief, subheadline="Ours", body=BRIDGE + ours + REPAIRS + MILL)
        for place in order:
            # Some come a second time.
            take(version(**came[place]))
        found.add(repr(signature()))
        transaction.savepoint_rollback(point)
    assert len(found) == 1, found


def test_a_batch_and_its_parts_give_the_same(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    came = [version(**one) for one in arrivals(killed=False, conflicting=True)]
    outcomes = [taken.outcome for taken in take(*came)]
    assert outcomes == ["updated", "updated", "held"]


def test_settling_again_changes_nothing(chief: User) -> None:
    conflict(chief)
    before = signature()
    settle_stories([story_of().pk])
    settle([])
    assert signature() == before
    assert Alarm.objects.get(key__startswith="merge-").times == 1


# --- kills --------------------------------------------------------------------------


def test_a_killed_story_goes_dark_with_all_that_the_desk_wrote(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS, body=MILL)
    assert outcome(version(2, status="canceled")) == "withdrawn"
    assert not is_public()


def test_after_a_kill_words_made_over_it_never_come_back_unasked(chief: User) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    take(version(2, status="canceled"))
    give_order(story=story_of(), verb="release", by=chief, message=latest(2))
    assert outcome(version(3, BODY.replace("Monday", "Tuesday"))) == "held"
    assert not is_public()
    give_order(story=story_of(), verb="publish", by=chief, message=latest(3))
    assert is_public()
    assert story_of().headline == OURS


def test_where_an_editor_took_all_the_wires_words_nothing_of_ours_waits_after_a_kill(
    chief: User,
) -> None:
    take(version(1))
    publish(chief, headline=OURS)
    take(version(2, headline="Theirs at last"))
    answer(chief)
    assert story_of().edited_at is None
    take(version(3, status="canceled"), version(4, headline="After the kill"))
    give_order(story=story_of(), verb="release", by=chief, message=latest(3))
    assert is_public()
    assert story_of().headline == "After the kill"


def test_a_kill_clears_the_question(chief: User) -> None:
    conflict(chief)
    take(version(3, status="canceled"))
    assert not alarms()
    assert question_of(story_of()) is None


def test_a_draft_over_a_killed_version_stays_a_draft(chief: User) -> None:
    take(version(1))
    revision = draft(headline=OURS)
    take(version(2, status="canceled"))
    assert revision.publish(user=chief) == "killed"
    story = story_of()
    assert not is_public()
    assert story.headline != OURS
    assert story.has_unpublished_changes
    assert not LocalEdit.objects.exists()


# --- drafts that the wire overtook --------------------------------------------------


def test_a_draft_takes_what_the_wire_changed_meanwhile(chief: User) -> None:
    take(version(1))
    revision = draft(headline=OURS)
    take(version(2, BODY.replace("Monday", "Tuesday")))
    revision.publish(user=chief)
    story = story_of()
    assert story.headline == OURS
    assert "Tuesday" in body_of(story)
    assert LocalEdit.objects.get().base == latest(2)


def test_a_draft_that_conflicts_is_not_published_over_the_wires_words(
    chief: User,
) -> None:
    take(version(1))
    revision = draft(headline=OURS)
    take(version(2, headline="Theirs"))
    revision.publish(user=chief)
    story = story_of()
    assert story.headline == "Theirs"
    assert story.has_unpublished_changes
    assert story.get_latest_revision_as_object().headline == OURS


def test_an_old_revision_of_the_wires_words_brings_none_of_them_back(
    chief: User,
) -> None:
    take(version(1))
    revision = draft()
    take(version(2, BODY.replace("Monday", "Tuesday")))
    revision.publish(user=chief)
    assert "Tuesday" in body_of(story_of())
