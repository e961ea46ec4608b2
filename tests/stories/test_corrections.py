"""What the public was told: its versions, its corrections, and the times of both."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.stories.wires import a_message, save, story_of, take
from wiredesk.accounts.actions.create_staff import create_staff
from wiredesk.accounts.models import User
from wiredesk.logbook.models import Alarm, Entry
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.publish_station_story import publish_station_story
from wiredesk.stories.actions.settle import settle
from wiredesk.stories.actions.write_correction import write_correction
from wiredesk.stories.history import history, with_history
from wiredesk.stories.models import Correction, Order, Story, StoryVersion
from wiredesk.stories.words_read import WordsRead, reads_alike

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

pytestmark = pytest.mark.django_db

ONE = "<p>The Orrin bridge closes on Monday.</p>\n<p>Buses stop at noon.</p>"
TWO = "<p>The Orrin bridge closes on Tuesday.</p>\n<p>Buses stop at noon.</p>"
THREE = "<p>The Orrin bridge closes on Friday.</p>\n<p>Buses stop at noon.</p>"


def version(number: int, body: str, **values: Any) -> None:
    take(a_message(version=str(number), body_html=body, **values))


def bodies(now: datetime | None = None) -> list[str]:
    """Give the bodies of the public history, the newest first."""
    told = history(story_of(), now or timezone.now())
    return [step.words.body for step in told.steps]


def editor(name: str = "mara") -> User:
    return create_staff(username=name, role="editor")[0]


# --- versions -----------------------------------------------------------------------


def test_each_version_that_readers_had_is_kept_with_its_time() -> None:
    before = timezone.now()
    version(1, ONE)
    version(2, TWO)
    told = history(story_of(), timezone.now())
    assert [step.words.body for step in told.steps] == [TWO, ONE]
    assert [step.number for step in told.steps] == [2, 1]
    assert before < told.steps[1].at < told.steps[0].at


def test_the_wires_words_are_not_kept_twice() -> None:
    version(1, ONE)
    assert StoryVersion.objects.get().words is None


def test_what_reads_alike_is_no_new_version_and_no_update() -> None:
    version(1, ONE)
    first = story_of().updated_at
    version(2, ONE.replace("<p>Buses", "<p><strong>Buses</strong>"), urgency=3)
    story = story_of()
    assert (StoryVersion.objects.count(), story.updated_at) == (1, first)
    assert story.wire_message.version == "2"  # type: ignore[union-attr]
    version(3, TWO)
    assert StoryVersion.objects.count() == 2
    assert story_of().updated_at > first  # type: ignore[operator]


@pytest.mark.parametrize(
    ("changed", "alike"),
    [
        ({"headline": "A bridge shuts"}, False),
        ({"subheadline": "For a week"}, False),
        ({"dateline": "PORT ELLERY —"}, False),
        ({"bylines": ("Bo Lowe",)}, False),
        ({"body": "<p>Other words.</p>"}, False),
        ({"body": "<p>The same <em>words</em>.</p>"}, True),
        ({"body": "<p>The same\u00ad</p><p>words.</p>"}, False),
        ({"body": "<p>The same words!</p>"}, False),
        ({"body": "<p>The s&#97;me\u00a0words.</p>"}, True),
        ({"headline": "The mayor\u2019s bridge"}, True),
    ],
)
def test_only_what_a_reader_sees_makes_words_other(
    changed: dict[str, Any], alike: bool
) -> None:
    words = {"headline": "The mayor's bridge", "body": "<p>The same words.</p>"}
    one = WordsRead(**words)  # type: ignore[arg-type]
    assert reads_alike(one, WordsRead(**{**words, **changed})) is alike


def test_a_version_that_never_went_public_is_in_no_history() -> None:
    version(1, ONE, policy={"publish": "hold"})
    version(2, TWO, policy={"publish": "hold"})
    assert not StoryVersion.objects.exists()
    story = story_of()
    give_order(
        story=story, verb=Order.Verb.PUBLISH, by=editor(), message=story.wire_message
    )
    assert bodies() == [TWO]


def test_of_two_versions_in_one_batch_readers_had_the_last() -> None:
    take(
        a_message(version="1", body_html=ONE),
        a_message(version="2", body_html=TWO),
    )
    assert bodies() == [TWO]


def test_killed_versions_leave_the_history_for_good() -> None:
    version(1, ONE)
    version(2, TWO)
    (kill,) = save(a_message(version="2", status="canceled"))
    settle([kill])
    assert bodies() == []
    version(3, THREE)
    by = editor()
    story = story_of()
    give_order(story=story, verb=Order.Verb.RELEASE, by=by, message=kill)
    assert bodies() == [THREE]
    assert StoryVersion.objects.filter(ended_at=None).count() == 1


def test_a_late_kill_of_an_old_version_takes_the_newer_ones_with_it() -> None:
    version(1, ONE)
    version(3, THREE)
    version(2, TWO, status="canceled")
    assert bodies() == []


def test_a_hold_that_is_lifted_leaves_the_history_as_it_was() -> None:
    version(1, ONE)
    version(2, TWO)
    by, story = editor(), story_of()
    for verb in (Order.Verb.HOLD, Order.Verb.PUBLISH):
        give_order(story=story, verb=verb, by=by, message=story.wire_message)
    assert bodies() == [TWO, ONE]


def test_what_was_withheld_and_comes_back_otherwise_is_not_told_of() -> None:
    version(1, ONE)
    version(2, TWO)
    version(3, TWO, status="withheld")
    version(4, THREE)
    assert Story.objects.public().filter(pk=story_of().pk).exists()
    assert bodies() == [THREE]


def test_an_embargoed_version_is_in_the_history_from_the_second_it_lifts() -> None:
    lifts = timezone.now() + timedelta(hours=2)
    version(1, ONE, status="embargoed", embargoed_until=lifts)
    assert bodies() == []
    assert bodies(lifts + timedelta(seconds=1)) == [ONE]


def test_an_embargoed_version_that_was_replaced_before_it_lifted_never_was() -> None:
    lifts = timezone.now() + timedelta(hours=2)
    version(1, ONE, status="embargoed", embargoed_until=lifts)
    version(2, TWO, status="embargoed", embargoed_until=lifts)
    assert bodies(lifts + timedelta(seconds=1)) == [TWO]


def test_an_update_under_embargo_is_dated_when_readers_can_see_it() -> None:
    version(1, ONE)
    lifts = timezone.now() + timedelta(hours=2)
    version(2, TWO, status="embargoed", embargoed_until=lifts)
    assert story_of().updated_at == lifts


def test_a_story_tells_whether_it_has_a_history_without_a_query(
    django_assert_num_queries: Any,
) -> None:
    version(1, ONE)

    def told() -> bool:
        story = with_history(Story.objects.all(), timezone.now()).get()
        return bool(getattr(story, "has_history", None))

    assert not told()
    version(2, TWO)
    with django_assert_num_queries(1):
        assert told()


def test_fresh_copy_costs_one_statement_for_all_its_versions(
    django_assert_max_num_queries: Any,
) -> None:
    def of_versions(count: int, start: int) -> int:
        messages = save(*(a_message(f"urn:{start + n}") for n in range(count)))
        with django_assert_max_num_queries(200) as asked:
            settle(messages)
        return sum("stories_storyversion" in one["sql"] for one in asked)

    assert of_versions(1, 0) <= 2
    assert of_versions(30, 100) <= 31  # a row a run of one prepared statement
    assert StoryVersion.objects.count() == 31


# --- the station's own stories -------------------------------------------------------


def own_story(**words: Any) -> Story:
    story = Story.objects.create(
        **{
            "headline": "Seagrass returns to the sound",
            "body": [{"type": "text", "value": ONE}],
            **words,
        }
    )
    publish_station_story(story=story, by=editor())
    return Story.objects.get(pk=story.pk)


def edit(story: Story, by: User, **words: Any) -> Story:
    draft = Story.objects.get(pk=story.pk)
    for name, value in words.items():
        setattr(draft, name, value)
    draft.save_revision(user=by).publish(user=by)
    return Story.objects.get(pk=story.pk)


def test_an_editors_publications_are_versions_too() -> None:
    by = editor("bo")
    story = own_story()
    story = edit(story, by, body=[{"type": "text", "value": TWO}])
    told = history(story, timezone.now())
    assert [step.words.body for step in told.steps] == [TWO, ONE]
    assert story.updated_at > story.published_at  # type: ignore[operator]


def test_an_editors_change_that_no_reader_sees_is_no_update() -> None:
    by = editor("bo")
    story = own_story()
    story = edit(story, by, summary="For lists alone.", urgency=2)
    assert story.updated_at == story.published_at
    assert StoryVersion.objects.count() == 1


def test_an_edit_of_a_wire_story_is_a_version_with_its_own_words() -> None:
    version(1, ONE)
    story = edit(story_of(), editor(), headline="The bridge closes, says the county")
    told = history(story, timezone.now())
    assert [step.words.headline for step in told.steps] == [
        "The bridge closes, says the county",
        "Orrin bridge closes for repairs",
    ]
    newest, oldest = told.steps[0], told.steps[1]
    assert newest.headline
    assert not oldest.headline


def test_a_story_without_a_summary_takes_its_first_paragraph() -> None:
    story = own_story()
    assert story.summary == "The Orrin bridge closes on Monday."
    story = edit(story, editor("bo"), body=[{"type": "text", "value": TWO}])
    assert story.summary == "The Orrin bridge closes on Tuesday."


def test_a_summary_that_an_editor_wrote_stays() -> None:
    story = own_story(summary="Green is back.")
    story = edit(story, editor("bo"), body=[{"type": "text", "value": TWO}])
    assert story.summary == "Green is back."


# --- corrections ---------------------------------------------------------------------


def correct(number: int, body: str, note: str = "", **values: Any) -> None:
    notes = [{"text": note, "public": True}] if note else []
    private = [{"text": "EDS: Desk only, not for readers.", "public": False}]
    version(
        number, body, signals=["sig:correction"], editor_notes=notes + private, **values
    )


def test_readers_get_the_agencys_public_note_and_no_other() -> None:
    version(1, ONE)
    correct(2, TWO, "It closes on Tuesday, not on Monday.")
    (correction,) = Correction.objects.shown()
    assert correction.in_words() == "It closes on Tuesday, not on Monday."
    assert not Alarm.objects.filter(key__startswith="correction").exists()
    (newest, _first) = history(story_of(), timezone.now()).steps
    assert newest.correction == correction


def test_a_correction_without_a_public_word_asks_the_desk_and_invents_none() -> None:
    version(1, ONE)
    correct(2, TWO)
    (correction,) = Correction.objects.shown()
    assert correction.text == ""
    assert correction.in_words() == "This story has been corrected."
    alarm = Alarm.objects.get(cleared_at=None, key__startswith="correction-without")
    assert alarm.address == f"/desk/corrections/of/{correction.story_id}/"

    told = write_correction(
        story=correction.story,
        text="It closes on Tuesday.",
        by=editor(),
        correction=correction,
    )
    assert (told.pk, told.at) == (correction.pk, correction.at)
    alarm.refresh_from_db()
    assert alarm.cleared_at is not None


def test_a_correction_that_waited_for_an_editor_is_told_once_its_words_show() -> None:
    version(1, ONE)
    correct(2, TWO, "It closes on Tuesday.", policy={"publish": "hold"})
    assert not Correction.objects.exists()
    story = story_of()
    message = save(a_message("urn:other"))[0].__class__.objects.get(version="2")
    give_order(story=story, verb=Order.Verb.PUBLISH, by=editor(), message=message)
    assert Correction.objects.get().text == "It closes on Tuesday."


def test_a_kill_takes_the_agencys_words_of_correction_and_leaves_ours() -> None:
    version(1, ONE)
    correct(2, TWO, "It closes on Tuesday.")
    write_correction(story=story_of(), text="We misspelled Orrin.", by=editor())
    version(2, TWO, status="canceled")
    assert [each.text for each in Correction.objects.shown()] == [
        "We misspelled Orrin."
    ]


def test_an_editor_corrects_a_story_of_the_stations_own() -> None:
    story, by = own_story(), editor("bo")
    correction = write_correction(story=story, text=" It was\r\n Tuesday. ", by=by)
    assert (correction.text, correction.by) == ("It was\n Tuesday.", by)
    entry = Entry.objects.filter(verb="corrected").get()
    assert entry.detail == {"correction": correction.pk, "message": None}


def test_nobody_corrects_without_the_right_or_what_nobody_read() -> None:
    story = own_story()
    reporter = create_staff(username="rae", role="reporter")[0]
    with pytest.raises(PermissionDenied):
        write_correction(story=story, text="It was Tuesday.", by=reporter)
    draft = Story.objects.create(headline="A draft")
    by = editor("bo")
    with pytest.raises(ValidationError):
        write_correction(story=draft, text="It was Tuesday.", by=by)
    with pytest.raises(ValidationError):
        write_correction(story=story, text=" \n ", by=by)
    assert not Correction.objects.exists()


def test_an_editor_says_on_the_desk_what_was_wrong(client: Client) -> None:
    version(1, ONE)
    correct(2, TWO)
    story = story_of()
    user, password = create_staff(username="mara", role="editor")
    assert client.login(username=user.username, password=password)
    assert "Corrected, and readers" in client.get("/desk/").content.decode()
    address = f"/desk/corrections/of/{story.pk}/"
    form = client.get(address)
    assert "without a word for readers" in form.content.decode()
    answer = client.post(address, {"text": "It closes on Tuesday."}, follow=True)
    assert "The correction stands with the story." in answer.content.decode()
    assert "Change its words" in answer.content.decode()
    correction = Correction.objects.get()
    assert correction.text == "It closes on Tuesday."
    client.post(f"/desk/corrections/{correction.pk}/", {"text": "Tuesday it is."})
    assert Correction.objects.get().text == "Tuesday it is."
    assert "Corrected, and readers" not in client.get("/desk/").content.decode()


def test_a_reporter_is_refused_at_the_form(client: Client) -> None:
    story = own_story()
    user, password = create_staff(username="rae", role="reporter")
    assert client.login(username=user.username, password=password)
    answer = client.post(f"/desk/corrections/of/{story.pk}/", {"text": "No."})
    assert answer.status_code != 200
    assert not Correction.objects.exists()
