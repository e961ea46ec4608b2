"""Write down what the clock alone has changed, and announce it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.models import StoryStanding

# Rows a step, so that one doesn't keep the wire from writing for long.
MOST = 200


@transaction.atomic
def note_expiry(*, now: datetime | None = None, most: int = MOST) -> int:
    """Note stories whose use has ended and embargoes that have lifted; gives how many.

    Readers don't depend on it: the gate reads the clock. It makes an end that was once
    past stay past when a clock is set back, and tells the surfaces that keep copies.
    Call it every second or so; a full batch (``most``) means that more may wait.
    """
    now = now or timezone.now()
    ended = _ended(now, most)
    _note_ends(ended, now)
    lifted = _lifted(now, most - len(ended))
    StoryStanding.objects.filter(pk__in=lifted).update(was_public=True, lifts_at=None)
    if ended or lifted:
        acts = [Act("expired", f"story:{pk}") for pk in ended]
        acts += [Act("embargo-lifted", f"story:{pk}") for pk in lifted]
        write_many(acts=acts, at=now)
        announce([*ended, *lifted])
    return len(ended) + len(lifted)


def _ended(now: datetime, most: int) -> list[int]:
    rows = StoryStanding.objects.filter(
        state__unindexed=StoryStanding.State.LIVE,
        visible_until__isnull=False,
        visible_until__lte=now,
        expired_at__isnull=True,
    )
    return list(rows.order_by("visible_until").values_list("pk", flat=True)[:most])


def _note_ends(ended: list[int], now: datetime) -> None:
    rows = StoryStanding.objects.filter(pk__in=ended)
    # An embargo that lifted only after the end never let anyone see the story.
    rows.filter(
        Q(visible_from__isnull=True) | Q(visible_from__lt=F("visible_until")),
        since__lt=F("visible_until"),
    ).update(was_public=True)
    rows.update(expired_at=now)


def _lifted(now: datetime, most: int) -> list[int]:
    rows = StoryStanding.objects.filter(
        state__unindexed=StoryStanding.State.LIVE,
        lifts_at__isnull=False,
        lifts_at__lte=now,
        expired_at__isnull=True,
    )
    return list(rows.order_by("lifts_at").values_list("pk", flat=True)[:most])
