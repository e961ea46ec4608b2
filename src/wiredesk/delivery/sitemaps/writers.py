"""Sitemaps as bytes, in the words of sitemaps.org and of news sitemaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from lxml import etree
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.sitemaps.contents import NewsPlace, Place
from wiredesk.lib.text import printable

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def index(site: Site, files: Iterable[Place]) -> bytes:
    """Give the index of a site's sitemaps."""
    return _listing("sitemapindex", "sitemap", site, files)


def sitemap(site: Site, places: Iterable[Place]) -> bytes:
    """Give a sitemap of pages."""
    return _listing("urlset", "url", site, places)


def news_sitemap(
    site: Site, places: Iterable[NewsPlace], *, name: str, language: str
) -> bytes:
    """Give a news sitemap; ``name`` and ``language`` are the publication's own."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": NEWS})
    for place in places:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _add(url, f"{{{SITEMAP}}}loc", absolute(site, place.path))
        told = etree.SubElement(url, f"{{{NEWS}}}news")
        publication = etree.SubElement(told, f"{{{NEWS}}}publication")
        _add(publication, f"{{{NEWS}}}name", name)
        _add(publication, f"{{{NEWS}}}language", language)
        _add(told, f"{{{NEWS}}}publication_date", _when(place.published))
        _add(told, f"{{{NEWS}}}title", place.title)
    return _bytes(root)


def _listing(outer: str, inner: str, site: Site, places: Iterable[Place]) -> bytes:
    root = etree.Element(f"{{{SITEMAP}}}{outer}", nsmap={None: SITEMAP})
    for place in places:
        node = etree.SubElement(root, f"{{{SITEMAP}}}{inner}")
        _add(node, f"{{{SITEMAP}}}loc", absolute(site, place.path))
        if place.changed:
            _add(node, f"{{{SITEMAP}}}lastmod", _when(place.changed))
    return _bytes(root)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = printable(text)


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
