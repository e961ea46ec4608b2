"""Where a story stands: a pure function of its messages, the desk's orders and the clock.

No database and no Django: facts in, one answer out. The *set* of facts decides, never
their order, repetition or delay. Each rule, and the clause or manual behind it, is in
``docs/explanation/standing.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from wiredesk.stories.facts import OrderFact, Standing, State, WireFact
from wiredesk.stories.newer import BEGINNING, aware, is_newer, newest, none_newer

_CANCELED, _WITHHELD, _EMBARGOED, _USABLE = (
    "canceled",
    "withheld",
    "embargoed",
    "usable",
)
_RELEASED = "released"  # another document lets go what was withheld
_DOUBTED = "doubted"  # a kill or a hold names it, or another


def standing(
    messages: Iterable[WireFact], orders: Iterable[OrderFact], now: datetime
) -> Standing:
    """Give where a story stands at ``now``; never raises, whatever the facts say.

    ``messages`` are all that bear on the story (those of its own ids, and other
    documents that cancel or withhold it), ``orders`` all the desk gave. Times are
    aware; a naive one is read as UTC.
    """
    wire, repeats = _once(messages)
    desk = _Desk(orders, repeats)
    now = aware(now)
    if not wire:
        return _own_story(desk)
    kills = [fact for fact in wire if fact.status == _CANCELED]
    living = [fact for fact in kills if fact.id not in desk.released]
    if living:
        return _killed(living)
    if desk.last == "withdraw":
        return Standing(State.WITHDRAWN, "The desk withdrew it.")
    doubts = [fact for fact in wire if fact.status == _DOUBTED]
    if open_doubts := [fact for fact in doubts if fact.id not in desk.released]:
        text = "A kill or a hold may mean it, or another: {}, received {}."
        return _stopped(State.HELD, text, open_doubts)
    if kills:
        desk.ask_again_after(kills, wire)
    usable = [fact for fact in wire if _is_usable(fact)]
    barred = _barred(wire, kills, usable)
    if isinstance(barred, Standing):
        return barred
    return _by_policy_and_clock(wire, barred, desk, now)


class _Desk:
    """The desk's orders, read once."""

    def __init__(self, orders: Iterable[OrderFact], repeats: dict[int, int]) -> None:
        self.last: str | None = None
        self.released: set[int] = set()
        self.published: dict[int, tuple[datetime, int]] = {}
        self.corrected: tuple[int, tuple[datetime, int]] | None = None
        self.merges: frozenset[int] = frozenset()
        given = list(orders)
        if len(given) > 1:
            given.sort(key=lambda order: (aware(order.at), order.id))
        for order in given:
            message = order.message_id
            if message is not None:
                message = repeats.get(message, message)
            if order.verb in ("publish", "hold", "withdraw"):
                self.last = order.verb
            if message is None:
                continue
            if order.verb == "publish":
                self.published[message] = (aware(order.at), order.id)
            elif order.verb == "release":
                self.released.add(message)
            elif order.verb == "correct":
                self.corrected = (message, (aware(order.at), order.id))
                self.merges = frozenset(
                    [repeats.get(merged, merged) for merged in order.merges]
                )

    def lets(self, fact: WireFact) -> bool:
        """Tell whether the words of ``fact`` may show without another editor's word."""
        answered = self.published.get(fact.id)
        if self.corrected is None:
            return not fact.hold or answered is not None
        base, corrected_at = self.corrected
        if fact.id == base or fact.id in self.merges:
            return not fact.hold or answered is not None
        # Words the desk changed are never replaced unasked.
        return answered is not None and answered > corrected_at

    def ask_again_after(self, kills: list[WireFact], wire: list[WireFact]) -> None:
        """Let nothing take the desk's changes unasked if their base was killed."""
        if self.corrected is None:
            return
        bases = [fact for fact in wire if fact.id == self.corrected[0]]
        survive = [all(is_newer(base, kill) for kill in kills) for base in bases]
        if not any(survive):
            self.merges = frozenset()


