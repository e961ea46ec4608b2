"""Sitemaps as bytes, in the words of sitemaps.org and of news sitemaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from wiredesk.delivery.sitemaps.contents import Place
from wiredesk.lib.elements import around, document, element

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def index(root: str, files: Iterable[Place]) -> bytes:
    """Give the index of a site's sitemaps; ``root`` is the site's address."""
    lines = (_line("sitemap", root, each) for each in files)
    return document("sitemapindex", lines, xmlns=SITEMAP)


def sitemap(lines: Iterable[bytes]) -> bytes:
    """Give a sitemap of what has these lines."""
    return document("urlset", lines, xmlns=SITEMAP)


def news_sitemap(lines: Iterable[bytes]) -> bytes:
    """Give a news sitemap of what has these lines."""
    return document("urlset", lines, **{"xmlns": SITEMAP, "xmlns:news": NEWS})


def line(root: str, place: Place) -> bytes:
    """Give a page's line in a sitemap."""
    return _line("url", root, place)


def news_line(address: str, title: str, published: datetime, publication: str) -> bytes:
    """Give a story's line in a news sitemap, with what ``publication`` gave of whose."""
    news = [
        publication,
        element("news:publication_date", _when(published)),
        element("news:title", title),
    ]
    return around("url", [element("loc", address), around("news:news", news)]).encode()


def publication(name: str, language: str) -> str:
    """Give the element that says in which publication a story is."""
    about = [element("news:name", name), element("news:language", language)]
    return around("news:publication", about)


def _line(name: str, root: str, place: Place) -> bytes:
    inside = [element("loc", f"{root}{place.path}")]
    if place.changed:
        inside.append(element("lastmod", _when(place.changed)))
    return around(name, inside).encode()


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
