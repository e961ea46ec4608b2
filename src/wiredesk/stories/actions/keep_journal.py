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
from wiredesk.stories.models import Order, Reference
from wiredesk.wire.journaled import FORMAT, Links, facts_of, verb_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wiredesk.wire.models import Message


def journal_messages(*, messages: Sequence[Message]) -> None:
    """Write the messages that make something dark to the journal, with one flush.

    Call inside the transaction that settled them, once their references stand.
    """
    fresh = [message for message in messages if message.delivery.format != FORMAT]
    links = _links_of(fresh)
    notes = []
    for message in fresh:
        verb = verb_of(message, links[message.pk])
        if verb:
            notes.append(Note(verb, facts_of(message, links[message.pk])))
    keep_in_journal(notes=notes)


def journal_order(*, order: Order) -> None:
    """Write an order to the journal: before it is done where it darkens, else after."""
    if order.verb in DARKENING:
        _journal_now(order)
    else:
        transaction.on_commit(partial(_journal_now, order))


def _journal_now(order: Order) -> None:
    keep_in_journal(notes=[note_of(order)])


def _links_of(messages: Iterable[Message]) -> dict[int, Links]:
    """Give what each message does to others: by its own links and by rules that matched."""
    links: dict[int, Links] = defaultdict(list)
    for message in messages:
        for link in message.item.get("links") or ():
            if link.get("rel") in REFERENCES and link.get("guid"):
                links[message.pk].append((link["rel"], link["guid"]))
    # Rules match kills and advisories alone; asking for every story would cost a query.
    speaking = [
        message.pk
        for message in messages
        if message.kind != "story" or message.status != "usable"
    ]
    if speaking:
        rows = Reference.objects.filter(message__in=speaking).order_by("pk")
        for message_id, verb, guid in rows.values_list("message_id", "verb", "guid"):
            if (verb, guid) not in links[message_id]:
                links[message_id].append((verb, guid))
    return links
