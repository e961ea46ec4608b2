"""Generated streams in every format: order, repeats, delay and the clock change nothing.

``make prove-standing`` runs more of them; a failure names the stream's number.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

import pytest

from tests.stories.spoken import (
    FORMATS,
    NEVER_ENDS,
    UNDATED,
    Speech,
    after,
    heard,
    pools,
    received,
)
from wiredesk.stories.facts import OrderFact, Standing, State, WireFact
from wiredesk.stories.standing import standing

STREAMS = int(os.environ.get("WIREDESK_PROVE_STREAMS", "10000"))
SEED = int(os.environ.get("WIREDESK_PROVE_SEED", "1"))
BATCHES = 4
POOL = 90
_VERBS = ("publish", "publish", "hold", "withdraw", "release", "release", "correct")


@dataclass(frozen=True, slots=True)
class Said:
    """A speech as it was taken: under the feed's policy of that time."""

    speech: Speech
    publish: str
    hard_expiry: bool

    @property
    def facts(self) -> tuple[WireFact, ...]:
        return heard(self.speech, self.publish, self.hard_expiry)

    @property
    def digests(self) -> set[str]:
        return {fact.digest for fact in self.facts}


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of the desk; ``about`` is the place of a speech in the stream."""

    number: int
    verb: str
    about: int | None
    at: datetime
    merges: tuple[int, ...] = ()


@dataclass(slots=True)
class Stream:
    """Different speeches, and the steps they and the desk's orders come in."""

    said: list[Said]
    steps: list[int | Ordered]  # a speech's place, or an order
    clock: list[datetime]


@cache
def _pools() -> dict[str, list[Speech]]:
    return pools(SEED, POOL)


def a_stream(random: Random) -> Stream:
    """Give a stream: one format or several, repeated, late, with orders between."""
    formats = random.choices(FORMATS, k=1 if random.random() < 0.85 else 3)
    speeches = {
        random.choice(_pools()[random.choice(formats)]): None
        for _ in range(random.randint(1, 7))
    }
    said = [
        Said(speech, random.choice(("now", "now", "hold")), random.random() < 0.7)
        for speech in speeches
    ]
    steps: list[int | Ordered] = list(range(len(said)))
    steps += random.choices(range(len(said)), k=random.randint(0, 3))
    random.shuffle(steps)
    for number in range(random.randint(0, 4)):
        place = random.randint(0, len(steps))
        come = [step for step in steps[:place] if isinstance(step, int)]
        order = Ordered(
            number,
            random.choice(_VERBS),
            random.choice([*come, None]),
            after(random.randint(-60, 120)),
            tuple(random.sample(range(len(said)), k=min(2, len(said)))),
        )
        steps.insert(place, order)
    # The clock jumps, also back.
    clock = [after(random.randint(-120, 150)) for _ in steps]
    return Stream(said, steps, clock)


def prefix(stream: Stream, end: int) -> World:
    """Give the first ``end`` steps as they came."""
    arrivals = [
        (step, after(10.5 * place - 30))
        for place, step in enumerate(stream.steps[:end])
        if isinstance(step, int)
    ]
    return World(stream, arrivals, stream.steps[:end])


def in_order(stream: Stream, end: int) -> World:
    """Give the same set as if each had come once, at once and in its order.

    Only what has neither number nor time keeps its first receipt: it is part of it.
    """
    came = prefix(stream, end)
    first: dict[int, datetime] = {}
    for place, at in came.arrivals:
        first.setdefault(place, at)
    ordered = sorted(first, key=lambda place: _sent(stream.said[place].speech))
    arrivals = [
        (
            place,
            first[place]
            if stream.said[place].speech.format in UNDATED
            else after(number - 5000),
        )
        for number, place in enumerate(ordered)
    ]
    orders = [step for step in stream.steps[:end] if isinstance(step, Ordered)]
    orders.sort(key=lambda order: order.number)
    return World(stream, arrivals, orders)


class World:
    """Messages as they were received, with the orders that were given by then."""

    def __init__(
        self,
        stream: Stream,
        arrivals: list[tuple[int, datetime]],
        steps: Iterable[int | Ordered],
    ) -> None:
        self.stream = stream
        self.arrivals = arrivals
        self.place_of = {id_: place for id_, (place, _at) in enumerate(arrivals, 1)}
        ids = self._ids = dict[int, int]()
        for id_, place in self.place_of.items():
            ids.setdefault(place, id_)
        self.facts = [
            fact
            for id_, (place, at) in enumerate(arrivals, 1)
            for fact in received(stream.said[place].facts, id_, at)
        ]
        self.orders = [
            OrderFact(
                step.number,
                step.verb,
                None if step.about is None else ids[step.about],
                step.at,
                frozenset(ids[place] for place in step.merges if place in ids),
            )
            for step in steps
            if isinstance(step, Ordered)
        ]

    def at(self, now: datetime) -> Standing:
        return standing(self.facts, self.orders, now)

    def told(self, now: datetime) -> tuple[object, ...]:
        """Give the standing in words that don't depend on numbers of rows."""
        found = self.at(now)
        return (
            found.state,
            found.visible_from,
            found.visible_until,
            found.listed_until,
            None if found.shows is None else self._version(found.shows),
            frozenset(map(self._version, found.waits)) - self._contradicted(),
        )

    def _contradicted(self) -> set[tuple[object, ...]]:
        counts = Counter(self._version(id_) for id_ in set(self._ids.values()))
        return {version for version, count in counts.items() if count > 1}

    def _version(self, id_: int) -> tuple[object, ...]:
        # Of two with one version and time, the last that came gives the words.
        speech = self.stream.said[self.place_of[id_]].speech
        return speech.version, speech.minutes, speech.status


