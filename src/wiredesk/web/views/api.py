"""Stories as JSON, for programs: searched, listed and one by one, as feeds may give them.

Nobody keeps these answers: what is withdrawn is not in the next one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.feeds.channel import chosen_channel
from wiredesk.delivery.feeds.known import entries_of
from wiredesk.delivery.feeds.writers import json_feed, json_item
from wiredesk.delivery.purge.keys import story_key
from wiredesk.delivery.search import MOST
from wiredesk.delivery.store.asked import remembering
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Story
from wiredesk.stories.queries import newest_on
from wiredesk.web.frame import Frame, frame_for
from wiredesk.web.lists import LAST_PAGE, PAGE_SIZE, page_number
from wiredesk.web.views.search import SearchForm, asks_for_anything, find, question_of
from wiredesk.web.views.story import LARGEST_NUMBER, was_here

if TYPE_CHECKING:
    from django.http import HttpRequest

FEED = "application/feed+json"
JSON = "application/json"


@require_safe
@remembering()
def stories(request: HttpRequest) -> HttpResponse:
    """Give a JSON Feed of what is asked for as on the search page; else of the newest.

    400 says which of the question's parts can't be read, and why.
    """
    frame = frame_for(request)
    form = SearchForm(request.GET, frame)
    if not form.is_valid():
        return _error(400, "The question can't be read.", form.errors.get_json_data())
    try:
        number = page_number(request)
    except Http404:
        return _error(404, "There is no such page.")
    numbers, has_more = _numbers(form, frame, number)
    if number > 1 and not numbers and not has_more:
        return _error(404, "There is no such page.")
    channel = chosen_channel(frame.site, numbers, timezone.now())
    own = _address(request, frame, number)
    older = _address(request, frame, number + 1) if has_more else ""
    return _answer(json_feed(channel, own, older), FEED)


@require_safe
def story(request: HttpRequest, number: str) -> HttpResponse:
    """Give one story as a JSON Feed's item; 410 where it was public once, else 404."""
    frame, key = frame_for(request), int(number)
    if key > LARGEST_NUMBER:
        return _error(404, "There is no such story.")
    now = timezone.now()
    public = _public([key], [frame.site.pk], at=now)
    if public and public[0] != ("none",):
        (entry,) = entries_of([key], frame.site, now)
        return _answer(entry.written("json", json_item), JSON)
    for (other,) in _joined_to([key]):
        address = reverse("api_story", args=[other])
        return _kept_by_nobody(HttpResponsePermanentRedirect(address))
    if not public and was_here(key, frame):
        gone = _error(410, "The story is no longer available.")
        gone.strict_keys = [story_key(key)]  # type: ignore[attr-defined]
        return gone
    return _error(404, "There is no such story.")


# A kill has each story asked for here as well, so these are built once.
_public = PreparedQuery(
    lambda stories, sites, now: (
        Story.objects.public(now)
        .filter(pk__in=stories, placements__site__in=sites)
        .values_list("feed_mode")
    ),
    lists=2,
    has_moment=True,
)
_joined_to = PreparedQuery(
    lambda stories: Story.objects.filter(
        pk__in=stories, joined_to__isnull=False
    ).values_list("joined_to")
)


def _numbers(form: SearchForm, frame: Frame, number: int) -> tuple[list[int], bool]:
    """Give a page's stories that may be in feeds, and whether there is a page more."""
    if asks_for_anything(form):
        found = find(form, frame, number)
        has_more = min(found.total, MOST) > number * PAGE_SIZE
        listed = found.stories
        # A contract may keep a story out of everything but its page.
        return [each.pk for each in listed if each.feed_mode != "none"], has_more
    here = newest_on([frame.site.pk], timezone.now()).exclude(feed_mode="none")
    start = (number - 1) * PAGE_SIZE
    keys = list(here.values_list("pk", flat=True)[start : start + PAGE_SIZE + 1])
    return keys[:PAGE_SIZE], len(keys) > PAGE_SIZE and number < LAST_PAGE


def _address(request: HttpRequest, frame: Frame, number: int) -> str:
    page = f"page={number}" if number > 1 else ""
    question = "&".join(filter(None, (question_of(request), page)))
    return absolute(frame.site, request.path + (f"?{question}" if question else ""))


def _error(status: int, words: str, details: Any = None) -> HttpResponse:
    said = {"error": words, **({"details": details} if details else {})}
    return _answer(json.dumps(said).encode(), JSON, status)


def _answer(content: bytes, content_type: str, status: int = 200) -> HttpResponse:
    return _kept_by_nobody(
        HttpResponse(content, content_type=content_type, status=status)
    )


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
