"""Give every receipt its lines that no reading will give: repeats and set-asides."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.rows import insert_rows
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.wire.models import Delivery, LedgerLine, Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from wiredesk.wire.models import Feed

MOST = 100  # receipts in one transaction


@transaction.atomic
def close_receipts(
    *, receipts: Iterable[int] | None = None, most: int = MOST
) -> list[LedgerLine]:
    """Close open receipts whose delivery no longer waits; gives the new lines.

    Of a delivery that was taken: the same bytes came again, so each of its items is a
    ``duplicate``. Of one that was set aside: one line says so, and the desk is alarmed,
    once a feed. All such receipts, or only those given by id.
    """
    due = _due().filter(pk__in=list(receipts)) if receipts is not None else _due()
    closing = list(due.select_related("delivery__feed").order_by("pk")[:most])
    if not closing:
        return []
    taken = [r for r in closing if r.delivery.state == Delivery.State.TAKEN]
    aside = [r for r in closing if r.delivery.state == Delivery.State.SET_ASIDE]
    lines = [*_duplicates(taken), *_set_asides(aside)]
    insert_rows(lines)
    _alarm(aside)
    return lines


def are_due() -> bool:
    """Tell whether there is a receipt to close."""
    return bool(_first_due())


def _due() -> QuerySet[Receipt]:
    return Receipt.objects.filter(items__isnull=True).exclude(
        delivery__state=Delivery.State.WAITING
    )


_first_due = PreparedQuery(lambda: _due().values_list("pk")[:1], lists=0)


def _duplicates(receipts: list[Receipt]) -> list[LedgerLine]:
    firsts = _lines_of_first_receipts({receipt.delivery_id for receipt in receipts})
    lines = []
    for receipt in receipts:
        originals = firsts[receipt.delivery_id]
        lines += [_duplicate(receipt, original) for original in originals]
        _close(receipt, len(originals))
    return lines


def _duplicate(receipt: Receipt, original: LedgerLine) -> LedgerLine:
    return LedgerLine(
        receipt=receipt,
        message=original.message,
        ordinal=original.ordinal,
        outcome=Outcome.DUPLICATE,
        reason=_("the same bytes came before"),
        story_path=original.story_path,
    )


def _lines_of_first_receipts(delivery_ids: set[int]) -> dict[int, list[LedgerLine]]:
    """Give, for each delivery, the lines of the receipt that was really taken."""
    lines = (
        LedgerLine.objects.filter(
            receipt__delivery_id__in=delivery_ids,
            message__delivery_id=F("receipt__delivery_id"),
        )
        .exclude(outcome=Outcome.SET_ASIDE)
        .select_related("message", "receipt")
        .order_by("receipt_id", "ordinal")
    )
    firsts: dict[int, list[LedgerLine]] = defaultdict(list)
    for line in lines:
        found = firsts[line.receipt.delivery_id]
        if not found or found[0].receipt_id == line.receipt_id:
            found.append(line)
    return firsts


def _set_asides(receipts: list[Receipt]) -> list[LedgerLine]:
    lines = []
    for receipt in receipts:
        # Items written before the work failed for good keep their lines.
        before = LedgerLine.objects.filter(receipt=receipt).count()
        lines.append(
            LedgerLine(
                receipt=receipt,
                ordinal=before,
                outcome=Outcome.SET_ASIDE,
                reason=receipt.delivery.reason,
            )
        )
        _close(receipt, before + 1)
    return lines


def _close(receipt: Receipt, items: int) -> None:
    receipt.items = items
    Receipt.objects.filter(pk=receipt.pk, items__isnull=True).update(items=items)


def _alarm(receipts: list[Receipt]) -> None:
    by_feed: dict[Feed, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_feed[receipt.delivery.feed].append(receipt)
    for feed, of_feed in by_feed.items():
        newest = of_feed[-1]
        text = ngettext(
            "A delivery of %(feed)s was set aside: %(name)s. %(reason)s",
            "Deliveries of %(feed)s were set aside, the last %(name)s. %(reason)s",
            len(of_feed),
        ) % {
            "feed": feed.name,
            "name": newest.name or newest.delivery.sha256[:12],
            "reason": newest.delivery.reason,
        }
        raise_alarm(
            key=set_aside_key(feed),
            text=text,
            thing=f"feed:{feed.slug}",
            address="/desk/wire/set-aside/",
            times=len(of_feed),
        )


def set_aside_key(feed: Feed) -> str:
    """Give the key of the feed's alarm about what was set aside."""
    return f"set-aside:{feed.slug}"
