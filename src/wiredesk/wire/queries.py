"""What the wire can say: the ledger's sums, and the messages of a guid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum

from wiredesk.wire.models import Delivery, LedgerLine, Message, Outcome, Receipt

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wiredesk.wire.models import Feed


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger's sums.

    ``delivered`` counts items as their receipts were closed with, ``outcomes`` lines as
    they stand; ``receipts`` all arrivals, ``waiting`` those not taken to the end yet;
    ``unfit`` receipts whose own lines don't match their items.
    """

    delivered: int
    outcomes: dict[str, int]
    receipts: int
    waiting: int
    unfit: int

    @property
    def adds_up(self) -> bool:
        """Tell whether every delivered item has exactly one outcome."""
        return self.unfit == 0 and self.delivered == sum(self.outcomes.values())

    def as_json(self) -> dict[str, Any]:
        """Give the sums as plain JSON."""
        return {
            "delivered": self.delivered,
            "outcomes": self.outcomes,
            "receipts": self.receipts,
            "waiting": self.waiting,
            "unfit": self.unfit,
            "adds_up": self.adds_up,
        }


def ledger() -> Ledger:
    """Add up every item delivered and every outcome, each from its own table."""
    closed = Q(items__isnull=False)
    sums = Receipt.objects.aggregate(
        delivered=Sum("items", default=0),
        receipts=Count("pk"),
        waiting=Count("pk", filter=~closed),
    )
    of_closed = LedgerLine.objects.filter(receipt__items__isnull=False)
    found = dict(
        of_closed.order_by().values_list("outcome").annotate(lines=Count("pk"))
    )
    unfit = (
        Receipt.objects.filter(closed)
        .annotate(found=Count("lines"))
        .exclude(found=F("items"))
        .count()
    )
    return Ledger(
        delivered=sums["delivered"],
        outcomes={outcome: found.get(outcome, 0) for outcome in Outcome.values},
        receipts=sums["receipts"],
        waiting=sums["waiting"],
        unfit=unfit,
    )


def messages_of(guid: str, source: str | None = None) -> QuerySet[Message]:
    """Give the messages of a guid as they came, of one source or of every source."""
    messages = Message.objects.filter(guid=guid)
    if source is not None:
        messages = messages.filter(source=source)
    return messages.order_by("pk")


def waiting() -> QuerySet[Delivery]:
    """Give the deliveries that wait, in the order in which they are taken."""
    return Delivery.objects.filter(state=Delivery.State.WAITING).order_by(
        "priority", "pk"
    )


def set_aside(feed: Feed | None = None) -> QuerySet[Delivery]:
    """Give what was set aside, newest first, of one feed or of all."""
    deliveries = Delivery.objects.filter(state=Delivery.State.SET_ASIDE)
    if feed is not None:
        deliveries = deliveries.filter(feed=feed)
    return deliveries.order_by("-pk")
