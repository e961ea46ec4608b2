"""Tell the desk of feeds that have gone silent, and when they are back."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.models import Alarm
from wiredesk.wire.models import Feed


def watch_feeds() -> int:
    """Raise and clear the alarms of silent feeds; gives how many are silent.

    A feed is silent once nothing came for its ``silent_after`` minutes, counted from
    its making where nothing ever came.
    """
    now = timezone.now()
    silent = 0
    raised = set(
        Alarm.objects.filter(
            cleared_at=None, key__startswith="silent-feed:"
        ).values_list("key", flat=True)
    )
    for feed in Feed.objects.filter(active=True).exclude(silent_after=None):
        key = f"silent-feed:{feed.slug}"
        since = feed.last_received_at or feed.created_at
        if now - since > timedelta(minutes=feed.silent_after or 0):
            silent += 1
            if key not in raised:
                text = _("%(feed)s has sent nothing for %(minutes)d minutes.")
                raise_alarm(
                    key=key,
                    text=text % {"feed": feed.name, "minutes": feed.silent_after},
                    thing=f"feed:{feed.slug}",
                )
            raised.discard(key)
    for key in raised:
        clear_alarm(key=key)
    return silent
