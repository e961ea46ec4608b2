"""Where a story stands follows from the set of facts, and from nothing else."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.stories.facts import OrderFact, Standing, State, WireFact
from wiredesk.stories.newer import is_newer
from wiredesk.stories.standing import standing

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STREAMS = 1000
_ids = itertools.count(1)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(version: str = "1", status: str = "usable", **values: Any) -> WireFact:
    number = next(_ids)
    values.setdefault("received_at", at(number / 1000))
    values.setdefault("publishable", status in ("usable", "embargoed"))
    return WireFact(
        id=number,
        status=status,
        version=version,
        guid="a",
        digest=f"{number}",
        **values,
    )


def ordered(
    verb: str, message: WireFact | None = None, minutes: float = 0
) -> OrderFact:
    number = next(_ids)
    return OrderFact(number, verb, message.id if message else None, at(minutes))


def now_stands(*facts: WireFact | OrderFact, now: datetime = NOON) -> Standing:
    return standing(
        [fact for fact in facts if isinstance(fact, WireFact)],
        [fact for fact in facts if isinstance(fact, OrderFact)],
        now,
    )


def test_the_newest_usable_version_shows() -> None:
    old, new = said("9"), said("10")
    assert now_stands(new, old).shows == new.id


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0", "1"),
        ("9", "10"),
        ("1618095828", "1618095829"),
        ("9" * 6000, "1" + "0" * 6000),
        ("007", "8"),
    ],
)
def test_whole_number_versions_compare_as_numbers_of_any_size(
    older: str, newer: str
) -> None:
    assert is_newer(said(newer), said(older))
    assert not is_newer(said(older), said(newer))


def test_version_zero_is_a_version() -> None:
    assert now_stands(said("0"), kill := said("0", "canceled")).follows_from == (
        kill.id,
    )


def test_other_tokens_leave_it_to_the_version_time() -> None:
    early = said("2nd Ld", version_at=at(1))
    late = said("1st Ld", version_at=at(2))
    assert now_stands(early, late).shows == late.id


def test_where_there_is_neither_the_first_receipt_decides() -> None:
    first, second = said("", received_at=at(1)), said("", received_at=at(2))
    assert now_stands(second, first).shows == second.id


def test_at_a_tie_the_darker_wins() -> None:
    for status in ("canceled", "withheld", "unknown"):
        assert now_stands(said("1"), said("1", status)).state is not State.LIVE


def test_at_a_tie_the_words_that_were_embargoed_are_those_that_show() -> None:
    embargoed = said("1", "embargoed", embargoed_until=at(-5))
    assert now_stands(embargoed, said("1")).shows == embargoed.id


def test_no_newer_version_revives_a_killed_story() -> None:
    facts = said("1"), said("3", "canceled"), said("2"), said("4")
    assert now_stands(*facts).state is State.WITHDRAWN


def test_a_release_and_a_newer_version_revive_it_together_only() -> None:
    kill, newer = said("3", "canceled"), said("4")
    released = ordered("release", kill)
    assert now_stands(said("1"), kill, released).state is State.WITHDRAWN
    assert now_stands(said("1"), kill, newer, released).shows == newer.id


def test_a_release_of_one_kill_says_nothing_about_the_next() -> None:
    kill = said("3", "canceled")
    facts = kill, said("4"), ordered("release", kill), said("5", "canceled"), said("6")
    assert now_stands(*facts).state is State.WITHDRAWN


def test_a_release_of_the_last_kill_says_nothing_about_an_earlier_one() -> None:
    first, last = said("3", "canceled"), said("4", "canceled")
    facts = first, last, said("5"), ordered("release", last)
    assert now_stands(*facts).state is State.WITHDRAWN
    assert now_stands(*facts, ordered("release", first)).state is State.LIVE


def test_a_kill_in_doubt_holds_until_the_desk_has_answered_each() -> None:
    story = said("1")
    doubts = [
        dataclasses.replace(said("", "doubted"), guid=guid, kind="advisory")
        for guid in ("b", "c")
    ]
    assert now_stands(story, *doubts).state is State.HELD
    one = ordered("release", doubts[0])
    assert now_stands(story, *doubts, one).state is State.HELD
    both = one, ordered("release", doubts[1])
    assert now_stands(story, *doubts, *both).state is State.LIVE


def test_a_kill_that_was_repeated_is_the_kill_that_was_released() -> None:
    kill = said("3", "canceled")
    again = dataclasses.replace(kill, id=next(_ids), received_at=at(9))
    for named in (kill, again):
        facts = kill, said("4"), ordered("release", named)
        assert now_stands(*facts, again).state is State.LIVE


def test_publishing_never_beats_a_kill() -> None:
    newer = said("4")
    facts = said("3", "canceled"), newer, ordered("publish", newer, 5)
    assert now_stands(*facts).state is State.WITHDRAWN


def test_a_withheld_story_comes_back_with_its_next_usable_version() -> None:
    first, withheld, third = said("1"), said("2", "withheld"), said("3")
    assert now_stands(first, withheld).state is State.HELD
    assert now_stands(first, withheld, ordered("publish", first)).state is State.HELD
    assert now_stands(first, withheld, third).shows == third.id


def test_a_withheld_version_does_not_come_back_while_its_successor_waits() -> None:
    third = said("3", hold=True)
    facts = said("1"), said("2", "withheld"), third
    assert now_stands(*facts).state is State.HELD
    assert now_stands(*facts, ordered("publish", third)).shows == third.id


def test_another_document_lets_go_what_was_withheld() -> None:
    first = said("1", version_at=at(1))
    withheld = said("2", "withheld", version_at=at(2))
    word = dataclasses.replace(
        said("9", "released", version_at=at(3)), guid="b", kind="advisory"
    )
    assert now_stands(first, withheld, word).shows == first.id
    early = dataclasses.replace(word, version_at=at(1))
    assert now_stands(first, withheld, early).state is State.HELD


def test_an_unknown_status_is_dark() -> None:
    assert now_stands(said("1"), said("2", "pending")).state is State.HELD
    assert now_stands(said("1", publishable=False)).state is State.HELD


def test_an_embargo_covers_later_versions_that_say_nothing() -> None:
    embargoed = said("1", "embargoed", embargoed_until=at(60))
    silent = said("2")
    assert now_stands(embargoed, silent).state is State.EMBARGOED
    lifted = now_stands(embargoed, silent, now=at(60))
    assert (lifted.state, lifted.shows) == (State.LIVE, silent.id)


@pytest.mark.parametrize("received", [(1, 2), (2, 1)])
def test_the_newest_embargo_that_is_stated_governs(received: tuple[int, int]) -> None:
    first, second = (at(minute) for minute in received)
    facts = (
        said("1", "embargoed", embargoed_until=at(60), received_at=first),
        said("2", "embargoed", embargoed_until=at(30), received_at=second),
    )
    assert now_stands(*facts, now=at(29)).state is State.EMBARGOED
    assert now_stands(*facts, now=at(30)).state is State.LIVE


@pytest.mark.parametrize("received", [(1, 2), (2, 1)])
def test_the_newest_end_that_is_stated_governs(received: tuple[int, int]) -> None:
    first, second = (at(minute) for minute in received)
    facts = (
        said("1", expires=at(30), received_at=first),
        said("2", expires=at(60), received_at=second),
        said("3"),
    )
    assert now_stands(*facts, now=at(59)).state is State.LIVE
    assert now_stands(*facts, now=at(60)).state is State.EXPIRED


def test_an_embargo_without_end_is_lifted_by_a_newer_version_alone() -> None:
    endless = said("2", "embargoed", embargo_open=True)
    order = ordered("publish", endless)
    assert now_stands(said("1"), endless, order, now=at(9e6)).state is State.EMBARGOED
    newer = said("3")
    assert now_stands(said("1"), endless, newer).shows == newer.id
    dated = said("3", "embargoed", embargoed_until=at(60))
    assert now_stands(endless, dated, now=at(60)).shows == dated.id


def test_hard_expiry_ends_a_story_and_soft_expiry_its_place_in_lists() -> None:
    assert now_stands(said("1", expires=at(-1))).state is State.EXPIRED
    soft = now_stands(said("1", expires=at(-1), hard_expiry=False))
    assert (soft.state, soft.listed_until) == (State.LIVE, at(-1))


def test_the_contract_ends_a_story_before_its_expiry() -> None:
    fact = said("1", expires=at(60), retain_until=at(30))
    assert now_stands(fact, now=at(29)).state is State.LIVE
    assert now_stands(fact, now=at(30)).state is State.EXPIRED


def test_what_a_kill_states_of_embargo_and_end_says_nothing_of_the_next_version() -> (
    None
):
    kill = said("2", "canceled", embargoed_until=at(60), expires=at(-1))
    facts = said("1"), kill, said("3"), ordered("release", kill)
    assert now_stands(*facts).state is State.LIVE


def test_of_embargoes_and_ends_stated_at_once_the_darkest_counts() -> None:
    stated: dict[str, Any] = {"embargoed_until": at(10), "expires": at(90)}
    darker: dict[str, Any] = {"embargoed_until": at(20), "expires": at(80)}
    for values in ((stated, darker), (darker, stated)):  # whichever came last
        stands = now_stands(*(said("1", **each) for each in values))
        assert (stands.visible_from, stands.visible_until) == (at(20), at(80))


def test_where_numbers_and_times_contradict_all_around_every_embargo_counts() -> None:
    first = said("2", version_at=at(1), embargoed_until=at(10))
    second = said("1", version_at=at(3), embargoed_until=at(30))
    other = dataclasses.replace(
        said("", version_at=at(2), embargoed_until=at(20)), guid="b"
    )
    assert now_stands(first, second, other).visible_from == at(30)


def test_a_story_ends_with_the_contract_by_the_clock_and_stays_ended() -> None:
    fact = said("1", contract_until=at(30))
    assert now_stands(fact, now=at(29)).visible_until == at(30)
    ended = now_stands(fact, now=at(30))
    assert (ended.state, "contract" in ended.reason) == (State.EXPIRED, True)
    over = dataclasses.replace(fact, contract_over=True)
    assert now_stands(over, now=at(29)).state is State.EXPIRED


def test_another_feeds_copy_goes_on_for_a_contract_that_ends_unless_it_is_older() -> (
    None
):
    same, older = said("2"), said("1")
    ends = said("2", contract_until=at(30))
    assert now_stands(ends, same).shows == same.id
    assert now_stands(ends, older).shows == ends.id
    assert now_stands(ends, older, now=at(31)).state is State.EXPIRED


def test_the_same_message_by_a_feed_whose_contract_goes_on_is_no_repeat() -> None:
    ends = said("2", contract_until=at(30))
    goes_on = dataclasses.replace(ends, id=next(_ids), contract_until=None)
    assert now_stands(ends, goes_on, now=at(31)).state is State.LIVE


def test_what_was_erased_is_no_candidate_and_expired() -> None:
    assert now_stands(said("1", erased=True)).state is State.EXPIRED
    older = said("1")
    assert now_stands(older, said("2", erased=True)).shows == older.id


def test_a_held_version_waits_while_the_allowed_one_stays() -> None:
    first, second = said("1", hold=True), said("2", hold=True)
    assert now_stands(first).state is State.HELD
    order = ordered("publish", first)
    held = now_stands(first, second, order)
    assert (held.state, held.shows, held.waits) == (State.LIVE, first.id, (second.id,))


def test_the_desks_last_word_counts_and_a_version_is_no_word_of_the_desk() -> None:
    first, second = said("1"), said("2")
    hold, publish = ordered("hold", first, 1), ordered("publish", first, 2)
    withdraw = ordered("withdraw", first, 3)
    assert now_stands(first, hold, second).state is State.HELD
    assert now_stands(first, second, publish, hold).shows == second.id
    assert now_stands(first, second, hold, publish, withdraw).state is State.WITHDRAWN


def test_words_the_desk_changed_stay_until_an_editor_answers() -> None:
    first, second = said("1"), said("2")
    edit = ordered("correct", first, 1)
    kept = now_stands(first, second, edit)
    assert (kept.shows, kept.waits) == (first.id, (second.id,))
    assert now_stands(first, second, edit, ordered("publish", second, 2)).shows == (
        second.id
    )


def test_words_the_desk_changed_go_dark_with_the_version_they_stand_on() -> None:
    first, kill, newer = said("1"), said("2", "canceled"), said("3")
    facts = (
        first,
        kill,
        newer,
        ordered("correct", first, 1),
        ordered("release", kill, 2),
    )
    held = now_stands(*facts)
    assert (held.state, held.waits) == (State.HELD, (newer.id,))


def test_what_could_be_merged_unasked_is_asked_for_once_the_base_was_killed() -> None:
    first, kill, newer = said("1"), said("2", "canceled"), said("3")
    latest = said("4")
    edit = dataclasses.replace(
        ordered("correct", first, 1), merges=frozenset({newer.id, latest.id})
    )
    release = ordered("release", kill, 2)
    assert now_stands(first, newer, edit).shows == newer.id
    assert now_stands(first, kill, newer, edit, release).state is State.HELD
    # Words that stand on a version newer than every kill survive it.
    kept = dataclasses.replace(edit, message_id=newer.id)
    assert now_stands(first, kill, newer, latest, kept, release).shows == latest.id


def test_an_answer_from_before_the_desks_last_edit_lets_nothing_show() -> None:
    first, second = said("1"), said("2")
    before, edit = ordered("publish", second, 1), ordered("correct", first, 2)
    assert now_stands(first, second, before, edit).shows == first.id


def test_a_story_of_the_stations_own_is_live_by_order_alone() -> None:
    assert now_stands().state is State.HELD
    assert now_stands(ordered("publish")).state is State.LIVE
    assert now_stands(ordered("publish"), ordered("hold", None, 1)).state is State.HELD


def test_an_advisory_is_never_a_story() -> None:
    assert now_stands(said("1", kind="advisory")).state is State.HELD
    shown = said("1")
    assert now_stands(shown, said("2", kind="advisory")).shows == shown.id


# --- the property: sets, not sequences ------------------------------------------------

_VERSIONS = ("0", "1", "2", "3", "9", "10", "1618095828", "", "1st Ld", "²")
_STATUSES = (*["usable"] * 6, "withheld", "canceled", "embargoed", "unknown")
_VERBS = ("publish", "hold", "withdraw", "release", "correct")


def _some_time(random: Random) -> datetime | None:
    return random.choice((None, at(random.randint(-90, 90))))


def a_stream(random: Random) -> tuple[list[WireFact], list[OrderFact]]:
    """Give messages that bear on one story, and the desk's orders, of any sort."""
    facts = []
    for number in range(random.randint(0, 6)):
        status = random.choice(_STATUSES)
        until = _some_time(random) if status == "embargoed" else None
        facts.append(
            WireFact(
                id=number + 1,
                guid=random.choice("aaaaaaaab"),
                status=status,
                kind=random.choice((*["story"] * 8, "advisory")),
                version=random.choice(_VERSIONS),
                version_at=_some_time(random),
                received_at=at(random.randint(0, 60)),
                publishable=status in ("usable", "embargoed"),
                embargoed_until=until,
                embargo_open=status == "embargoed" and until is None,
                expires=_some_time(random),
                hold=random.random() < 0.3,
                hard_expiry=random.random() < 0.5,
                digest=f"d{number}",
            )
        )
    orders = [
        OrderFact(
            id=number + 1,
            verb=random.choice(_VERBS),
            message_id=random.choice((None, *range(1, 7))),
            at=at(random.randint(0, 60)),
        )
        for number in range(random.randint(0, 4))
    ]
    return facts, orders


