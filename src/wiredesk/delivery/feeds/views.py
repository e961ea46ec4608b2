"""The addresses of feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
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
from wiredesk.lib.prepared import PreparedObjects
from wiredesk.stories.models import Author, SectionPage
from wiredesk.topics.models import Topic

_Found = TypeVar("_Found", SectionPage, Topic, Author)
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
    found = (page for page in _sections([slug]) if page.is_child_of(site.root_page))
    section = _first(found)
    channel = section_channel(site, section, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def topic_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Give the feed of a topic that has a page."""
    site = site_of(request)
    topic = _first(_topics([slug]))
    channel = topic_channel(site, topic, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def author_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Give the feed of an author."""
    site = site_of(request)
    author = _first(_authors([slug]))
    channel = author_channel(site, author, timezone.now())
    return _answer(request, site, kind, channel)


@require_safe
def corrections_feed(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the feed of what was corrected."""
    site = site_of(request)
    return _answer(request, site, kind, corrections_channel(site, timezone.now()))


_sections = PreparedObjects(
    lambda slugs: SectionPage.objects.live().filter(slug__in=slugs)
)
_topics = PreparedObjects(
    lambda slugs: Topic.objects.filter(slug__in=slugs, public=True)
)
_authors = PreparedObjects(lambda slugs: Author.objects.filter(slug__in=slugs))


def _first(found: Iterable[_Found]) -> _Found:
    for each in found:
        return each
    raise Http404


def _answer(
    request: HttpRequest, site: Site, kind: str, channel: Channel
) -> HttpResponseBase:
    write, content_type = KINDS[kind]
    content = write(channel, absolute(site, request.path))
    return revalidated(request, content, content_type)