def _once(messages: Iterable[WireFact]) -> tuple[list[WireFact], dict[int, int]]:
    """Give each message once, at its first receipt, and which id stands for a repeat."""
    wire = list(messages)
    if len(wire) < 2:
        return wire, {}
    first: dict[object, WireFact] = {}
    repeats: dict[int, int] = {}
    # Two keys cover a message that speaks of this story and is one of its own.
    for fact in sorted(wire, key=lambda fact: (aware(fact.received_at), fact.id)):
        # What ends with its contract, or is erased, doesn't stand for what goes on.
        goes_on = fact.contract_until is None, fact.erased
        key = (fact.digest or fact.id, fact.guid, fact.status, goes_on)
        kept = first.setdefault(key, fact)
        repeats[fact.id] = kept.id
    return list(first.values()), repeats


def _own_story(desk: _Desk) -> Standing:
    if desk.last == "publish":
        return Standing(State.LIVE, "The desk published it.")
    if desk.last == "withdraw":
        return Standing(State.WITHDRAWN, "The desk withdrew it.")
    if desk.last == "hold":
        return Standing(State.HELD, "The desk holds it.")
    return Standing(State.HELD, "The desk has not published it.")


def _killed(kills: list[WireFact]) -> Standing:
    last = newest(kills)
    return Standing(
        State.WITHDRAWN,
        f"The agency killed it: {_named(last)}, received {_clock(last.received_at)}.",
        follows_from=tuple(sorted(fact.id for fact in kills)),
    )


def _barred(
    wire: list[WireFact], kills: list[WireFact], usable: list[WireFact]
) -> list[WireFact] | Standing:
    """Give the usable messages that are newer than all that ended or stopped the story.

    Where none is left, give the standing that follows from the bar.
    """
    left = usable
    withheld = _not_released(wire)
    unknown = [fact for fact in wire if _is_unknown(fact)]
    why = "Its status can't be understood: {}, received {}."
    if unknown and newest(unknown).status in (_USABLE, _EMBARGOED):
        why = "It has neither headline nor text to publish: {}, received {}."
    for bars, state, text in (
        (kills, State.WITHDRAWN, "Released after {}, and nothing newer is usable yet."),
        (withheld, State.HELD, "The agency withholds it: {}, received {}."),
        (unknown, State.HELD, why),
    ):
        if bars:
            left = _newer_than_all(left, bars)
            if not left:
                return _stopped(state, text, bars)
    open_ended = [fact for fact in wire if _is_open(fact)]
    if open_ended:
        left = _newer_than_all(
            [fact for fact in left if not _is_open(fact)], open_ended
        )
        if not left:
            return _stopped(
                State.EMBARGOED, "Embargoed without an end: {}.", open_ended
            )
    if not left:
        gone = tuple(sorted(fact.id for fact in wire if fact.erased))
        if gone:
            why = "Its words were erased by contract."
            return Standing(State.EXPIRED, why, follows_from=gone)
        return Standing(State.HELD, "Nothing that came is a story for readers.")
    return left


def _not_released(wire: list[WireFact]) -> list[WireFact]:
    """Give what withholds the story and was not let go by a later word of the agency."""
    released = [fact for fact in wire if fact.status == _RELEASED]
    return [
        fact
        for fact in wire
        if fact.status == _WITHHELD
        and not any(is_newer(word, fact) for word in released)
    ]


def _stopped(state: State, text: str, bars: list[WireFact]) -> Standing:
    last = newest(bars)
    reason = text.format(_named(last), _clock(last.received_at))
    return Standing(state, _first_up(reason), follows_from=(last.id,))


def _newer_than_all(
    facts: Iterable[WireFact], bars: Iterable[WireFact]
) -> list[WireFact]:
    bars = list(bars)
    return [fact for fact in facts if all(is_newer(fact, bar) for bar in bars)]


def _by_policy_and_clock(
    wire: list[WireFact], left: list[WireFact], desk: _Desk, now: datetime
) -> Standing:
    allowed = [fact for fact in left if desk.lets(fact)]
    newest_left = newest(left)
    if desk.last == "hold":
        return Standing(
            State.HELD, "The desk holds it.", follows_from=(newest_left.id,)
        )
    if not allowed:
        return Standing(
            State.HELD,
            f"Held for an editor: {_named(newest_left)}.",
            follows_from=(newest_left.id,),
            waits=tuple(sorted(fact.id for fact in left)),
        )
    shown = _continued(newest(allowed), allowed)
    waits: tuple[int, ...] = ()
    if newest_left is not shown:
        waits = tuple(
            sorted(
                fact.id
                for fact in left
                if not desk.lets(fact) and newest((fact, shown)) is fact
            )
        )
    live = Standing(
        State.LIVE,
        f"Published: {_named(shown)}."
        + (f" {_first_up(_named(newest_left))} waits for an editor." if waits else ""),
        shows=shown.id,
        follows_from=(shown.id,),
        waits=waits,
    )
    return _at(now, _retained(_bounded(live, wire), shown), shown)


