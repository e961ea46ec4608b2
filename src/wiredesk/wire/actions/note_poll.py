"""Write down how a poll went: the cursor moves only once its body is received."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.wire.models import Poll

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed

ALARM_AFTER = 3  # failures in a row
LONGEST_PAUSE = 3600  # seconds


@transaction.atomic
def note_success(
    *, feed: Feed, etag: str = "", modified: str = "", sha256: str = ""
) -> None:
    """Move the cursor, for the feed's present address, and be due in its time."""
    Poll.objects.update_or_create(
        feed=feed,
        defaults={
            "address": feed.address,
            "etag": etag[:500],
            "modified": modified[:100],
            "sha256": sha256,
            "failures": 0,
            "next_at": timezone.now() + timedelta(seconds=feed.poll_seconds),
        },
    )
    clear_alarm(key=_key(feed))


@transaction.atomic
def note_failure(*, feed: Feed, reason: str, wait: int = 0) -> None:
    """Leave the cursor, come again later each time, and tell the desk after a while.

    ``wait`` are the seconds the server asked for, if it did.
    """
    now = timezone.now()
    poll, _new = Poll.objects.get_or_create(feed=feed, defaults={"next_at": now})
    poll.failures += 1
    pause = feed.poll_seconds * 2 ** min(poll.failures - 1, 10)
    pause = min(max(pause, wait), LONGEST_PAUSE)
    poll.next_at = now + timedelta(seconds=pause)
    poll.save(update_fields=["failures", "next_at"])
    if poll.failures == ALARM_AFTER:
        raise_alarm(
            key=_key(feed),
            text=_("%(feed)s can't be polled: %(reason)s")
            % {"feed": feed.name, "reason": reason},
            thing=f"feed:{feed.slug}",
        )


def _key(feed: Feed) -> str:
    return f"poll-failed:{feed.slug}"
