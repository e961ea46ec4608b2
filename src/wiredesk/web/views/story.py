"""A story's page, and what stands where a story was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Story, StoryStanding
from wiredesk.web.draw import draw
from wiredesk.web.frame import frame_for
from wiredesk.web.story_page import fetch, gather
from wiredesk.web.views.errors import gone

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wiredesk.web.frame import Frame

LARGEST_NUMBER = 2**63 - 1


@require_safe
def story(request: HttpRequest, number: str) -> HttpResponse:
    """Show a story; the number at the end of the address finds it.

    Another day or slug before the right number leads to the story's own address. One
    that was public and isn't is 410; one that never was is 404, like no story at all.
    """
    key = int(number)
    if key > LARGEST_NUMBER:
        raise Http404
    frame, now = frame_for(request), timezone.now()
    found = fetch(key, frame, now)
    if found is None:
        if path := path_of_joined(key):
            return HttpResponsePermanentRedirect(path)
        return gone_or_unknown(request, key, frame)
    if found.path and request.path != found.path:
        return HttpResponsePermanentRedirect(found.path)
    page = gather(found, frame, now, in_pieces=asked_by_store())
    return draw(request, "web/story.html", {"page": page}, frame=frame)


def path_of_joined(key: int) -> str:
    """Give the address of the story that this one goes on as; empty for most.

    A story has one address at first sight; the wire may say later that two are one.
    """
    return next((path for (path,) in _joined([key])), "")


def gone_or_unknown(request: HttpRequest, key: int, frame: Frame) -> HttpResponse:
    """Answer for a story that readers may not see: 410 where they could once, else 404."""
    if was_here(key, frame):
        return gone(request, frame)
    raise Http404


def was_here(key: int, frame: Frame) -> bool:
    """Tell whether readers of this site could once see the story of that number."""
    # Only where it stood: what is another station's was never here.
    return bool(_was_here([key], [frame.site.pk]))


# Asked for at each withdrawal, by everyone who has the address.
_joined = PreparedQuery(
    lambda stories: Story.objects.filter(
        pk__in=stories, joined_to__path__isnull=False
    ).values_list("joined_to__path")
)
_was_here = PreparedQuery(
    lambda stories, sites: StoryStanding.objects.filter(
        pk__in=stories, was_public=True, story__placements__site_id__in=sites
    ).values_list("pk")[:1],
    lists=2,
)


def preview(found: Story, request: HttpRequest) -> HttpResponse:
    """Show an editor the page of a story as it would be, saved or not."""
    frame, now = frame_for(request), timezone.now()
    page = gather(found, frame, now, desk=True)
    context = {"page": page, "is_preview": True}
    return draw(request, "web/story.html", context, frame=frame)
