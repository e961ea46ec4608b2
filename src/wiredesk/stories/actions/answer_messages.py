"""Say what became of each message, once its stories are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.wire.models import Outcome
from wiredesk.wire.signals import Taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wiredesk.stories.actions.decide_outcome import Verdict
    from wiredesk.wire.models import Message


def answers_to(
    messages: Sequence[Message], verdicts: Sequence[Verdict]
) -> dict[int, Taken]:
    """Give the ledger's line for each message, by its id."""
    told: dict[int, list[tuple[str, Verdict]]] = {}
    for verdict in verdicts:
        for message_id, verb in verdict.answers:
            told.setdefault(message_id, []).append((verb, verdict))
    return {message.pk: _taken(message.pk, told[message.pk]) for message in messages}


def _taken(message_id: int, told: list[tuple[str, Verdict]]) -> Taken:
    """Give one answer: a document's own fate, unless it is only word of another's."""
    told = sorted(told, key=lambda entry: bool(entry[0]))  # its own first
    verb, verdict = told[0]
    if verdict.answers[message_id, verb][0] is Outcome.FILED and len(told) > 1:
        verb, verdict = told[1]
    outcome, reason = verdict.answers[message_id, verb]
    story = verdict.case.story
    path = story.path if story is not None and verdict.was_public else None
    return Taken(outcome, reason, path or "")
