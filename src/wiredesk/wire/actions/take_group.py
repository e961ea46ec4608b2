"""Write one group of what was read: messages, what became of them, the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from wiredesk.lib.prepared import PreparedQuery, PreparedUpdate
from wiredesk.lib.rows import Encoded, insert_rows, new_row, refer
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.wire.actions.claim import still_mine
from wiredesk.wire.mapping import apply_mapping
from wiredesk.wire.models import Delivery, LedgerLine, Message, Receipt
from wiredesk.wire.policy import Rule, freeze
from wiredesk.wire.reading import columns_of
from wiredesk.wire.settling import settle_messages
from wiredesk.wire.signals import messages_taken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiredesk.wire.items import WireItem
    from wiredesk.wire.models import Feed

_open_receipts = PreparedQuery(
    lambda deliveries: (
        Receipt.objects.filter(delivery_id__in=deliveries, items__isnull=True)
        .order_by("pk")
        .values_list("pk", "delivery_id")
    )
)
_set_taken = PreparedUpdate(
    lambda deliveries: Delivery.objects.filter(pk__in=deliveries),
    {
        "format": ...,
        "state": Delivery.State.TAKEN,
        "reason": "",
        "claimed_by": "",
        "claimed_at": None,
    },
)
_close = PreparedUpdate(
    lambda receipts: Receipt.objects.filter(pk__in=receipts, items__isnull=True),
    {"items": ...},
)


@dataclass(slots=True)
class Work:
    """A claimed delivery once it was read: its items, or the reason why not."""

    delivery: Delivery
    feed: Feed
    rules: list[Rule]
    items: list[WireItem] = field(default_factory=list)
    reason: str = ""
    written: frozenset[int] = frozenset()  # ordinals an earlier attempt wrote
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def format(self) -> str:
        """Give the format the bytes were in, empty where nothing was read."""
        return self.items[0].format if self.items else ""


@dataclass(slots=True)
class Part:
    """Some items of a delivery, as many as fit in a group. ``messages`` aren't saved."""

    work: Work
    messages: list[Message]
    is_last: bool


def build_messages(work: Work, ordinals: Iterable[int]) -> list[Message]:
    """Give the unsaved messages of these items, mapping and policy applied."""
    return [_message(work, ordinal, work.items[ordinal]) for ordinal in ordinals]


def take_group(*, parts: list[Part], token: str) -> list[LedgerLine]:
    """Write the parts in the caller's transaction; gives the ledger's new lines.

    Parts whose claim somebody else took over are left to them.
    """
    mine = still_mine(ids={part.work.delivery.pk for part in parts}, token=token)
    parts = [part for part in parts if part.work.delivery.pk in mine]
    messages = [message for part in parts for message in part.messages]
    now = timezone.now()
    for message in messages:
        message.taken_at = now
    insert_rows(messages, are_indexed=True)
    receipts = _first_receipts(mine)
    lines = _settle(parts, messages, receipts)
    _finish([part.work for part in parts if part.is_last], receipts)
    if messages:
        ids = [message.pk for message in messages]
        transaction.on_commit(
            partial(messages_taken.send, sender=Message, message_ids=ids)
        )
    return lines


def _message(work: Work, ordinal: int, read: WireItem) -> Message:
    feed, delivery = work.feed, work.delivery
    item = apply_mapping(read, feed.mapping)
    message = new_row(
        Message,
        **columns_of(item),
        ordinal=ordinal,
        source=feed.source_of(item.source),
        received_at=delivery.received_at,
        policy=Encoded(freeze(feed, work.rules, item, delivery.received_at)),
    )
    refer(message, delivery=delivery, feed=feed)
    return message


def _settle(
    parts: list[Part], messages: list[Message], receipts: dict[int, int]
) -> list[LedgerLine]:
    answers = settle_messages(messages)
    lines = []
    for part in parts:
        for message in part.messages:
            taken = answers[message.pk]
            part.work.outcomes[str(taken.outcome)] += 1
            line = new_row(
                LedgerLine,
                receipt_id=receipts[message.delivery_id],
                ordinal=message.ordinal,
                outcome=taken.outcome.value,
                reason=taken.reason,
                story_path=taken.story_path,
            )
            refer(line, message=message)
            lines.append(line)
    insert_rows(lines)
    return lines


def _first_receipts(delivery_ids: Iterable[int]) -> dict[int, int]:
    """Give the id of each delivery's first receipt still open: it gets the outcomes."""
    receipts: dict[int, int] = {}
    for pk, delivery_id in _open_receipts(list(delivery_ids)):
        receipts.setdefault(delivery_id, pk)
    return receipts


def _finish(works: list[Work], receipts: dict[int, int]) -> None:
    acts: list[Act] = []
    taken: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        if work.reason:
            _set_aside(work)
        else:
            taken[work.format].append(work)
        acts.append(_act(work))
    for format_, of_format in taken.items():
        _close_first_receipts(of_format, receipts)
        _set_taken(format_, lists=([work.delivery.pk for work in of_format],))
    if acts:
        write_many(acts=acts)


def _set_aside(work: Work) -> None:
    Delivery.objects.filter(pk=work.delivery.pk).update(
        state=Delivery.State.SET_ASIDE,
        reason=work.reason,
        claimed_by="",
        claimed_at=None,
    )


def _close_first_receipts(works: list[Work], receipts: dict[int, int]) -> None:
    by_count: dict[int, list[int]] = defaultdict(list)
    for work in works:
        by_count[len(work.items)].append(receipts[work.delivery.pk])
    for count, ids in by_count.items():
        _close(count, lists=(ids,))


def _act(work: Work) -> Act:
    detail: dict[str, Any] = {"sha256": work.delivery.sha256}
    if work.reason:
        return Act("set aside", f"delivery:{work.delivery.pk}", detail)
    detail["outcomes"] = dict(work.outcomes)
    return Act("take", f"delivery:{work.delivery.pk}", detail)
