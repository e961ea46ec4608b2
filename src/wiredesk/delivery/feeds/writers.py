"""Feeds as bytes: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.feeds.channel import Channel
from wiredesk.delivery.feeds.entries import Entry, Media
from wiredesk.lib.text import printable

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What an empty Atom feed says, which must say something.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def rss(channel: Channel, own_address: str) -> bytes:
    """Give the feed as RSS 2.0, with full text, names and media in their namespaces."""
    spaces = {"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE, "media": MEDIA}
    root = etree.Element("rss", version="2.0", nsmap=spaces)
    top = etree.SubElement(root, "channel")
    _add(top, "title", channel.title)
    _add(top, "link", channel.home)
    _add(top, "description", channel.description)
    _add(top, "language", channel.language)
    if channel.updated:
        _add(top, "lastBuildDate", _rfc822(channel.updated))
    _add(
        top,
        f"{{{ATOM}}}link",
        href=own_address,
        rel="self",
        type="application/rss+xml",
    )
    for entry in channel.entries:
        _rss_item(etree.SubElement(top, "item"), entry)
    return _bytes(root)


def _rss_item(item: etree._Element, entry: Entry) -> None:
    _add(item, "title", entry.title)
    _add(item, "link", entry.address)
    _add(item, "guid", entry.tag, isPermaLink="false")
    _add(item, "pubDate", _rfc822(entry.published))
    _add(item, f"{{{ATOM}}}updated", _iso(entry.updated))
    for author in entry.authors:
        _add(item, f"{{{DUBLIN_CORE}}}creator", author.name)
    for topic in entry.topics:
        _add(item, "category", topic)
    if entry.summary:
        _add(item, "description", entry.summary)
    if entry.content:
        _add(item, f"{{{CONTENT}}}encoded", entry.content)
    if entry.rights:
        _add(item, f"{{{DUBLIN_CORE}}}rights", entry.rights)
    if entry.media:
        _media(item, entry.media)


def _media(item: etree._Element, media: Media) -> None:
    content = _add(
        item,
        f"{{{MEDIA}}}content",
        url=media.address,
        type="image/jpeg",
        medium="image",
        width=str(media.width),
        height=str(media.height),
    )
    if media.credit:
        _add(content, f"{{{MEDIA}}}credit", media.credit)
    if media.caption:
        _add(content, f"{{{MEDIA}}}description", media.caption, type="plain")


def atom(channel: Channel, own_address: str) -> bytes:
    """Give the feed as Atom. Its id is its own address, without the query."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "media": MEDIA})
    root.set(_XML_LANGUAGE, channel.language)
    _add(root, f"{{{ATOM}}}id", own_address)
    _add(root, f"{{{ATOM}}}title", channel.title)
    _add(root, f"{{{ATOM}}}subtitle", channel.description)
    _add(root, f"{{{ATOM}}}updated", _iso(channel.updated or _NEVER))
    _add(root, f"{{{ATOM}}}link", rel="self", href=own_address)
    _add(root, f"{{{ATOM}}}link", rel="alternate", href=channel.home)
    station = _add(root, f"{{{ATOM}}}author")
    _add(station, f"{{{ATOM}}}name", channel.title)
    for entry in channel.entries:
        _atom_entry(_add(root, f"{{{ATOM}}}entry"), entry, channel)
    return _bytes(root)


def _atom_entry(node: etree._Element, entry: Entry, channel: Channel) -> None:
    if entry.language:
        node.set(_XML_LANGUAGE, entry.language)
    _add(node, f"{{{ATOM}}}id", entry.tag)
    _add(node, f"{{{ATOM}}}title", entry.title)
    _add(node, f"{{{ATOM}}}link", rel="alternate", href=entry.address)
    _add(node, f"{{{ATOM}}}published", _iso(entry.published))
    _add(node, f"{{{ATOM}}}updated", _iso(entry.updated))
    for author in entry.authors:
        person = _add(node, f"{{{ATOM}}}author")
        _add(person, f"{{{ATOM}}}name", author.name)
        if author.path:
            _add(person, f"{{{ATOM}}}uri", absolute(channel.site, author.path))
    for topic in entry.topics:
        _add(node, f"{{{ATOM}}}category", term=topic)
    if entry.summary:
        _add(node, f"{{{ATOM}}}summary", entry.summary)
    if entry.content:
        _add(node, f"{{{ATOM}}}content", entry.content, type="html")
    if entry.rights:
        _add(node, f"{{{ATOM}}}rights", entry.rights)
    if entry.media:
        _media(node, entry.media)


def json_feed(channel: Channel, own_address: str, next_address: str = "") -> bytes:
    """Give the feed as JSON Feed 1.1. An item without text gets its headline as text.

    ``next_address`` is that of a feed that goes on with older items.
    """
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": own_address,
        "description": channel.description,
        "language": channel.language,
        **({"next_url": next_address} if next_address else {}),
        "items": [json_item(entry, channel) for entry in channel.entries],
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def json_item(entry: Entry, channel: Channel) -> dict[str, Any]:
    """Give an item as JSON Feed 1.1 has it."""
    item: dict[str, Any] = {
        "id": entry.tag,
        "url": entry.address,
        "title": entry.title,
        "date_published": _iso(entry.published),
        "date_modified": _iso(entry.updated),
        "authors": [
            _json_author(author.name, author.path, channel) for author in entry.authors
        ],
        "tags": list(entry.topics),
        "language": entry.language,
    }
    if entry.content:
        item["content_html"] = entry.content
    else:
        item["content_text"] = entry.summary or entry.title
    if entry.summary:
        item["summary"] = entry.summary
    if entry.media:
        item["image"] = entry.media.address
    return item


def _json_author(name: str, path: str, channel: Channel) -> dict[str, str]:
    author = {"name": name}
    if path:
        author["url"] = absolute(channel.site, path)
    return author


def _add(
    parent: etree._Element, name: str, text: str = "", **attributes: str
) -> etree._Element:
    node = etree.SubElement(
        parent, name, {key: printable(value) for key, value in attributes.items()}
    )
    if text:
        node.text = printable(text)
    return node


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
