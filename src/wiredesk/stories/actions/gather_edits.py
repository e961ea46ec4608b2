"""Gather what the desk made of stories' words, and which messages can take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.stories.actions.write_words import words_of
from wiredesk.stories.desk_words import (
    DeskWords,
    from_json,
    is_changed,
    merged,
    of_columns,
)
from wiredesk.stories.facts import OrderFact, WireFact
from wiredesk.stories.models import LocalEdit
from wiredesk.stories.newer import is_newer, newest
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiredesk.stories.actions.gather_cases import Case

_USABLE = frozenset({"usable", "embargoed"})


def judge_edits(cases: Iterable[Case]) -> None:
    """Set each case's edit in force, the messages that ask, and the order it stands for.

    Every message is merged with the edit's own base, never with another merge, so that
    the set of messages decides and not the order in which they came. Two queries,
    whatever the number of cases; none where no case has a story with changed words.
    """
    by_story = {case.story.pk: case for case in cases if case.story}
    edits = LocalEdit.objects.in_force().filter(story__in=by_story)
    for edit in edits.select_related("base__feed"):
        by_story[edit.story_id].edit = edit
    wanted = {
        story_id: _candidates(case, case.edit)
        for story_id, case in by_story.items()
        if case.edit
    }
    messages = _messages([by_story[story_id] for story_id in wanted], wanted.values())
    for story_id, case in by_story.items():
        if case.edit is not None:
            _judge(case, case.edit, [messages[pk] for pk in wanted[story_id]])
            continue
        base_id = case.story.wire_message_id if case.story else None
        edited_at = case.story.edited_at if case.story else None
        if base_id is not None and edited_at is not None:
            # Changed before edits were kept apart: there is nothing to merge with.
            case.orders.append(OrderFact(0, "correct", base_id, edited_at))


def wire_words(message: Message) -> DeskWords:
    """Give a message's words as its story's row would have them."""
    return of_columns(words_of(message))


def open_question(case: Case) -> int | None:
    """Give the message that an editor must merge by hand, if one waits for that.

    It is the newest of those that could show; where that one takes the desk's changes
    unasked, what older ones would ask no longer matters. A kill asks nothing.
    """
    if case.edit is None or not case.asks:
        return None
    facts = case.facts
    kills = [fact for fact in facts if fact.status == "canceled"]
    released = {order.message_id for order in case.orders if order.verb == "release"}
    if any(kill.id not in released for kill in kills):
        return None
    rivals = {case.edit.base_id, *_candidates(case, case.edit)}
    left = [
        fact
        for fact in facts
        if fact.id in rivals
        and _can_show(fact)
        and all(is_newer(fact, kill) for kill in kills)
    ]
    last = newest(left).id if left else None
    return last if last in case.asks else None


def _candidates(case: Case, edit: LocalEdit) -> list[int]:
    """Give the messages whose words could replace those the edit was made on."""
    facts = case.facts
    bases = [fact for fact in facts if fact.id == edit.base_id]
    return [
        fact.id
        for fact in facts
        if fact.id != edit.base_id
        and _can_show(fact)
        and not any(is_newer(base, fact) for base in bases)
    ]


def _can_show(fact: WireFact) -> bool:
    return fact.kind == "story" and fact.status in _USABLE


def _messages(cases: Iterable[Case], wanted: Iterable[list[int]]) -> dict[int, Message]:
    at_hand = {
        arrival.message.pk: arrival.message
        for case in cases
        for arrival in case.arrivals
    }
    missing = {pk for ids in wanted for pk in ids} - at_hand.keys()
    if missing:
        at_hand.update(Message.objects.select_related("feed").in_bulk(missing))
    return at_hand


def _judge(case: Case, edit: LocalEdit, messages: list[Message]) -> None:
    base, ours = wire_words(edit.base), from_json(edit.words)
    if not is_changed(base, ours):
        return  # an editor took the wire's words for all: nothing of ours is in them
    merges = frozenset(
        [
            message.pk
            for message in messages
            if merged(base, wire_words(message), ours).is_clean
        ]
    )
    case.asks = frozenset([message.pk for message in messages]) - merges
    case.orders.append(OrderFact(0, "correct", edit.base_id, edit.at, merges))
