"""Write down what the clock alone has changed, and announce it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.models import StoryStanding

# Rows a step, so that one doesn't keep the wire from writing for long.
MOST = 200


def note_expiry(*, now: datetime | None = None, most: int = MOST) -> int:
    """Note stories whose use has ended and embargoes that have lifted; gives how many.

    Readers don't depend on it: the gate reads the clock. It makes an end that was once
    past stay past when a clock is set back, and tells the surfaces that keep copies.
    Call it every second or so; a full batch (``most``) means that more may wait.
    """
    now = now or timezone.now()
    # Mostly there is nothing, and then nobody need be kept from writing.
    if not (_ended(at=now, most=1) or _lifted(at=now, most=1)):
        return 0
    return _note(now, most)


@transaction.atomic
def _note(now: datetime, most: int) -> int:
    ended = [pk for (pk,) in _ended(at=now, most=most)]
    _note_ends(ended, now)
    lifted = [pk for (pk,) in _lifted(at=now, most=most - len(ended))]
    StoryStanding.objects.filter(pk__in=lifted).update(was_public=True, lifts_at=None)
    if ended or lifted:
        acts = [Act("expired", f"story:{pk}") for pk in ended]
        acts += [Act("embargo-lifted", f"story:{pk}") for pk in lifted]
        write_many(acts=acts, at=now)
        announce([*ended, *lifted])
    return len(ended) + len(lifted)


def _note_ends(ended: list[int], now: datetime) -> None:
    rows = StoryStanding.objects.filter(pk__in=ended)
    # An embargo that lifted only after the end never let anyone see the story.
    rows.filter(
        Q(visible_from__isnull=True) | Q(visible_from__lt=F("visible_until")),
        since__lt=F("visible_until"),
    ).update(was_public=True)
    rows.update(expired_at=now)


def _past(column: str) -> PreparedQuery:
    """Make a query for the live stories whose moment in that column has come."""
    return PreparedQuery(
        lambda now: (
            StoryStanding.objects.filter(
                state__unindexed=StoryStanding.State.LIVE,
                expired_at__isnull=True,
                **{f"{column}__isnull": False, f"{column}__lte": now},
            )
            .order_by(column)
            .values_list("pk")
        ),
        lists=0,
        has_moment=True,
    )


_ended = _past("visible_until")
_lifted = _past("lifts_at")