def _bounded(live: Standing, wire: list[WireFact]) -> Standing:
    """Set the times that an embargo and an expiry allow: the newest that states one."""
    dated = [
        fact
        for fact in wire
        if fact.embargoed_until and not fact.embargo_open and fact.status != _CANCELED
    ]
    ending = [fact for fact in wire if fact.expires and fact.status != _CANCELED]
    if not dated and not ending:
        return live
    ids = set(live.follows_from)
    visible_from: datetime | None = None
    ends: dict[bool, datetime | None] = {True: None, False: None}
    for stating in none_newer(dated):
        until = aware(stating.embargoed_until or BEGINNING)
        visible_from = max(until, visible_from or until)
        ids.add(stating.id)
    for stating in none_newer(ending):
        end = aware(stating.expires or BEGINNING)
        ends[stating.hard_expiry] = min(end, ends[stating.hard_expiry] or end)
        ids.add(stating.id)
    return replace(
        live,
        visible_from=visible_from,
        visible_until=ends[True],
        listed_until=ends[False],
        follows_from=tuple(sorted(ids)),
    )


def _retained(live: Standing, shown: WireFact) -> Standing:
    """End the story with its contract at the latest, whatever the agency's expiry."""
    ends = [live.visible_until, shown.retain_until, shown.contract_until]
    known = [aware(end) for end in ends if end is not None]
    return replace(live, visible_until=min(known)) if known else live


def _continued(shown: WireFact, allowed: list[WireFact]) -> WireFact:
    """Give what another feed brought, not provably older, where ``shown``'s contract ends."""
    if shown.contract_until is None:
        return shown
    going_on = [
        fact
        for fact in allowed
        if fact.contract_until is None and not is_newer(shown, fact)
    ]
    return newest(going_on) if going_on else shown


def _at(now: datetime, live: Standing, shown: WireFact) -> Standing:
    if shown.contract_until is not None and (
        shown.contract_over or now >= aware(shown.contract_until)
    ):
        reason = f"The contract of its feed ended {_clock(shown.contract_until)}."
        return replace(live, state=State.EXPIRED, reason=reason)
    if live.visible_until is not None and now >= live.visible_until:
        reason = f"Its use ended {_clock(live.visible_until)}."
        return replace(live, state=State.EXPIRED, reason=reason)
    if live.visible_from is not None and now < live.visible_from:
        reason = f"Embargoed until {_clock(live.visible_from)}."
        return replace(live, state=State.EMBARGOED, reason=reason)
    return live


def _is_usable(fact: WireFact) -> bool:
    return (
        fact.kind == "story"
        and fact.status in (_USABLE, _EMBARGOED)
        and (fact.publishable or _is_open(fact))
        and not fact.erased
    )


def _is_open(fact: WireFact) -> bool:
    return (
        fact.kind == "story"
        and fact.status in (_USABLE, _EMBARGOED)
        and (
            fact.embargo_open
            or (fact.status == _EMBARGOED and fact.embargoed_until is None)
        )
    )


def _is_unknown(fact: WireFact) -> bool:
    return (
        fact.kind == "story"
        and fact.status not in (_CANCELED, _WITHHELD, _RELEASED)
        and not _is_usable(fact)
        and not fact.erased
    )


def _first_up(text: str) -> str:
    return text[0].upper() + text[1:]


def _named(fact: WireFact) -> str:
    if fact.version:
        shown = fact.version if len(fact.version) <= 40 else fact.version[:39] + "…"
        return f"version {shown}"
    return f"the message of {_clock(fact.version_at or fact.received_at)}"


def _clock(at: datetime) -> str:
    at = aware(at)
    try:
        at = at.astimezone(UTC)
    except (OverflowError, ValueError):
        return at.isoformat()
    return f"{at.isoformat(sep=' ', timespec='seconds')[:19]} UTC"
