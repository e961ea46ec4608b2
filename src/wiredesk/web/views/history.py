"""What changed in a story since its publication, for whoever read it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from wiredesk.lib.languages import direction
from wiredesk.stories.history import PAGE, history
from wiredesk.stories.models import Placement, Story
from wiredesk.web.changes import tell
from wiredesk.web.draw import draw
from wiredesk.web.frame import frame_for
from wiredesk.web.lists import page_number
from wiredesk.web.views.story import LARGEST_NUMBER, gone_or_unknown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ENDING = "history/"


@require_safe
def story_history(request: HttpRequest, number: str) -> HttpResponse:
    """Show each public version of a story and what changed with it, the newest first.

    Goes with the story: 410 where that is gone. A story that never changed has none.
    """
    key = int(number)
    if key > LARGEST_NUMBER:
        raise Http404
    frame, now, page = frame_for(request), timezone.now(), page_number(request)
    here = Placement.objects.filter(story=OuterRef("pk"), site=frame.site)
    found = Story.objects.public(now).filter(Exists(here), pk=key).first()
    if found is None:
        return gone_or_unknown(request, key, frame)
    path = f"{found.path}{ENDING}"
    if request.path != path:
        return HttpResponsePermanentRedirect(path)
    told = history(found, now, PAGE, (page - 1) * PAGE)
    if told.total < 2 or not told.steps:
        raise Http404
    context = {
        "story": found,
        "direction": direction(found.language),
        "steps": [tell(step) for step in told.steps],
        "total": told.total,
        "number": page,
        "newer": page - 1,
        "older": page + 1 if told.total > page * PAGE else 0,
        "path": path,
    }
    response = draw(request, "web/history.html", context, frame=frame)
    response["X-Robots-Tag"] = "noindex"
    return response