def _repeat(facts: list[WireFact], which: list[int]) -> list[WireFact]:
    """Deliver some messages again, later, under new ids."""
    return facts + [
        dataclasses.replace(
            facts[index % len(facts)], id=100 + place, received_at=at(90 + place)
        )
        for place, index in enumerate(which)
        if facts
    ]


@settings(max_examples=STREAMS, deadline=None)
@given(random=st.randoms(use_true_random=True))
def test_neither_order_nor_repetition_changes_where_a_story_stands(
    random: Random,
) -> None:
    facts, orders = a_stream(random)
    now = at(random.randint(-120, 120))
    shuffled = random.sample(facts, len(facts))
    reordered = random.sample(orders, len(orders))
    repeats = random.choices(range(6), k=random.randint(0, 3))
    for end in range(len(facts) + 1):
        prefix = shuffled[:end]
        expected = standing(sorted(prefix, key=lambda fact: fact.id), orders, now)
        assert standing(prefix, reordered, now) == expected
        assert standing(_repeat(prefix, repeats), orders, now) == expected
        _nothing_dark_shows(prefix, orders, now, expected)


def _nothing_dark_shows(
    facts: list[WireFact], orders: list[OrderFact], now: datetime, found: Standing
) -> None:
    """Check the promises themselves, each written without the engine's own rules."""
    if found.state is not State.LIVE or not facts:
        return
    (shown,) = [fact for fact in facts if fact.id == found.shows]
    assert shown.kind == "story"
    assert shown.status in ("usable", "embargoed")
    assert shown.publishable
    assert shown.embargoed_until is None or found.visible_from is not None
    assert found.visible_from is None or found.visible_from <= now
    assert found.visible_until is None or found.visible_until > now
    for other in facts:
        if other.status == "canceled":
            assert any(
                order.verb == "release" and order.message_id == other.id
                for order in orders
            )
        if other.status in ("canceled", "withheld"):
            both = {fact.version for fact in (shown, other)}
            if both <= {"0", "1", "2", "3", "9", "10"} and shown.guid == other.guid:
                assert int(shown.version) >= int(other.version)
    if shown.hold:
        assert any(
            order.verb == "publish" and order.message_id == shown.id for order in orders
        )
    last = max(
        (order for order in orders if order.verb in ("publish", "hold", "withdraw")),
        key=lambda order: (order.at, order.id),
        default=None,
    )
    assert last is None or last.verb == "publish"
