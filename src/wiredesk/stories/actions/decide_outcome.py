"""Decide where a story stands now, and what became of each message that brought it there.

Several messages of one story may come at once: each is judged as if it had come alone,
so that a batch and its parts give the same ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from wiredesk.stories.actions.gather_cases import Arrival, Case
from wiredesk.stories.facts import Standing, State, WireFact
from wiredesk.stories.models import StoryStanding
from wiredesk.stories.newer import is_newer, newest
from wiredesk.stories.standing import standing
from wiredesk.wire.models import Message, Outcome

_CONFLICT = (
    "The agency and the desk changed the same words: an editor must choose. "
    "What was allowed stays as it is."
)
# By kind of item; an advisory is for the desk alone.
_NO_STORIES = {
    "picture": "a picture",
    "package": "a package",
    "concept": "a concept",
    "knowledge": "a list of concepts",
    "planning": "a planning item",
    "catalog": "a catalog of code lists",
    "advisory": "word to editors",
    "other": "audio, video, graphics or data",
}
_CORRECTING = frozenset({"correction", "corrected", "corrective"})


@dataclass(slots=True)
class Verdict:
    """What is to be written of ``case``, and said of the messages that came.

    ``was_public``: readers have seen it, now or earlier. ``corrections`` are messages
    whose public notes readers of the story must be told.
    """

    case: Case
    standing: Standing
    was_public: bool
    # By message id and what it does to the story (see ``Arrival.verb``).
    answers: dict[tuple[int, str], tuple[Outcome, str]] = field(default_factory=dict)
    corrections: list[Message] = field(default_factory=list)


def decide(case: Case, now: datetime) -> Verdict:
    """Give the verdict on ``case`` at ``now``; pure but for what ``case`` holds."""
    facts = list(case.known)
    public = was_seen(case.standing, now)
    verdict = Verdict(case, Standing(State.HELD, ""), public)
    before: Standing | None = None
    if facts or not case.arrivals or case.orders:
        before = verdict.standing = standing(facts, case.orders, now)
    for arrival in case.arrivals:
        repeated = any(_is_repeat(arrival.fact, fact) for fact in facts)
        facts.append(arrival.fact)
        after = standing(facts, case.orders, now)
        answer = _answer(arrival, facts, before, after, repeated)
        if arrival.fact.id in case.asks.intersection(after.waits) and not repeated:
            answer = Outcome.HELD, _CONFLICT
        if answer[0] is Outcome.CORRECTED or (
            answer[0] is Outcome.PUBLISHED
            and verdict.was_public
            and is_correction(arrival.message)
        ):
            verdict.corrections.append(arrival.message)
        verdict.answers[arrival.message.pk, arrival.verb] = answer
        verdict.was_public = verdict.was_public or after.state is State.LIVE
        verdict.standing = before = after
    verdict.was_public = verdict.was_public or verdict.standing.state is State.LIVE
    return verdict


def is_correction(message: Message) -> bool:
    """Tell whether the provider marked ``message`` as a correction.

    NewsML-G2 ``sig:correction``, NITF ``docdata/correction``, or a feed's own word that
    its mapping brings to the same one.
    """
    return any(
        signal.rpartition(":")[2].strip().casefold() in _CORRECTING
        for signal in message.item.get("signals") or ()
    )


def was_seen(row: StoryStanding | None, now: datetime) -> bool:
    """Tell whether readers could have seen it: an embargo lifts without a writer."""
    if row is None:
        return False
    return row.was_public or (
        row.state == StoryStanding.State.LIVE
        and (row.visible_from is None or row.visible_from <= now)
        and (
            row.visible_until is None
            or row.visible_until > (row.visible_from or row.since)
        )
    )


def _is_repeat(fact: WireFact, other: WireFact) -> bool:
    return (
        bool(fact.digest)
        and fact.digest == other.digest
        and fact.guid == other.guid
        and fact.status == other.status
    )


def _answer(
    arrival: Arrival,
    facts: list[WireFact],
    before: Standing | None,
    after: Standing,
    repeated: bool,
) -> tuple[Outcome, str]:
    fact = arrival.fact
    if repeated:
        return Outcome.DUPLICATE, "The same message came before."
    if arrival.verb == "releases":
        return Outcome.FILED, after.reason
    if arrival.verb in ("withholds", "embargoes", "doubts"):
        return Outcome.HELD, after.reason
    if fact.status == "canceled":
        return Outcome.WITHDRAWN, after.reason
    if fact.kind != "story":
        what = _NO_STORIES.get(fact.kind, fact.kind)
        return Outcome.FILED, f"Understood and kept, but no story: {what}."
    if (
        before is not None
        and _same(before, after)
        and fact.id not in after.waits
        and _is_overtaken(fact, facts)
    ):
        return Outcome.SUPERSEDED, "Something newer is known of this story already."
    return _by_standing(arrival, before, after)


def _same(before: Standing, after: Standing) -> bool:
    return (
        before.state is after.state
        and before.shows == after.shows
        and before.visible_from == after.visible_from
        and before.visible_until == after.visible_until
    )


def _is_overtaken(fact: WireFact, facts: list[WireFact]) -> bool:
    """Tell whether a story or a kill is known that ``fact`` does not come after."""
    rivals = [
        other
        for other in facts
        if other is not fact and (other.kind == "story" or other.status == "canceled")
    ]
    if any(
        other.status == "canceled" and not is_newer(fact, other) for other in rivals
    ):
        return True
    stories = [other for other in rivals if other.kind == "story"]
    return bool(stories) and newest([*stories, fact]) is not fact


def _by_standing(
    arrival: Arrival, before: Standing | None, after: Standing
) -> tuple[Outcome, str]:
    fact_id = arrival.fact.id
    if after.state in (State.HELD, State.WITHDRAWN):
        # What comes after a kill that nobody released waits for an editor as well.
        return Outcome.HELD, after.reason
    if fact_id in after.waits:
        return Outcome.HELD, "Waits for an editor; what was allowed stays as it is."
    if after.state is State.EMBARGOED:
        return Outcome.EMBARGOED, after.reason
    if after.state is State.EXPIRED:
        return Outcome.EXPIRED, after.reason
    if before is None or before.state is not State.LIVE:
        return Outcome.PUBLISHED, after.reason
    if is_correction(arrival.message):
        return Outcome.CORRECTED, after.reason
    return Outcome.UPDATED, after.reason
