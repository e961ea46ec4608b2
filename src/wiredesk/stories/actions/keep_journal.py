"""Write to the journal what takes stories from readers, and what the desk ordered."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from wiredesk.logbook.actions.keep_in_journal import keep_in_journal
from wiredesk.logbook.journal import Note
from wiredesk.stories.actions.gather_cases import REFERENCES
from wiredesk.stories.journaled import DARKENING, note_of
from wiredesk.stories.models import KillByName, Order, Reference
from wiredesk.wire.journaled import FORMAT, Bearing, facts_of, verb_of
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def journal_messages(
    *, messages: Sequence[Message], matched_anew: Sequence[int] = ()
) -> None:
    """Write the messages that make something dark to the journal, with one flush.

    ``matched_anew`` are the numbers of earlier ones that name no id and mean something
    else since: each gets another line. Call inside the transaction that settled them,
    once their references stand.
    """
    fresh = [message for message in messages if message.delivery.format != FORMAT]
    if matched_anew:
        fresh += Message.objects.select_related("feed", "delivery").filter(
            pk__in=matched_anew
        )
    bearings = _bearings_of(fresh)
    notes = []
    for message in fresh:
        verb = verb_of(message, bearings[message.pk])
        if verb:
            notes.append(Note(verb, facts_of(message, bearings[message.pk])))
    keep_in_journal(notes=notes)


def journal_order(*, order: Order) -> None:
    """Write an order to the journal: before it is done where it darkens, else after."""
    if order.verb in DARKENING:
        _journal_now(order)
    else:
        transaction.on_commit(partial(_journal_now, order))


def _journal_now(order: Order) -> None:
    keep_in_journal(notes=[note_of(order)])


def _bearings_of(messages: Iterable[Message]) -> dict[int, Bearing]:
    """Give what each message does to others: by its own links and by rules that matched."""
    bearings: dict[int, Bearing] = defaultdict(Bearing)
    for message in messages:
        for link in message.item.get("links") or ():
            if link.get("rel") in REFERENCES and link.get("guid"):
                bearings[message.pk].links.append((link["rel"], link["guid"]))
    # Rules match kills and advisories alone; asking for every story would cost a query.
    speaking = [
        message.pk
        for message in messages
        if message.kind != "story" or message.status != "usable"
    ]
    if speaking:
        rows = Reference.objects.filter(message__in=speaking, by_name=True)
        for message_id, verb, guid in rows.order_by("pk").values_list(
            "message_id", "verb", "guid"
        ):
            bearings[message_id].matched.append((verb, guid))
        names = KillByName.objects.filter(message__in=speaking).order_by("pk")
        for message_id, verb, name in names.values_list("message_id", "verb", "name"):
            bearings[message_id].names_do = verb
            bearings[message_id].names.append(name)
    return bearings
