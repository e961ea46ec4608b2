"""Tell the desk when the worker is gone; for every process but the worker itself."""

from __future__ import annotations

import time

from django.conf import settings
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.models import Alarm

KEY = "worker-gone"
GONE_AFTER = 15.0  # seconds; it beats about every second


def watch_worker() -> bool:
    """Raise or clear the alarm by the age of the heartbeat; tells whether it lives."""
    try:
        # abs: a beat from the future is one of before the clock was set back.
        age = abs(time.time() - settings.WIREDESK_WORKER_BEAT.stat().st_mtime)
    except FileNotFoundError:
        age = float("inf")
    if age < GONE_AFTER:
        clear_alarm(key=KEY)
        return True
    if not Alarm.objects.filter(key=KEY, cleared_at=None).exists():
        raise_alarm(
            key=KEY,
            text=_("The worker doesn't run: nothing that arrives is published."),
            thing="worker",
        )
    return False
