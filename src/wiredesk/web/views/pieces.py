"""Pieces of pages that the page store draws apart; nobody else gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils import timezone

from wiredesk.delivery.purge.keys import list_key
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib.truth import true_until
from wiredesk.web.breaking import bar_keys, breaking_bar_html
from wiredesk.web.draw import draw
from wiredesk.web.frame import frame_for
from wiredesk.web.lists import topic_named
from wiredesk.web.related import row_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def bar(request: HttpRequest) -> HttpResponse:
    """Show the breaking-news bar of the site."""
    _for_the_store_alone(request)
    site, now = frame_for(request).site, timezone.now()
    keys, until = bar_keys(site, now)
    true_until(until)
    response = HttpResponse(breaking_bar_html(site, now))
    response.strict_keys = keys  # type: ignore[attr-defined]
    return response


def related(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show the row of stories beside those of a topic; without one, the newest."""
    _for_the_store_alone(request)
    frame = frame_for(request)
    topic = topic_named(slug) if slug else None
    context = {"cards": row_of(topic, frame, timezone.now()), "in_pieces": True}
    response = draw(request, "web/parts/related.html", context, frame=frame)
    # A new story may come a little later here than on the topic's own page.
    list_of = topic.get_absolute_url() if topic else "/"
    response.lazy_keys = [list_key(list_of)]  # type: ignore[attr-defined]
    return response


def _for_the_store_alone(request: HttpRequest) -> None:
    if not asked_by_store():
        raise Http404
