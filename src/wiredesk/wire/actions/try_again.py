"""Put a delivery that was set aside back among those that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.write import write
from wiredesk.wire import originals
from wiredesk.wire.actions.close_receipts import set_aside_key
from wiredesk.wire.models import Delivery, LedgerLine, Outcome, Receipt

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def try_again(*, delivery: Delivery, by: AbstractBaseUser | None = None) -> bool:
    """Let ``delivery`` be read again; tells whether it will be.

    ``False`` where it isn't set aside (any more) or its bytes were never kept. Its
    lines in the ledger go, since reading it gives new ones; the logbook keeps that it
    was set aside. The feed's alarm is cleared with its last delivery set aside.
    """
    if not originals.is_there(delivery.sha256):
        return False
    again = Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.SET_ASIDE
    ).update(
        state=Delivery.State.WAITING,
        reason="",
        attempts=0,
        claimed_by="",
        claimed_at=None,
    )
    if not again:
        return False
    LedgerLine.objects.filter(
        receipt__delivery=delivery, outcome=Outcome.SET_ASIDE
    ).delete()
    Receipt.objects.filter(delivery=delivery).update(items=None)
    write(
        verb="try again",
        thing=f"delivery:{delivery.pk}",
        detail={"sha256": delivery.sha256},
        person=by,
    )
    others = Delivery.objects.filter(feed=delivery.feed, state=Delivery.State.SET_ASIDE)
    if not others.exists():
        clear_alarm(key=set_aside_key(delivery.feed), person=by)
    return True
