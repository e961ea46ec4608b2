"""The pages of the site's tree as readers see them: front, section, standing page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.views import serve as wagtail_serve

from wiredesk.delivery.metadata import (
    json_ld_script,
    organisation_json_ld,
    site_open_graph,
)
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.stories.models.pages import CuratedPage
from wiredesk.web import lists
from wiredesk.web.draw import draw
from wiredesk.web.frame import frame_for
from wiredesk.web.front import Top, compose_front, compose_top

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wiredesk.stories.models import FrontPage, SectionPage, StandingPage


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Show a page of the tree, as Wagtail finds it.

    For the page store a front or section is looked for once, until something changes
    in the tree: where it stands, whether it is live, who may read it.
    """
    is_for_all = asked_by_store()
    frame = frame_for(request) if is_for_all else None
    if frame and path in frame.found:
        return frame.found[path].serve(request)
    response: HttpResponse = wagtail_serve(request, path)
    # The store asks as anybody: what only some may read isn't answered to it like this.
    if frame and response.status_code == HTTPStatus.OK:
        found = Page.route_for_request(request, path)
        if found and isinstance(found.page, CuratedPage) and not found.args:
            frame.found[path] = found.page
    return response


def front(page: FrontPage, request: HttpRequest) -> HttpResponse:
    """Show the front: the lead, the latest, and each section's newest."""
    frame, now = frame_for(request), timezone.now()
    station = organisation_json_ld(frame.site, frame.station, now=now, policies=True)
    context = {
        "front": compose_front(page, frame, now),
        "json_ld": json_ld_script(station),
        "open_graph": site_open_graph(
            site=frame.site,
            station=frame.station,
            title=frame.station.name,
            path="/",
            now=now,
        ),
        "path": "/",
    }
    return draw(request, "web/front.html", context, frame=frame)


def section(page: SectionPage, request: HttpRequest) -> HttpResponse:
    """Show a section: what leads it, then its stories newest first."""
    frame, now = frame_for(request), timezone.now()
    # Later pages have no top, but leave out what stands in it all the same: else each
    # story that is pinned would push another over the edge of a page.
    top = compose_top(page, frame, now)
    # The preview of one that isn't saved yet has no number, and no stories.
    stories = lists.in_section(page.pk or 0, top.numbers, now)
    listing = lists.page_of(stories, request, frame, now)
    context = {
        "section": page,
        "top": top if listing.number == 1 else Top(),
        "listing": listing,
        "path": page.get_url(request, frame.site),
    }
    return draw(request, "web/section.html", context, frame=frame)


def standing_page(page: StandingPage, request: HttpRequest) -> HttpResponse:
    """Show a page that stands, as its editor wrote it."""
    frame = frame_for(request)
    context = {"page": page, "path": page.get_url(request, frame.site)}
    return draw(request, "web/standing_page.html", context, frame=frame)
