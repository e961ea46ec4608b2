"""From what a format read to the message that keeps it, the first time and again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime

from wiredesk.lib.rows import Encoded, new_row
from wiredesk.logbook.journal import Line, Position
from wiredesk.wire import originals
from wiredesk.wire.formats.detect import read as read_items
from wiredesk.wire.items import Status
from wiredesk.wire.journaled import FORMAT, message_from
from wiredesk.wire.mapping import apply_mapping
from wiredesk.wire.models import Message
from wiredesk.wire.stored import digest_of, stored

if TYPE_CHECKING:
    from wiredesk.wire.items import WireItem
    from wiredesk.wire.models import Delivery, Feed

# What an item says of itself: all that its bytes alone decide.
SAID = (
    "guid",
    "version",
    "version_at",
    "kind",
    "status",
    "publishable",
    "embargoed_until",
    "embargo_open",
    "expires",
    "headline",
    "slugline",
    "urgency",
    "language",
    "digest",
)
# What was decided when it was taken, and stays as it was.
_FROZEN = ("ordinal", "source", "received_at", "taken_at", "policy")


def columns_of(item: WireItem) -> dict[str, Any]:
    """Give the columns of a message that say what the item says."""
    plain = stored(item)
    return {
        "guid": item.guid,
        "version": "" if item.version is None else str(item.version),
        "version_at": item.version_created,
        "kind": str(item.kind),
        "status": str(item.status),
        "publishable": item.publishable,
        "embargoed_until": item.embargoed_until,
        "embargo_open": item.status is Status.EMBARGOED
        and item.embargoed_until is None,
        "expires": item.expires,
        "headline": item.headline or "",
        "slugline": item.slugline or "",
        "urgency": item.urgency,
        "language": (item.language or "")[:40],
        "item": Encoded(plain),
        "digest": digest_of(plain),
    }


class Original:
    """A delivery's bytes, read again.

    Raises ``originals.OriginalError`` or ``UnreadableError`` where they can't be.
    """

    def __init__(self, delivery: Delivery) -> None:
        raw = originals.read(delivery.sha256)
        self.delivery = delivery
        self.line = _line(raw) if delivery.format == FORMAT else None
        self.items = [] if self.line else read_items(raw)

    def message(self, kept: Message, feed: Feed) -> Message | None:
        """Give the message that ``kept`` must have been; ``None`` for no such item.

        The policy, the mapping in it and the times of ``kept`` count, not today's.
        """
        if self.line is not None:
            message = message_from(self.line.facts, self.delivery, feed)
            for name in ("id", *_FROZEN):
                setattr(message, name, getattr(kept, name))
            return message
        if kept.ordinal >= len(self.items):
            return None
        mapping = kept.policy.get("mapping") or {}
        item = apply_mapping(self.items[kept.ordinal], mapping)
        message = new_row(
            Message,
            **columns_of(item),
            **{name: getattr(kept, name) for name in ("id", *_FROZEN)},
        )
        message.delivery, message.feed = self.delivery, feed
        return message


def kept_as_it_is(kept: Message, delivery: Delivery, feed: Feed) -> Message:
    """Give an unsaved copy of ``kept``, whose original isn't there any more."""
    columns = [field.attname for field in Message._meta.concrete_fields]
    message = new_row(Message, **{name: getattr(kept, name) for name in columns})
    message.delivery, message.feed = delivery, feed
    return message


def says_otherwise(message: Message, kept: Message) -> list[str]:
    """Give the names of the columns in which ``kept`` isn't what its original says."""
    names = [name for name in SAID if getattr(message, name) != getattr(kept, name)]
    if "digest" not in names and kept.item.get("format") != FORMAT:
        # The item's own text could have been altered without its digest.
        names += ["item"] if digest_of(kept.item) != kept.digest else []
    return names


def _line(raw: bytes) -> Line:
    """Give the journal's line that stands in for an original."""
    plain = json.loads(raw)
    at: datetime | None = parse_datetime(plain["at"])
    assert at is not None  # noqa: S101  (our own line, read by its digest)
    return Line(Position(plain["sequence"]), at, plain["verb"], plain["facts"], raw)
