"""Write down ends of contracts and pictures that the clock has reached."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.settle_pictures import announce_pictures
from wiredesk.stories.models import Picture
from wiredesk.wire.models import ContractEnd
from wiredesk.wire.pace import TARGET, turn

MOST = 50  # pictures a step, so that one doesn't keep the wire from writing for long


def note_contract_ends(*, now: datetime | None = None) -> int:
    """Note contracts that have ended; gives how many.

    Readers don't depend on it: the gate reads the clock. From then on they stay ended
    when a clock is set back, for what comes later, too.
    """
    now = now or timezone.now()
    if not _passed(at=now):
        return 0
    with transaction.atomic():
        passed = _passed(at=now)
        ids = [end for end, _ in passed]
        ContractEnd.objects.filter(pk__in=ids).update(passed_at=now)
        acts = [
            Act("contract-ended", f"feed:{feed}", {"end": end}) for end, feed in passed
        ]
        write_many(acts=acts, at=now)
    return len(passed)


def note_picture_ends(*, now: datetime | None = None, most: int = MOST) -> int:
    """Note pictures whose use has ended, and announce them; gives how many.

    A full batch (``most``) means that more may wait.
    """
    now = now or timezone.now()
    if not _first_ended(at=now):
        return 0
    with turn(TARGET), transaction.atomic():
        pictures = list(_ended(now).select_for_update().order_by("pk")[:most])
        for picture in pictures:
            ends = (picture.expires, picture.usable_until, picture.past_end)
            # One noted before a clock was set back is later than this moment.
            past = [end for end in ends[:2] if end and end <= now]
            picture.past_end = max([*past, *(end for end in ends[2:] if end)])
        Picture.objects.bulk_update(pictures, ["past_end"])
        acts = [Act("picture-ended", f"picture:{picture.pk}") for picture in pictures]
        write_many(acts=acts, at=now)
        announce_pictures([picture.pk for picture in pictures])
    return len(pictures)


# Asked each second, also while nothing is going on.
_passed = PreparedQuery(
    lambda now: (
        ContractEnd.objects.in_force()
        .filter(passed_at__isnull=True, at__lte=now)
        .values_list("pk", "feed_id")
    ),
    lists=0,
    has_moment=True,
)
_first_ended = PreparedQuery(
    lambda now: _ended(now).values_list("pk")[:1], lists=0, has_moment=True
)


def _ended(now: datetime) -> models.QuerySet[Picture]:
    unnoted = Q(pk__in=[])
    for column in ("expires", "usable_until"):
        unseen = Q(past_end__isnull=True) | Q(past_end__lt=F(column))
        unnoted |= Q(**{f"{column}__lte": now}) & unseen
    return Picture.objects.filter(unnoted)
