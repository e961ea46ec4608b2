"""Take kills and withholds again that the journal remembers and the database doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from wiredesk.logbook.actions.apply_journal import Done
from wiredesk.wire import originals
from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
from wiredesk.wire.journaled import FORMAT, message_from
from wiredesk.wire.models import Delivery, Feed, LedgerLine, Message, Receipt
from wiredesk.wire.settling import settle_messages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wiredesk.logbook.journal import Line

_Key = tuple[str, str, str, str]  # source, guid, status, digest


def take_journaled(lines: list[Line], *, restoring: bool) -> Done:
    """Save and settle the messages of these lines that the database doesn't have.

    The line's own bytes stand in for the original, as a delivery of their own: should
    the agency send the original again, nothing of it is taken for a repeat but this.
    Call inside a transaction. Raises ``originals.OriginalError`` as ``keep`` does.
    """
    new = _unknown(lines)
    if not restoring:
        new = _without_waiting(new)
    if not new:
        return Done()
    now = timezone.now()
    feeds = {feed.slug: feed for feed in Feed.objects.all()}
    digests = originals.keep([line.raw for line in new])
    deliveries = Delivery.objects.bulk_create(
        [
            _delivery(line, digest, _feed(line, feeds))
            for line, digest in zip(new, digests, strict=True)
        ]
    )
    messages = [
        message_from(line.facts, delivery, delivery.feed)
        for line, delivery in zip(new, deliveries, strict=True)
    ]
    for message in messages:
        message.taken_at = now
    Message.objects.bulk_create(messages)
    _write_ledger(messages, deliveries, now)
    return Done(changed=len(new))


def _write_ledger(
    messages: Sequence[Message], deliveries: Sequence[Delivery], now: datetime
) -> None:
    receipts = Receipt.objects.bulk_create(
        [
            Receipt(
                delivery=delivery, at=now, transport=FORMAT, name=delivery.name, items=1
            )
            for delivery in deliveries
        ]
    )
    answers = settle_messages(list(messages))
    LedgerLine.objects.bulk_create(
        [
            LedgerLine(
                receipt=receipt,
                message=message,
                ordinal=0,
                outcome=answers[message.pk].outcome,
                reason=answers[message.pk].reason,
                story_path=answers[message.pk].story_path,
            )
            for receipt, message in zip(receipts, messages, strict=True)
        ]
    )


def _unknown(lines: list[Line]) -> list[Line]:
    by_key: dict[_Key, Line] = {}
    for line in lines:
        by_key.setdefault(_key(line.facts), line)
    known = Message.objects.filter(
        source__in={key[0] for key in by_key}, guid__in={key[1] for key in by_key}
    )
    for key in known.values_list("source", "guid", "status", "digest"):
        by_key.pop(key, None)
    return list(by_key.values())


def _key(facts: dict[str, Any]) -> _Key:
    return facts["source"], facts["guid"], facts["status"], facts["digest"]


def _without_waiting(lines: list[Line]) -> list[Line]:
    """Leave out what lies in the queue: it is taken whole in a moment."""
    waiting = set(
        Delivery.objects.filter(
            sha256__in={line.facts["sha256"] for line in lines},
            state=Delivery.State.WAITING,
        ).values_list("feed__slug", "sha256")
    )
    return [
        line
        for line in lines
        if (line.facts["feed"], line.facts["sha256"]) not in waiting
    ]


def _feed(line: Line, feeds: dict[str, Feed]) -> Feed:
    """Give the feed it came by; one that isn't known any more has a stand-in."""
    feed = feeds.get(line.facts["feed"])
    if feed is None:
        feed = ensure_builtin_feed()
        feeds[line.facts["feed"]] = feed
    return feed


def _delivery(line: Line, digest: str, feed: Feed) -> Delivery:
    return Delivery(
        feed=feed,
        sha256=digest,
        size=len(line.raw),
        name=f"journal line {line.position.sequence}",
        received_at=line.facts["received_at"],
        state=Delivery.State.TAKEN,
        format=FORMAT,
    )
