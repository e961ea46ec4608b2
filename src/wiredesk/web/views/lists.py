"""Pages that list stories: topics and authors. Front and sections are in ``tree``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_safe

from wiredesk.stories.models import Author
from wiredesk.web import lists
from wiredesk.web.draw import draw
from wiredesk.web.frame import frame_for
from wiredesk.web.pictures import show

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the site has on a topic, newest first."""
    frame, now = frame_for(request), timezone.now()
    found = lists.topic_named(slug)
    stories = lists.on_topic(found.pk, frame, now)
    context = {
        "topic": found,
        "listing": lists.page_of(stories, request, frame, now),
        "path": found.get_absolute_url(),
    }
    return draw(request, "web/topic.html", context, frame=frame)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who an author is and what stands under that name, newest first."""
    frame, now = frame_for(request), timezone.now()
    found = lists.author_named(slug)
    stories = lists.by_author(found.pk, frame, now)
    context = {
        "author": found,
        "is_desk": found.kind == Author.Kind.AGENCY,
        "photo": show(found.photo, now),
        "listing": lists.page_of(stories, request, frame, now),
        "path": found.get_absolute_url(),
    }
    return draw(request, "web/author.html", context, frame=frame)
