"""Since when everything public has been as it is now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Model

from wiredesk.delivery.models import LastChange
from wiredesk.stories.models import Picture, StoryStanding

# HTTP's dates have whole seconds: within the second after a change a second one could
# hide behind the same date (RFC 9110, 8.8.2.2), so no date is given that early.
SETTLED = timedelta(seconds=2)

_BY_THE_CLOCK: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (StoryStanding, ("visible_from", "visible_until", "listed_until")),
    (Picture, ("expires", "usable_until")),
)


def last_change(now: datetime) -> datetime | None:
    """Give the time of the last change, by hand or by the clock, for ``Last-Modified``.

    Embargoes that ended, stories and pictures that expired count. ``None`` when it is
    too fresh to be said in whole seconds, or nothing ever changed.
    """
    moments = [
        LastChange.objects.filter(pk=LastChange.ONLY)
        .values_list("at", flat=True)
        .first(),
        *(
            model._default_manager.filter(**{f"{column}__lte": now})
            .order_by(f"-{column}")
            .values_list(column, flat=True)
            .first()
            for model, columns in _BY_THE_CLOCK
            for column in columns
        ),
    ]
    latest = max((moment for moment in moments if moment), default=None)
    return latest if latest and now - latest >= SETTLED else None
