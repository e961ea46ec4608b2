"""All corrections on one page: what was wrong, what is right, in which story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from wiredesk.lib.languages import direction
from wiredesk.stories.corrections import public_corrections
from wiredesk.stories.models import StandingPage
from wiredesk.web.draw import draw
from wiredesk.web.frame import frame_for
from wiredesk.web.lists import LAST_PAGE, PAGE_SIZE, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wiredesk.web.frame import Frame

PATH = "/corrections/"


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Show the site's corrections, newest first, and how the newsroom corrects."""
    frame, now = frame_for(request), timezone.now()
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    # Not counted, like every list: one too many says that there is another page.
    found = list(public_corrections(frame.site, now)[start : start + PAGE_SIZE + 1])
    if number > 1 and not found:
        raise Http404
    more = len(found) > PAGE_SIZE and number < LAST_PAGE
    policy = _policy(frame)
    context = {
        "corrections": [
            (correction, direction(correction.story.language))
            for correction in found[:PAGE_SIZE]
        ],
        "policy": policy,
        # A page of the tree at this very address is printed here, or nobody sees it.
        "policy_is_here": policy is not None and policy.slug == PATH.strip("/"),
        "number": number,
        "newer": number - 1,
        "older": number + 1 if more else 0,
        "path": PATH,
    }
    return draw(request, "web/corrections.html", context, frame=frame)


def _policy(frame: Frame) -> StandingPage | None:
    pages = StandingPage.objects.live().child_of(frame.site.root_page)
    page: StandingPage | None = (
        pages.filter(purpose=StandingPage.Purpose.CORRECTIONS).order_by("path").first()
    )
    return page
