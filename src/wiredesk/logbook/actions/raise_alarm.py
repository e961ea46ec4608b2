"""Tell the desk that something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wiredesk.logbook.actions.write import write
from wiredesk.logbook.models import Alarm

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def raise_alarm(
    *,
    key: str,
    text: str,
    thing: str = "",
    address: str = "",
    times: int = 1,
    at: datetime | None = None,
) -> Alarm:
    """Raise the alarm ``key``; where it is open already, count it and say the newest.

    ``text`` is a sentence for the desk, ``thing`` what it is about (``feed:meridian``),
    ``address`` where the desk looks. Mail and webhook follow, once for an open alarm.
    """
    moment = at or timezone.now()
    newest = {"text": text, "thing": thing, "address": address}
    counted = Alarm.objects.filter(key=key, cleared_at__isnull=True).update(
        times=F("times") + times, **newest
    )
    if counted:
        return Alarm.objects.get(key=key, cleared_at__isnull=True)
    alarm, is_new = Alarm.objects.get_or_create(
        key=key,
        cleared_at__isnull=True,
        defaults={"raised_at": moment, "times": times, **newest},
    )
    if is_new:
        write(
            verb="alarm",
            thing=thing or f"alarm:{key}",
            detail={"key": key},
            at=moment,
        )
    return alarm
