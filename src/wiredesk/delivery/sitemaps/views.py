"""The addresses of sitemaps."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wiredesk.delivery.answers import revalidated
from wiredesk.delivery.sitemaps import contents, writers
from wiredesk.delivery.sitemaps.addresses import NEWS, PAGES, news_path, stories_path
from wiredesk.delivery.sitemaps.known import lines_of, news_lines_of
from wiredesk.delivery.sites import site_of

XML = "application/xml; charset=utf-8"


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Name every sitemap of the site, with the time of its stories' last change."""
    site, now = site_of(request), timezone.now()
    found = contents.parts(site, now)
    changed = contents.changes(found)
    files = [contents.Place(PAGES)]
    files.append(contents.Place(NEWS))
    files += [
        contents.Place(news_path(part))
        for part in reversed(contents.news_parts(site, now))
    ]
    files += [
        contents.Place(stories_path(part), changed.get(part))
        for part in reversed(found)
    ]
    return revalidated(request, writers.index(site.root_url, files), XML)


@require_safe
def pages(request: HttpRequest) -> HttpResponseBase:
    """Name the front, the lists and the standing pages."""
    site = site_of(request)
    found = contents.pages(site, timezone.now())
    lines = [writers.line(site.root_url, place) for place in found]
    return revalidated(request, writers.sitemap(lines), XML)


@require_safe
def stories(request: HttpRequest, part: str) -> HttpResponseBase:
    """Name the public stories of so many numbers; 404 where there are none."""
    site = site_of(request)
    found = contents.stories_in(site, int(part), timezone.now())
    if not found:
        raise Http404
    return revalidated(request, writers.sitemap(lines_of(found, site)), XML)


@require_safe
def news(request: HttpRequest) -> HttpResponseBase:
    """Name the newest stories of the last two days, a thousand at most; maybe none."""
    site = site_of(request)
    return _news(request, site, contents.news(site, timezone.now()))


@require_safe
def news_part(request: HttpRequest, part: str) -> HttpResponseBase:
    """Name those of so many story numbers; 404 where there are none."""
    site = site_of(request)
    found = contents.news_in(site, int(part), timezone.now())
    if not found:
        raise Http404
    return _news(request, site, found)


def _news(request: HttpRequest, site: Site, found: list[int]) -> HttpResponseBase:
    lines = news_lines_of(found, site)
    return revalidated(request, writers.news_sitemap(lines), XML)
