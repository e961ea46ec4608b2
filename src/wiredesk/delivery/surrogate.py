"""What an outside cache of ours is told: how long it may keep an answer, by which keys.

Browsers are told something else (``no-cache``): they ask each time, and the cache
answers them, since it can be told to drop what went dark and they can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from wiredesk.delivery.purge.keys import keys_of
from wiredesk.lib.truth import answering
from wiredesk.stories.curated import next_bar_end
from wiredesk.stories.models import StoryStanding

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

Respond = Callable[["HttpRequest"], "HttpResponseBase"]
NEVER_KEPT = ("/desk/", "/wire/", "/healthz", "/readyz", "/static/")
# The attribute of a response that says from when on it would be another one.
TRUE_UNTIL = "true_until"
_AGE = re.compile(r"max-age=(\d+)")


class SurrogateKeys:
    """Mark public answers for the cache in front, where the engineer has set one up.

    Without ``WIREDESK_SURROGATE_SECONDS`` nothing is said, so that a cache which nobody
    purges keeps nothing. Every answer that the clock alone will change carries, for
    what keeps answers in this process, that moment as ``true_until``.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with answering() as truth:
            response = self.get_response(request)
        if truth.until is not None:
            setattr(response, TRUE_UNTIL, truth.until)
        if settings.WIREDESK_SURROGATE_SECONDS and _may_be_kept(request, response):
            _mark(request, response)
        return response


def _may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    control = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and request.method in ("GET", "HEAD")
        and not response.streaming
        and not response.cookies
        and "no-store" not in control
        and "private" not in control
        and not request.path_info.startswith(NEVER_KEPT)
    )


def _mark(request: HttpRequest, response: HttpResponseBase) -> None:
    now = timezone.now()
    age: int = settings.WIREDESK_SURROGATE_SECONDS
    stated = _AGE.search(response.headers.get("Cache-Control", ""))
    if stated:
        age = min(age, int(stated[1]))
    # The bar is no page's own: what keeps pages here puts another one in.
    ends = [moment for moment in (end_of(response, now), next_bar_end(now)) if moment]
    if end := min(ends, default=None):
        # Half of what is left, so that the page can be kept here as well as there.
        age = min(age, int((end - now).total_seconds()) // 2)
    content = getattr(response, "content", b"")
    if age > 0:
        response.headers["Surrogate-Control"] = f"max-age={age}"
        keys = keys_of(request.path_info, content)
        response.headers[settings.WIREDESK_SURROGATE_HEADER] = " ".join(keys)


def end_of(response: HttpResponseBase, now: datetime) -> datetime | None:
    """Give the moment from which the answer may be another one by the clock alone.

    Its own ``true_until``, or the next moment at which any story appears or goes: what
    keeps answers must not keep one beyond it. Purging comes after it, never before.
    """
    own: datetime | None = getattr(response, TRUE_UNTIL, None)
    found = [moment for moment in (own, next_moment(now)) if moment]
    return min(found, default=None)


def next_moment(now: datetime) -> datetime | None:
    """Give the next moment at which the clock lets a story appear or go."""
    moments = [
        StoryStanding.objects.filter(**{f"{column}__gt": now})
        .order_by(column)
        .values_list(column, flat=True)
        .first()
        for column in ("visible_from", "visible_until", "listed_until")
    ]
    return min((moment for moment in moments if moment), default=None)
