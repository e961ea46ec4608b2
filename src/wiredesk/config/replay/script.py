"""What happened, in its order: taken from the logbook, where a clock set back does no harm."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from wiredesk.config.replay.databases import SOURCE
from wiredesk.logbook.models import Entry
from wiredesk.stories.actions.place_story import Placed, placed_from
from wiredesk.stories.actions.publish_edit import VERSION_PUBLISHED
from wiredesk.stories.models import Correction, LocalEdit, Order
from wiredesk.wire.models import Message

TAKEN, VERSION, EDIT, ORDERS, CORRECTION, CLOCK = (
    "taken",
    "version",
    "edit",
    "orders",
    "correction",
    "clock",
)
# The logbook's own words for what happens to ends of contracts.
ENDED, UNDONE, PASSED = "contract-end", "contract-end-undone", "contract-ended"
_CLOCK_VERBS = ("expired", "embargo-lifted")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened at ``at``: ``ids`` are messages', orders' or the like."""

    place: int  # in the logbook
    kind: str
    at: datetime
    ids: tuple[int, ...]
    story: int = 0


@dataclass(slots=True)
class _Acts:
    """What the logbook says of the order in which things were done."""

    times: list[datetime] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    # Of standings written at one moment the first and the last.
    by_moment: dict[datetime, tuple[int, int]] = field(default_factory=dict)
    by_delivery: dict[int, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    orders: set[int] = field(default_factory=set)
    edits: set[int] = field(default_factory=set)
    corrections: set[int] = field(default_factory=set)

    def place_of(self, moment: datetime) -> int:
        """Give the place of what the logbook doesn't name, by the clock."""
        found = bisect_left(self.times, moment)
        return self.places[found] if found < len(self.places) else 2**63


class Script:
    """What happened on the site."""

    def __init__(self) -> None:
        self.acts = _read_acts()

    def steps(self) -> Iterator[Step]:
        """Give everything that stories follow from, as it came."""
        return heapq.merge(
            _messages(self.acts),
            self.acts.steps,
            _unnamed(self.acts),
            key=lambda step: step.place,
        )

    def placed_at(self, at: datetime) -> dict[int, Placed]:
        """Give where stories were put at that moment, by their number."""
        found = self.acts.by_moment.get(at)
        if found is None:
            return {}
        entries = Entry.objects.using(SOURCE).filter(pk__range=found, verb="standing")
        return {
            _number(thing): placed_from(detail["placed"])
            for thing, detail in entries.values_list("thing", "detail")
            if "placed" in detail
        }


def count_messages() -> int:
    """Give how many messages there are to take again."""
    return Message.objects.using(SOURCE).count()


def _read_acts() -> _Acts:
    acts = _Acts()
    entries = Entry.objects.using(SOURCE).order_by("pk")
    for pk, at, verb, thing in entries.values_list(
        "pk", "at", "verb", "thing"
    ).iterator():
        acts.times.append(at)
        acts.places.append(pk)
        if verb == "standing":
            acts.by_moment[at] = acts.by_moment.get(at, (pk, pk))[0], pk
        elif verb == "take":
            acts.by_delivery.setdefault(_number(thing), pk)
    desk = entries.filter(verb__startswith="order-") | entries.filter(
        verb__in=(
            "words-edited",
            "corrected",
            VERSION_PUBLISHED,
            *_CLOCK_VERBS,
            ENDED,
            UNDONE,
            PASSED,
        )
    )
    acts.steps = [
        step
        for step in map(_step, desk.values_list("pk", "at", "verb", "thing", "detail"))
        if step is not None
    ]
    for step in acts.steps:
        named = {
            ORDERS: acts.orders,
            EDIT: acts.edits,
            CORRECTION: acts.corrections,
        }.get(step.kind)
        if named is not None:
            named.update(step.ids)
    acts.steps = list(_together(acts.steps))
    return acts


def _step(row: tuple[int, datetime, str, str, dict[str, Any]]) -> Step | None:
    place, at, verb, thing, detail = row
    if verb in _CLOCK_VERBS:
        return Step(place, CLOCK, at, ())
    story = _number(thing)
    kind, name = {
        "words-edited": (EDIT, "edit"),
        "corrected": (CORRECTION, "correction"),
        VERSION_PUBLISHED: (VERSION, "revision"),
        **{verb: (verb, "end") for verb in (ENDED, UNDONE, PASSED)},
    }.get(verb, (ORDERS, "order"))
    number = detail.get(name)
    return Step(place, kind, at, (number,), story) if number else None


def _together(found: Iterable[Step]) -> Iterator[Step]:
    """Give what was done at one moment as one step: orders settled together, the clock."""
    for (kind, at), group in groupby(found, key=lambda step: (step.kind, step.at)):
        if kind not in (ORDERS, CLOCK):
            yield from group
            continue
        same = list(group)
        ids = tuple(number for step in same for number in step.ids)
        yield Step(same[0].place, kind, at, ids)


def _messages(acts: _Acts) -> Iterator[Step]:
    """Give messages in the order of their numbers, those of one moment together."""
    rows = (
        Message.objects.using(SOURCE)
        .order_by("pk")
        .values_list("pk", "taken_at", "received_at", "delivery_id")
        .iterator()
    )
    # Those from before the moment was noted are taken again one by one.
    for _moment, group in groupby(rows, key=lambda row: row[1] or row[0]):
        found = list(group)
        at = found[0][1] or found[0][2]
        place = acts.by_moment.get(at, (0, 0))[0]
        if not place:
            known = [
                acts.by_delivery[row[3]] for row in found if row[3] in acts.by_delivery
            ]
            place = min(known) if known else acts.place_of(at)
        yield Step(place, TAKEN, at, tuple(row[0] for row in found))


def _unnamed(acts: _Acts) -> list[Step]:
    """Give the desk's acts that the logbook doesn't name, by the clock."""
    found = [
        Step(acts.place_of(at), kind, at, (pk,), story)
        for kind, model, known in (
            (ORDERS, Order, acts.orders),
            (EDIT, LocalEdit, acts.edits),
            (CORRECTION, Correction, acts.corrections),
        )
        for pk, at, story in _desk_rows(model)
        if pk not in known
    ]
    return sorted(found, key=lambda step: step.place)


def _desk_rows(model: Any) -> Iterator[tuple[int, datetime, int]]:
    rows = model.objects.using(SOURCE).order_by("at", "pk")
    if model is Correction:
        rows = rows.filter(message=None)
    yield from rows.values_list("pk", "at", "story_id")


def _number(thing: str) -> int:
    number = thing.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0
