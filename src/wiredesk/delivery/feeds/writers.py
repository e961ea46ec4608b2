"""Feeds as bytes: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from wiredesk.delivery.feeds.channel import Channel
from wiredesk.delivery.feeds.entries import Entry, EntryAuthor, Media
from wiredesk.lib.elements import around, document, element

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
_RSS_NAMES = {
    "xmlns:atom": ATOM,
    "xmlns:content": CONTENT,
    "xmlns:dc": DUBLIN_CORE,
    "xmlns:media": MEDIA,
}
# What an empty Atom feed says, which must say something.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def rss(channel: Channel, own_address: str) -> bytes:
    """Give the feed as RSS 2.0, with full text, names and media in their namespaces."""
    head = [
        element("title", channel.title),
        element("link", channel.home),
        element("description", channel.description),
        element("language", channel.language),
    ]
    if channel.updated:
        head.append(element("lastBuildDate", _rfc822(channel.updated)))
    own = {"href": own_address, "rel": "self", "type": "application/rss+xml"}
    head.append(element("atom:link", **own))
    items = (entry.written("rss", _rss_item) for entry in channel.entries)
    inside = (b"<channel>", _lines(head), *items, b"</channel>")
    return document("rss", inside, version="2.0", **_RSS_NAMES)


def _rss_item(entry: Entry) -> bytes:
    parts = [
        element("title", entry.title),
        element("link", entry.address),
        element("guid", entry.tag, isPermaLink="false"),
        element("pubDate", _rfc822(entry.published)),
        element("atom:updated", _iso(entry.updated)),
        *(element("dc:creator", author.name) for author in entry.authors),
        *(element("category", topic) for topic in entry.topics),
    ]
    if entry.summary:
        parts.append(element("description", entry.summary))
    if entry.content:
        parts.append(element("content:encoded", entry.content))
    if entry.rights:
        parts.append(element("dc:rights", entry.rights))
    if entry.media:
        parts.append(_media(entry.media))
    return around("item", parts).encode()


def _media(media: Media) -> str:
    inside = []
    if media.credit:
        inside.append(element("media:credit", media.credit))
    if media.caption:
        inside.append(element("media:description", media.caption, type="plain"))
    return around(
        "media:content",
        inside,
        url=media.address,
        type="image/jpeg",
        medium="image",
        width=str(media.width),
        height=str(media.height),
    )


def atom(channel: Channel, own_address: str) -> bytes:
    """Give the feed as Atom. Its id is its own address, without the query."""
    head = [
        element("id", own_address),
        element("title", channel.title),
        element("subtitle", channel.description),
        element("updated", _iso(channel.updated or _NEVER)),
        element("link", rel="self", href=own_address),
        element("link", rel="alternate", href=channel.home),
        around("author", [element("name", channel.title)]),
    ]
    entries = (entry.written("atom", _atom_entry) for entry in channel.entries)
    spaces = {"xmlns": ATOM, "xmlns:media": MEDIA, "xml:lang": channel.language}
    return document("feed", (_lines(head), *entries), **spaces)


def _atom_entry(entry: Entry) -> bytes:
    parts = [
        element("id", entry.tag),
        element("title", entry.title),
        element("link", rel="alternate", href=entry.address),
        element("published", _iso(entry.published)),
        element("updated", _iso(entry.updated)),
    ]
    for author in entry.authors:
        about = [element("name", author.name)]
        if author.address:
            about.append(element("uri", author.address))
        parts.append(around("author", about))
    parts += (element("category", term=topic) for topic in entry.topics)
    if entry.summary:
        parts.append(element("summary", entry.summary))
    if entry.content:
        parts.append(element("content", entry.content, type="html"))
    if entry.rights:
        parts.append(element("rights", entry.rights))
    if entry.media:
        parts.append(_media(entry.media))
    language = {"xml:lang": entry.language} if entry.language else {}
    return around("entry", parts, **language).encode()


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
    }
    # The object's last member is put into it as text: the items are written already.
    head = json.dumps(feed, ensure_ascii=False)[:-1].encode()
    items = b", ".join(entry.written("json", json_item) for entry in channel.entries)
    return b'%b, "items": [%b]}' % (head, items)


def json_item(entry: Entry) -> bytes:
    """Give an item as JSON Feed 1.1 has it."""
    item: dict[str, Any] = {
        "id": entry.tag,
        "url": entry.address,
        "title": entry.title,
        "date_published": _iso(entry.published),
        "date_modified": _iso(entry.updated),
        "authors": [_json_author(author) for author in entry.authors],
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
    return json.dumps(item, ensure_ascii=False).encode()


def _json_author(author: EntryAuthor) -> dict[str, str]:
    address = {"url": author.address} if author.address else {}
    return {"name": author.name, **address}


def _lines(elements: Iterable[str]) -> bytes:
    return "\n".join(elements).encode()


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
