"""Since when everything public has been as it is now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Model, Subquery

from wiredesk.delivery.models import LastChange
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Picture, StoryStanding

# HTTP's dates have whole seconds: within the second after a change a second one could
# hide behind the same date (RFC 9110, 8.8.2.2), so no date is given that early.
SETTLED = timedelta(seconds=2)


def _last_past(model: type[Model], column: str, now: datetime) -> Subquery:
    past = model._default_manager.filter(**{f"{column}__lte": now})
    return Subquery(past.order_by(f"-{column}").values(column)[:1])


# By hand, and what the clock alone brought. Asked for each feed and sitemap: built once,
# and all in one. Where nothing was ever changed by hand there is no story.
_last = PreparedQuery(
    lambda now: LastChange.objects.filter(pk=LastChange.ONLY).values_list(
        "at",
        _last_past(StoryStanding, "visible_from", now),
        _last_past(StoryStanding, "visible_until", now),
        _last_past(StoryStanding, "listed_until", now),
        _last_past(Picture, "expires", now),
        _last_past(Picture, "usable_until", now),
    ),
    lists=0,
    has_moment=True,
)


def last_change(now: datetime) -> datetime | None:
    """Give the time of the last change, by hand or by the clock, for ``Last-Modified``.

    Embargoes that ended, stories and pictures that expired count. ``None`` when it is
    too fresh to be said in whole seconds, or nothing ever changed.
    """
    (moments,) = _last(at=now) or [()]
    latest = max((each for each in moments if each is not None), default=None)
    return latest if latest and now - latest >= SETTLED else None
