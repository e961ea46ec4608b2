"""Receive payloads: their bytes durable, each with a receipt, before anybody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wiredesk.lib.prepared import PreparedQuery, PreparedUpdate
from wiredesk.lib.rows import insert_rows, new_row, refer
from wiredesk.lib.text import printable, shorten
from wiredesk.wire import originals
from wiredesk.wire.models import Delivery, Feed, Receipt
from wiredesk.wire.pace import turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

KILL_FIRST, AS_IT_COMES = 0, 5

# Words by which every format we read says "kill" or "withhold"; matched in lower case.
# A word too many only lets a delivery go first: what it says is decided when it is read.
_DARK_WORDS = (
    b"canceled",
    b"cancelled",
    b"withheld",
    b"withhold",
    b"mandatory kill",
    b"deleted-entry",
    b"sttinstruct:remove",
    b'"kill"',
    b"kill-",
    b"kill:",
)

_kept = PreparedQuery(
    lambda feeds, digests: Delivery.objects.filter(
        feed_id__in=feeds, sha256__in=digests
    ).values_list("sha256", "pk"),
    lists=2,
)
_note_receipt = PreparedUpdate(
    lambda feeds: Feed.objects.filter(pk__in=feeds), {"last_received_at": ...}
)


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as a transport got them.

    ``name`` is for people; ``origin`` is the folder or address where relative picture
    names are looked for.
    """

    raw: bytes
    name: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A payload over the cap that a transport hashed as it streamed.

    Its bytes are not kept.
    """

    sha256: str
    size: int  # bytes
    name: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class _Arrival:
    sha256: str
    size: int
    name: str
    origin: str
    priority: int
    reason: str  # why it is set aside, empty where it waits


def cap_of(feed: Feed) -> int:
    """Give the largest delivery, in bytes, that the feed may bring."""
    most: int = settings.WIREDESK_DELIVERY_CAP
    return min(feed.size_cap, most) if feed.size_cap else most


def name_for_people(name: str) -> str:
    """Give a file's name as its receipt keeps it."""
    return shorten(printable(name), 300)


def receive(
    *, feed: Feed, payloads: Sequence[Payload | TooLarge], transport: str
) -> list[Receipt]:
    """Keep the payloads for good; gives a receipt for each, in order, all committed.

    The same bytes by the same feed are one delivery with several receipts. What is over
    the feed's cap is a delivery set aside, with its digest, its size and the reason.
    Raises ``originals.OriginalError`` where the bytes can't be kept and Django's
    ``DatabaseError`` where the rows can't: then nothing was received.
    """
    if not payloads:
        return []
    arrivals = _keep(payloads, cap_of(feed))
    # durable: inside somebody's transaction "accepted" could still be undone.
    with turn(), transaction.atomic(durable=True):
        return _record(feed, arrivals, transport, timezone.now())


def _keep(payloads: Sequence[Payload | TooLarge], cap: int) -> list[_Arrival]:
    fitting = [
        payload.raw
        for payload in payloads
        if isinstance(payload, Payload) and len(payload.raw) <= cap
    ]
    digests = iter(originals.keep(fitting))
    arrivals = []
    for payload in payloads:
        name = name_for_people(payload.name)
        origin = printable(payload.origin)[:1000]
        if isinstance(payload, Payload) and len(payload.raw) <= cap:
            digest, size, reason = next(digests), len(payload.raw), ""
            priority = KILL_FIRST if _may_darken(payload.raw) else AS_IT_COMES
        else:
            digest, size = _measure(payload)
            reason, priority = _over_cap(size, cap), AS_IT_COMES
        arrivals.append(_Arrival(digest, size, name, origin, priority, reason))
    return arrivals


def _measure(payload: Payload | TooLarge) -> tuple[str, int]:
    if isinstance(payload, TooLarge):
        return payload.sha256, payload.size
    return originals.digest_of(payload.raw), len(payload.raw)


def _over_cap(size: int, cap: int) -> str:
    return (
        f"It has {size:,} bytes and this feed may bring {cap:,}, so it was not read and "
        "its bytes are not kept, only their digest. Let the feed bring more, or ask the "
        "sender for smaller files."
    )


def _may_darken(raw: bytes) -> bool:
    text = raw.replace(b"\0", b"").lower()  # UTF-16 has a NUL in every Latin letter
    return any(word in text for word in _DARK_WORDS)


def _record(
    feed: Feed, arrivals: list[_Arrival], transport: str, now: datetime
) -> list[Receipt]:
    new = {
        arrival.sha256: _delivery(feed, arrival, now)
        for arrival in _each_once(arrivals)
    }
    # The same bytes by the same feed may be there already, perhaps since this moment.
    insert_rows(list(new.values()), ignore_conflicts=True)
    ids = dict(_kept([feed.pk], list(new)))
    repeated = [ids[sha256] for sha256, row in new.items() if row.pk != ids[sha256]]
    deliveries = new | {
        delivery.sha256: delivery
        for delivery in (Delivery.objects.filter(pk__in=repeated) if repeated else ())
    }
    if repeated:
        # The bytes of one that was erased are here again: whoever erases must know.
        erased = Delivery.objects.filter(pk__in=repeated, erased_at__isnull=False)
        erased.update(erased_at=None, erased_by=None)
    receipts = []
    for arrival in arrivals:
        receipt = new_row(Receipt, at=now, transport=transport, name=arrival.name)
        refer(receipt, delivery=deliveries[arrival.sha256])
        receipts.append(receipt)
    insert_rows(receipts)
    _note_receipt(now, lists=([feed.pk],))
    return receipts


def _each_once(arrivals: list[_Arrival]) -> list[_Arrival]:
    return list({arrival.sha256: arrival for arrival in reversed(arrivals)}.values())[
        ::-1
    ]


def _delivery(feed: Feed, arrival: _Arrival, now: datetime) -> Delivery:
    state = Delivery.State.SET_ASIDE if arrival.reason else Delivery.State.WAITING
    delivery = new_row(
        Delivery,
        sha256=arrival.sha256,
        size=arrival.size,
        name=arrival.name,
        origin=arrival.origin,
        received_at=now,
        state=state.value,
        priority=arrival.priority,
        reason=arrival.reason,
    )
    refer(delivery, feed=feed)
    return delivery