def _sent(speech: Speech) -> tuple[object, ...]:
    # Any order of sending will do, as long as it isn't the order of arrival.
    return (
        speech.version if speech.version is not None else -1,
        speech.minutes if speech.minutes is not None else 0,
        repr(speech),
    )


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_prefix_of_a_stream_stands_as_the_same_set_in_order(batch: int) -> None:
    for number in range(batch, STREAMS, BATCHES):
        stream = a_stream(Random(f"{SEED} {number}"))  # noqa: S311 - no secrets
        for end in range(1, len(stream.steps) + 1):
            now = stream.clock[end - 1]
            came, ordered = prefix(stream, end), in_order(stream, end)
            if not came.arrivals:
                continue
            where = f"stream {number}, {end} steps, {now:%H:%M}"
            assert came.told(now) == ordered.told(now), where
            _nothing_dark_shows(came, now, where)


def _nothing_dark_shows(world: World, now: datetime, where: str) -> None:
    """Check what agencies were promised, in words of its own."""
    found = world.at(now)
    if found.state is not State.LIVE:
        return
    assert found.shows is not None, where
    said = world.stream.said
    shown = said[world.place_of[found.shows]]
    come = {place for place, _at in world.arrivals}
    assert shown.speech.status in ("usable", "embargoed"), where
    _no_bar_is_left(world, shown.speech, [said[place] for place in come], where)
    _the_clock_allows(shown, [said[place] for place in come], now, where)
    places = {world.place_of[order.message_id]: order for order in world.orders
              if order.message_id is not None and order.verb == "publish"}  # fmt: skip
    assert shown.publish == "now" or said.index(shown) in places, where
    last = max(
        (each for each in world.orders if each.verb in ("publish", "hold", "withdraw")),
        key=lambda order: (order.at, order.id),
        default=None,
    )
    assert last is None or last.verb == "publish", where


def _no_bar_is_left(world: World, shown: Speech, come: list[Said], where: str) -> None:
    # By bytes: what a format has no word for, two speeches say alike.
    released = {
        digest
        for order in world.orders
        if order.verb == "release" and order.message_id is not None
        for digest in world.stream.said[world.place_of[order.message_id]].digests
    }
    for other in come:
        speech = other.speech
        # What a document says of itself isn't said of the story, but for "about".
        status = speech.about or speech.status
        if status == "canceled":
            assert "" not in other.digests, where
            assert other.digests <= released, where
        if status in ("canceled", "pending") and not speech.about:
            assert _is_after(shown, speech), where
        if status == "withheld" and not _let_go(speech, come):
            assert _is_after(shown, speech) or speech.about, where
            assert _is_after_in_time(shown, speech) or not speech.about, where
        if speech.embargo == NEVER_ENDS and status in ("usable", "embargoed"):
            assert speech.about or _is_after(shown, speech), where


def _let_go(speech: Speech, come: list[Said]) -> bool:
    return any(
        each.speech.about == "usable" and _is_after_in_time(each.speech, speech)
        for each in come
    )


def _is_after(shown: Speech, bar: Speech) -> bool:
    if UNDATED & {shown.format, bar.format}:
        return shown != bar  # by receipts, which the sets share
    if None not in (shown.version, bar.version) and shown.version != bar.version:
        return (shown.version or 0) > (bar.version or 0)
    return _is_after_in_time(shown, bar)


def _is_after_in_time(shown: Speech, bar: Speech) -> bool:
    if UNDATED & {shown.format, bar.format}:
        return shown != bar
    if shown.minutes is None or bar.minutes is None:
        return False
    return shown.minutes > bar.minutes


def _the_clock_allows(shown: Said, come: list[Said], now: datetime, where: str) -> None:
    if any(each.speech.format in UNDATED or each.speech.about for each in come):
        return
    # Whoever states a time with the highest version and the latest time governs; of
    # several, the darker.
    dated = [
        each.speech
        for each in come
        if isinstance(each.speech.embargo, (int, float))
        and each.speech.status != "canceled"
    ]
    for speech in dated:
        if not any(_is_after(other, speech) for other in dated if other != speech):
            assert isinstance(speech.embargo, (int, float)), where
            assert after(speech.embargo) <= now, where
    ending = [
        each
        for each in come
        if each.speech.expires is not None and each.speech.status != "canceled"
    ]
    for each in ending:
        others = [other.speech for other in ending if other != each]
        if each.hard_expiry and not any(_is_after(o, each.speech) for o in others):
            assert after(each.speech.expires or 0) > now, where
