"""Write down what messages say of other items, and alarm the desk where nothing matches."""

from __future__ import annotations

from collections.abc import Sequence

from wiredesk.lib.rows import insert_rows
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.stories.actions.decide_outcome import Verdict
from wiredesk.stories.actions.gather_cases import references_of
from wiredesk.stories.actions.match_names import Matched
from wiredesk.stories.models import Reference
from wiredesk.wire.formats.kill_words import order_in
from wiredesk.wire.models import Message

# An alarm an item would drown the desk; it names some and counts the rest.
_NAMED_IN_ALARM = 3


def note_references(messages: Sequence[Message]) -> None:
    """Write a row for each item that ``messages`` speak of by its id."""
    insert_rows(
        [
            Reference(message=message, verb=verb, source=message.source, guid=guid)
            for message in messages
            for verb, guid in references_of(message)
        ],
        ignore_conflicts=True,
    )


def alarm_of_unmatched(
    messages: Sequence[Message], verdicts: Sequence[Verdict], matched: Matched
) -> None:
    """Tell the desk of a kill or a hold that names nothing we have: it can't be ignored."""
    known = {
        identity
        for verdict in verdicts
        if any(
            fact.kind == "story" and fact.status != "canceled"
            for fact in verdict.case.facts
        )
        for identity in verdict.case.identities
    }
    by_source: dict[str, list[str]] = {}
    for message in messages:
        if message.status == "canceled" and message.kind == "story":
            named = [message.guid]
        else:
            named = [g for verb, g in references_of(message) if verb != "releases"]
        for guid in named:
            if (message.source, guid) not in known:
                by_source.setdefault(message.source, []).append(guid)
    for source, guids in by_source.items():
        _alarm(source, guids)
    for message in messages:
        if message.kind == "advisory" and not references_of(message):
            _alarm_of_nameless(message, matched)


def _alarm(source: str, guids: list[str]) -> None:
    named = ", ".join(guids[:_NAMED_IN_ALARM])
    more = f" and {len(guids) - _NAMED_IN_ALARM} more" if guids[3:] else ""
    raise_alarm(
        key=f"unmatched-kill:{source}",
        text=f"{source} kills or withholds what has not come: {named}{more}. "
        "It stays dark should it come; look whether it is here under another id.",
        thing=f"source:{source}",
        times=len(guids),
    )


def _alarm_of_nameless(message: Message, matched: Matched) -> None:
    """Tell the desk of a note that kills by no name that can be read."""
    item = message.item
    said = item.get("headline"), item.get("slugline"), item.get("body_text") or ""
    if message.pk in matched.told or not order_in(*said):
        return
    raise_alarm(
        key=f"unmatched-kill:{message.source}",
        text=f"{message.source} sent a kill that names no story we can find: "
        f"“{message.headline[:120]}”. Read it and hold what it means.",
        thing=f"source:{message.source}",
    )
