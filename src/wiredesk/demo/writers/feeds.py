"""RSS 2.0 and Atom: a channel of several stories, or of the one that is new."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from lxml import etree

from wiredesk.demo.markup import plain, xhtml
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.topics import NAMES
from wiredesk.demo.writers.body import led_by_dateline
from wiredesk.demo.writers.xml import XML_LANG, add, embed, iso, serialise

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.demo.agencies import Agency
    from wiredesk.demo.story import Dispatch

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
TOPIC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"


def rss(dispatches: list[Dispatch], agency: Agency, built: datetime) -> bytes:
    """Write an RSS 2.0 channel with full texts in ``content:encoded``."""
    root = etree.Element(
        "rss",
        nsmap={"content": CONTENT, "dc": DUBLIN_CORE, "media": MEDIA, "atom": ATOM},
    )
    root.set("version", "2.0")
    channel = add(root, "channel")
    add(channel, "title", f"{agency.name}: regional service")
    add(channel, "link", f"https://{agency.domain}/regional/")
    add(channel, "description", f"Full texts for subscribers of {agency.name}")
    add(channel, "language", dispatches[0].copy.language)
    add(channel, "copyright", agency.copyright_notice(dispatches[0]))
    add(channel, "lastBuildDate", format_datetime(built))
    for dispatch in dispatches:
        _rss_item(channel, dispatch, agency)
    return serialise(root)


def _rss_item(channel: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    copy = dispatch.copy
    item = add(channel, "item")
    add(item, "title", dispatch.headline)
    add(item, "link", f"https://{agency.domain}/regional/{copy.slug}")
    add(item, "guid", dispatch.guid, isPermaLink="false")
    add(item, "pubDate", format_datetime(dispatch.version_created))
    add(item, "description", plain(dispatch.blocks[:1]))
    if copy.byline:
        etree.SubElement(item, f"{{{DUBLIN_CORE}}}creator").text = copy.byline
    for code in copy.topics:
        add(item, "category", code, domain=TOPIC_SCHEME)
    for keyword in copy.keywords:
        add(item, "category", keyword)
    encoded = etree.SubElement(item, f"{{{CONTENT}}}encoded")
    encoded.text = etree.CDATA(xhtml(led_by_dateline(dispatch, agency)))
    if copy.picture:
        _media(item, copy.picture)


def _media(item: etree._Element, picture: str) -> None:
    caption = CAPTIONS[picture]
    content = etree.SubElement(item, f"{{{MEDIA}}}content", url=caption.href)
    content.set("type", "image/jpeg")
    content.set("medium", "image")
    content.set("width", "1600")
    content.set("height", "1067")
    add(content, "description", caption.caption)
    add(content, "title", caption.alt)
    add(content, "credit", caption.credit)


def atom(dispatches: list[Dispatch], agency: Agency, updated: datetime) -> bytes:
    """Write an Atom feed (RFC 4287) with XHTML content."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "media": MEDIA})
    add(root, "id", f"https://{agency.domain}/features/")
    add(root, "title", f"{agency.name}: features")
    add(root, "updated", iso(updated))
    add(root, "rights", agency.copyright_notice(dispatches[0]))
    add(root, "link", rel="self", href=f"https://{agency.domain}/features/atom.xml")
    for dispatch in dispatches:
        _entry(root, dispatch, agency)
    return serialise(root)


def _entry(root: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    copy = dispatch.copy
    entry = add(root, "entry")
    entry.set(XML_LANG, copy.language)
    add(entry, "id", dispatch.guid)
    add(entry, "title", dispatch.headline)
    add(entry, "published", iso(dispatch.first_created))
    add(entry, "updated", iso(dispatch.version_created))
    add(add(entry, "author"), "name", copy.byline or agency.name)
    for code in copy.topics:
        category = add(entry, "category", term=code, label=NAMES[code])
        category.set("scheme", TOPIC_SCHEME)
    add(entry, "rights", agency.copyright_notice(dispatch))
    add(entry, "summary", plain(dispatch.blocks[:1]))
    content = add(entry, "content", type="xhtml")
    division = etree.SubElement(content, f"{{{XHTML}}}div", nsmap={None: XHTML})
    embed(division, xhtml(led_by_dateline(dispatch, agency)), XHTML)
    if copy.picture:
        _media(entry, copy.picture)
