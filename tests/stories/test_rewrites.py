"""A rewrite under a new id goes on as the story it names, by the feed's rule."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.stories.wires import NOON, a_message, is_public, outcome, story_of, take
from tests.web.newsroom import build_newsroom
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.models import Story, StoryIdentity
from wiredesk.wire.items import Kind, Link, Status, WireItem
from wiredesk.wire.mapping import apply_mapping, mapping_problems
from wiredesk.wire.models import Message

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "urn:meridian:1", "urn:meridian:2", "urn:meridian:3"


def take_of(guid: str, minutes: float, *rewrites: str, **values: Any) -> Message:
    at = NOON + timedelta(minutes=minutes)
    return a_message(
        guid,
        links=[{"rel": "rewrites", "guid": other} for other in rewrites],
        **{"headline": f"Take {guid}", "version_at": at, "received_at": at, **values},
    )


def linked(*links: Link) -> WireItem:
    return WireItem(
        format="nitf",
        kind=Kind.STORY,
        guid=SECOND,
        status=Status.USABLE,
        publishable=True,
        links=links,
    )


def test_the_feeds_rule_says_which_links_mean_one_story() -> None:
    item = linked(Link("evolvedfrom", FIRST), Link("du-key", "ferry"))
    assert apply_mapping(item, {}).links == item.links
    joins = {"joins": ["evolvedFrom", "du-key"]}
    assert [
        link.guid for link in apply_mapping(item, joins).links if link.rel == "rewrites"
    ] == [FIRST, "du-key:ferry"]
    assert mapping_problems(joins) == []
    assert mapping_problems({"joins": "evolvedfrom"})


def test_a_rewrite_keeps_the_address_and_brings_its_words() -> None:
    outcome(take_of(FIRST, 1))
    path = story_of(FIRST).path
    assert outcome(take_of(SECOND, 2, FIRST)) == "updated"
    story = story_of(SECOND)
    assert (story.path, story.headline) == (path, f"Take {SECOND}")
    assert Story.objects.count() == 1


def test_a_rewrite_of_another_source_or_without_the_rule_is_a_story_of_its_own() -> (
    None
):
    outcome(take_of(FIRST, 1))
    outcome(take_of(SECOND, 2))
    assert story_of(FIRST) != story_of(SECOND)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
@pytest.mark.parametrize("batched", [False, True])
def test_a_chain_of_rewrites_is_one_story_whatever_came_first(
    order: tuple[int, ...], batched: bool
) -> None:
    messages = [
        take_of(FIRST, 1),
        take_of(SECOND, 2, FIRST),
        take_of(THIRD, 3, SECOND),
        take_of(FIRST, 0, version="0"),
    ]
    if batched:
        take(*[messages[number] for number in order])
    else:
        for number in order:
            outcome(messages[number])
    assert StoryIdentity.objects.values("story").distinct().count() == 1
    (public,) = Story.objects.public()
    assert public.headline == f"Take {THIRD}"
    assert public == story_of(FIRST)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_kill_of_any_of_its_ids_ends_the_story(order: tuple[int, ...]) -> None:
    messages = [
        take_of(FIRST, 1),
        take_of(SECOND, 2, FIRST),
        take_of(FIRST, 3, version="2", status="canceled"),
    ]
    for number in order:
        outcome(messages[number])
    assert not is_public(FIRST)
    assert not Story.objects.public().exists()
    assert story_of(SECOND).standing.state == "withdrawn"


def test_two_stories_that_prove_to_be_one_lead_to_the_older_address(
    client: Client,
) -> None:
    build_newsroom()
    outcome(take_of(FIRST, 1))
    outcome(take_of(THIRD, 3, SECOND))
    first, third = story_of(FIRST), story_of(THIRD)
    assert first != third
    outcome(take_of(SECOND, 2, FIRST))
    assert story_of(THIRD) == first
    assert third.path
    assert first.path
    answer = client.get(third.path)
    assert (answer.status_code, answer["location"]) == (301, first.path)
    assert f"Take {THIRD}" in client.get(first.path).content.decode()


def test_the_desks_orders_go_with_the_story_that_was_joined() -> None:
    outcome(take_of(FIRST, 1))
    outcome(take_of(THIRD, 3, SECOND))
    give_order(story=story_of(THIRD), verb="hold", by=None)
    outcome(take_of(SECOND, 2, FIRST))
    assert not Story.objects.public().exists()
    assert story_of(FIRST).standing.state == "held"
