"""The addresses of feeds."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.answers import revalidated
from wiredesk.delivery.feeds import writers
from wiredesk.delivery.feeds.channel import (
    Channel,
    author_channel,
    corrections_channel,
    section_channel,
    site_channel,
    topic_channel,
)
from wiredesk.delivery.sites import site_of
from wiredesk.stories.models import Author, SectionPage
from wiredesk.topics.models import Topic

Writer = Callable[[Channel, str], bytes]
KINDS: dict[str, tuple[Writer, str]] = {
    "rss": (writers.rss, "application/rss+xml; charset=utf-8"),
    "atom": (writers.atom, "application/atom+xml; charset=utf-8"),
    "json": (writers.json_feed, "application/feed+json"),
}


@require_safe
def site_feed(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the feed of the whole site."""
    site = site_of(request)
    channel = site_channel(site, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def section_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Give the feed of a section of the site."""
    site = site_of(request)
    here = SectionPage.objects.live().child_of(site.root_page)
    section = get_object_or_404(here, slug=slug)
    channel = section_channel(site, section, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def topic_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Give the feed of a topic that has a page."""
    site = site_of(request)
    topic = get_object_or_404(Topic, slug=slug, public=True)
    channel = topic_channel(site, topic, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def author_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Give the feed of an author."""
    site = site_of(request)
    author = get_object_or_404(Author, slug=slug)
    channel = author_channel(site, author, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def corrections_feed(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the feed of what was corrected."""
    site = site_of(request)
    return _answer(request, site, kind, corrections_channel(site, timezone.now()))


def _answer(
    request: HttpRequest, site: Site, kind: str, channel: Channel
) -> HttpResponseBase:
    write, content_type = KINDS[kind]
    content = write(channel, absolute(site, request.path))
    return revalidated(request, content, content_type)
