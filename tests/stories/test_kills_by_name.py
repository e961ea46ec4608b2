"""Kills that name a story by slug or transmission: matched, or everything is held."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.stories.wires import NOON, a_feed, a_message, is_public, outcome, story_of
from wiredesk.logbook import journal
from wiredesk.logbook.actions.apply_journal import apply_journal
from wiredesk.logbook.journal import Line, Position
from wiredesk.logbook.models import Alarm
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.models import Reference, Story, StoryIdentity
from wiredesk.wire.formats.kill_words import names_in, order_in, slug_name
from wiredesk.wire.models import Message

pytestmark = pytest.mark.django_db
FERRY, OTHER = "urn:meridian:1", "urn:meridian:2"


def copy(guid: str = FERRY, slug: str = "Lower-Tarn-Ferry", **values: Any) -> Message:
    values = {"version_at": NOON, "received_at": NOON, **values}
    transref = values.pop("transref", None)
    links = [{"rel": "transref", "guid": transref}] if transref else []
    return a_message(guid, slugline=slug, links=links, **values)


def a_kill(words: str, minutes: float = 10, **values: Any) -> Message:
    at = NOON + timedelta(minutes=minutes)
    return a_message(
        values.pop("guid", "urn:meridian:note"),
        kind="advisory",
        publishable=False,
        headline="MANDATORY KILL",
        body_text=words,
        version_at=at,
        received_at=at,
        **values,
    )


KILL = "Please kill the story Lower-Tarn-Ferry, V9991. A kill is mandatory."


def standings() -> dict[str, str]:
    return {guid: story_of(guid).standing.state for guid in (FERRY, OTHER)}


@pytest.mark.parametrize(
    ("slugline", "name"),
    [
        ("BC-US--Lower-Tarn-Ferry, 1st Ld-Writethru", "slug:us--lower-tarn-ferry"),
        ("Lower-Tarn-Ferry--KILL", "slug:lower-tarn-ferry"),
        ("AM-Ferry,  Mandatory Kill", "slug:ferry"),
        ("Ferry 2nd Ld", "slug:ferry"),
        ("kill advisory", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_slug_is_compared_without_cycle_lead_and_order(
    slugline: str | None, name: str
) -> None:
    assert slug_name(slugline) == name


def test_a_note_names_its_story_by_slug_and_transmission() -> None:
    assert names_in("MANDATORY KILL", None, KILL) == [
        "slug:lower-tarn-ferry",
        "ref:v9991",
    ]
    assert order_in("MANDATORY KILL", None, KILL) == "kills"
    assert order_in("HOLD ADVISORY: Lower-Tarn-Ferry", None, "") == "withholds"
    assert order_in("PHOTO KILL", None, "Kill the photo XTARN101.") == ""


@pytest.mark.parametrize("kill_first", [False, True])
def test_a_kill_by_slug_that_means_one_story_takes_it_down(kill_first: bool) -> None:
    messages = [copy(), a_kill(KILL)]
    for message in reversed(messages) if kill_first else messages:
        outcome(message)
    assert not is_public()
    assert story_of().standing.state == "withdrawn"
    outcome(copy(version="2", version_at=NOON + timedelta(hours=1)))
    assert not is_public()


def test_a_kill_by_transmission_chooses_among_stories_of_one_slug() -> None:
    outcome(copy(transref="V9990"))
    outcome(copy(OTHER, transref="V9991"))
    assert outcome(a_kill(KILL)) == "withdrawn"
    assert standings() == {FERRY: "live", OTHER: "withdrawn"}
    assert not Alarm.objects.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_kill_that_may_mean_several_holds_all_and_alarms_the_desk(
    order: tuple[int, ...],
) -> None:
    messages = [copy(), copy(OTHER), a_kill(KILL)]
    for number in order:
        outcome(messages[number])
    assert standings() == {FERRY: "held", OTHER: "held"}
    alarm = Alarm.objects.get(key__startswith="doubtful-kill")
    assert "lower-tarn-ferry" in alarm.text
    assert not is_public(FERRY)
    assert not is_public(OTHER)


def test_the_desk_releases_what_a_doubtful_kill_did_not_mean() -> None:
    outcome(copy())
    outcome(copy(OTHER))
    kill = a_kill(KILL)
    assert outcome(kill) == "held"
    give_order(story=story_of(), verb="release", by=None, message=kill)
    assert standings() == {FERRY: "live", OTHER: "held"}


def test_a_kill_by_name_that_means_nothing_alarms_and_waits() -> None:
    assert outcome(a_kill(KILL)) == "filed"
    assert "lower-tarn-ferry" in Alarm.objects.get().text
    # A story of that name that was sent before it, and comes after it, is meant.
    outcome(copy(received_at=NOON + timedelta(hours=1)))
    assert not is_public()


def note_lines(start: Position) -> list[Line]:
    lines = journal.read(start)
    return [line for line in lines if line.facts.get("guid") == "urn:meridian:note"]


def lose(*guids: str) -> None:
    """Take messages and their stories out of the database, as restoring an older one."""
    StoryIdentity.objects.filter(guid__in=guids).delete()
    Story.objects.filter(wire_message__guid__in=guids).delete()
    Reference.objects.filter(message__guid__in=guids).delete()
    Message.objects.filter(guid__in=guids).delete()


def test_a_kill_by_name_that_means_nothing_yet_is_obeyed_after_a_restore() -> None:
    start = journal.end()
    outcome(a_kill(KILL))
    (line,) = note_lines(start)
    assert (line.verb, line.facts["matched"]) == ("kill", [])
    assert b"tarn" not in line.raw.lower()  # digests of names, no words
    lose("urn:meridian:note")
    assert apply_journal(after=start, restoring=True).changed == 1
    outcome(copy())
    assert not is_public()
    assert story_of().standing.state == "withdrawn"


def test_what_a_kill_by_name_meant_only_later_is_in_the_journal_and_stays_dark() -> (
    None
):
    start = journal.end()
    dateless: dict[str, Any] = {"version": "", "version_at": None}
    outcome(a_kill(KILL))
    outcome(copy(received_at=NOON, **dateless))
    assert not is_public()
    assert [line.facts["matched"] for line in note_lines(start)] == [[], [FERRY]]
    lose("urn:meridian:note", FERRY)
    assert apply_journal(after=start, restoring=True).changed == 1
    # It comes again after the note, and has no date that says it is older.
    outcome(copy(received_at=NOON + timedelta(hours=1), **dateless))
    assert story_of().standing.state != "live"
    assert not is_public()
    assert apply_journal(after=start, restoring=False).changed == 0


def test_the_original_of_a_kill_by_name_means_what_the_journal_says_it_came_to_mean() -> (
    None
):
    outcome(a_kill(KILL))
    start = journal.end()
    outcome(copy())
    assert len(note_lines(start)) == 1
    lose(FERRY)
    Reference.objects.all().delete()
    assert apply_journal(after=start, restoring=True).changed == 1
    outcome(copy(slug="Ferry-renamed"))
    assert not is_public()


def test_a_kill_that_means_another_since_lets_the_first_go_after_a_restore_too() -> (
    None
):
    start = journal.end()
    outcome(a_kill(KILL))
    outcome(copy())
    outcome(copy(OTHER, transref="V9991"))
    assert standings() == {FERRY: "live", OTHER: "withdrawn"}
    lose("urn:meridian:note")
    settle_stories(Story.objects.values_list("pk", flat=True))
    apply_journal(after=start, restoring=True)
    assert standings() == {FERRY: "live", OTHER: "withdrawn"}


def test_a_kill_that_names_nothing_at_all_alarms() -> None:
    outcome(a_kill("A kill is mandatory."))
    assert "no story we can find" in Alarm.objects.get().text


def test_a_kill_by_name_speaks_for_its_own_source_and_its_own_days_only() -> None:
    outcome(copy())
    outcome(a_kill(KILL, feed=a_feed("lodestar")))
    assert is_public()
    outcome(a_kill(KILL, minutes=60 * 24 * 8, guid="urn:meridian:late"))
    assert is_public()
    # What was sent after the kill is the substitute, not what it means.
    outcome(a_kill(KILL, minutes=-10, guid="urn:meridian:early"))
    assert is_public()


def test_a_kill_of_an_id_never_heard_of_holds_what_goes_by_its_slug() -> None:
    outcome(copy())
    kill = copy("urn:meridian:7", status="canceled", version_at=NOON)
    outcome(kill)
    assert story_of().standing.state == "held"
    assert Alarm.objects.filter(key__startswith="doubtful-kill").exists()
    # Its own story comes: so it meant that one, and the other is let go.
    outcome(copy("urn:meridian:7", version="0"))
    assert is_public()
    assert not is_public("urn:meridian:7")
    assert not Reference.objects.exists()


def test_a_kill_by_id_leaves_other_stories_of_its_slug_alone() -> None:
    outcome(copy())
    outcome(copy(OTHER))
    outcome(copy(OTHER, version="2", status="canceled"))
    assert standings() == {FERRY: "live", OTHER: "withdrawn"}


def test_an_editor_releases_on_the_kills_own_page(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("ada", password="x"))
    outcome(copy(headline="Ferry one"))
    outcome(copy(OTHER, headline="Ferry two"))
    kill = a_kill(KILL)
    outcome(kill)
    page = client.get(reverse("wire_messages:inspect", args=[kill.pk]))
    assert "Release “Ferry one”" in page.content.decode()
    address = reverse("story_order", args=[kill.pk, "release"])
    client.post(f"{address}?story={story_of(OTHER).pk}")
    assert standings() == {FERRY: "held", OTHER: "live"}
    assert client.post(f"{address}?story=999").status_code == 404
