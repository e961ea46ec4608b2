"""Say that what was wrong no longer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wiredesk.logbook.actions.write import write
from wiredesk.logbook.models import Alarm

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser


def clear_alarm(
    *,
    key: str,
    person: AbstractBaseUser | None = None,
    at: datetime | None = None,
) -> bool:
    """Clear the open alarm ``key``; tells whether there was one.

    Looks before it locks: it is asked every second, and there seldom is one.
    """
    if not Alarm.objects.filter(key=key, cleared_at__isnull=True).exists():
        return False
    return _clear(key, person, at or timezone.now())


@transaction.atomic
def _clear(key: str, person: AbstractBaseUser | None, at: datetime) -> bool:
    alarm = Alarm.objects.filter(key=key, cleared_at__isnull=True).first()
    if alarm is None:
        return False
    cleared = Alarm.objects.filter(pk=alarm.pk, cleared_at__isnull=True).update(
        cleared_at=at
    )
    if cleared:
        write(
            verb="alarm cleared",
            thing=alarm.thing or f"alarm:{key}",
            detail={"key": key, "times": alarm.times},
            person=person,
            at=at,
        )
    return bool(cleared)
