"""Since when everything public has been as it is now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Model

from wiredesk.delivery.models import LastChange
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Picture, StoryStanding

# HTTP's dates have whole seconds: within the second after a change a second one could
# hide behind the same date (RFC 9110, 8.8.2.2), so no date is given that early.
SETTLED = timedelta(seconds=2)


def _last_past(model: type[Model], column: str) -> PreparedQuery:
    return PreparedQuery(
        lambda now: (
            model._default_manager.filter(**{f"{column}__lte": now})
            .order_by(f"-{column}")
            .values_list(column)[:1]
        ),
        lists=0,
        has_moment=True,
    )


# Asked for each feed and sitemap, so built once.
_by_hand = PreparedQuery(
    lambda: LastChange.objects.filter(pk=LastChange.ONLY).values_list("at"), lists=0
)
_by_the_clock = (
    _last_past(StoryStanding, "visible_from"),
    _last_past(StoryStanding, "visible_until"),
    _last_past(StoryStanding, "listed_until"),
    _last_past(Picture, "expires"),
    _last_past(Picture, "usable_until"),
)


def last_change(now: datetime) -> datetime | None:
    """Give the time of the last change, by hand or by the clock, for ``Last-Modified``.

    Embargoes that ended, stories and pictures that expired count. ``None`` when it is
    too fresh to be said in whole seconds, or nothing ever changed.
    """
    rows = [*_by_hand(), *(row for query in _by_the_clock for row in query(at=now))]
    latest: datetime | None = max((moment for (moment,) in rows), default=None)
    return latest if latest and now - latest >= SETTLED else None
