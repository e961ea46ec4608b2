"""Reads RSS 2.0, its older sisters 0.9x, and RSS 1.0 (RDF).

A feed has no status, no version and no embargo: what it lists is usable, and its times
are all that tells an older state of an entry from a newer one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wiredesk.lib.text import one_line
from wiredesk.wire.formats.advisories import reads_as_advisory
from wiredesk.wire.formats.bodies import (
    Body,
    from_html,
    from_tree,
    says_something,
    web_address,
    without_headline,
)
from wiredesk.wire.formats.bylines import split_byline
from wiredesk.wire.formats.drops import Drops
from wiredesk.wire.formats.feed_common import (
    MOST_ENTRIES,
    RDF,
    Element,
    digest_id,
    few,
    language_of,
    read_each,
    sound_id,
    subject_of,
)
from wiredesk.wire.formats.feed_media import (
    enclosed_picture,
    media_pictures,
    without_repeats,
)
from wiredesk.wire.formats.xml import Document, child, local, parse, text_of
from wiredesk.wire.items import Kind, Link, Status, Subject, UnreadableError, WireItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml import etree

    from wiredesk.wire.items import Picture

_FULL = (
    "content:encoded",
    "xhtml:body",
    "xhtml:div",
    "body",
    "atom:content",
    "fullitem",
)
_SHORT = ("description", "dc:description", "itunes:summary", "atom:summary", "summary")
_WORDLESS = ("comments:commentRss", "comments:comment", "slash:comments", "comments")
MOST_SUBJECTS = 500
LONGEST_AUTHOR = 500

_SEPARATORS = re.compile("[,;]")
_EMAIL_WITH_NAME = re.compile(r"\S+@\S+\s*\(([^()]*)\)\s*\Z")
_NAME_WITH_EMAIL = re.compile(r"([^<>]*)<\s*(?:mailto:)?\S+@[^<>]*>\s*\Z")
_EMAIL = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+\Z")


@dataclass(frozen=True, slots=True)
class _Channel:
    """What the channel says for all its entries."""

    title: str | None
    language: str | None
    rights: str | None
    source: str | None
    base: str | None
    license: str | None


def read(raw: bytes) -> list[WireItem]:
    """Read a feed. Pure; nothing but UnreadableError comes out.

    A feed that lists nothing gives an empty list. An entry that can't be read doesn't
    keep the others back: it is named in the first item's ``dropped``. The id of an entry is its ``guid``; without one its link (or
    ``rdf:about``), and without that a digest of its title and date, or of its
    description where it has no title: see ``digest_id``.
    """
    return read_document(parse(raw))


def read_document(document: Document) -> list[WireItem]:
    """Read a feed that is parsed already, as ``read`` does."""
    root = document.root
    if local(root).lower() not in ("rss", "rdf"):
        raise UnreadableError(
            f"this is no RSS: its first element is <{local(root)[:60]}>; "
            "check the address of the feed"
        )
    above = child(root, "channel")
    if above is None and child(root, "item") is None:
        raise UnreadableError(
            "this is no RSS: it has neither a channel nor an item; "
            "check the address of the feed"
        )
    entries = list(_entries(root, above))
    if len(entries) > MOST_ENTRIES:
        raise UnreadableError(
            f"more than {MOST_ENTRIES} entries in one feed; ask for a shorter one"
        )
    channel = _channel(root if above is None else above, root)

    def read_one(element: etree._Element, drops: Drops) -> WireItem:
        return _item(Element(element, drops), channel)

    return read_each(entries, document.dropped, read_one)


def _entries(
    root: etree._Element, above: etree._Element | None
) -> Iterator[etree._Element]:
    for parent in (above, root):
        for entry in parent if parent is not None else ():
            if local(entry) == "item":
                yield entry


def _channel(above: etree._Element, root: etree._Element) -> _Channel:
    channel = Element(above, Drops())
    link = channel.text("link") or channel.element.get(f"{RDF}about")
    return _Channel(
        title=channel.line("title", "dc:title"),
        language=channel.text("language", "dc:language") or language_of(above),
        rights=channel.line("copyright", "dc:rights", "media:copyright", "rights"),
        source=channel.line("dc:publisher", "title", "dc:title"),
        base=web_address(above.base or root.base) or web_address(link),
        license=channel.text("cc:license", "media:license"),
    )


def _item(entry: Element, channel: _Channel) -> WireItem:
    element = entry.element
    base = web_address(element.base, channel.base) or channel.base
    headline = entry.line("title", "dc:title", "media:title")
    link = _link(entry, base)
    published = entry.moment("pubdate", "dc:date", "dcterms:issued", "atom:published")
    guid = _guid(entry, headline, link, published)
    body = without_headline(_body(entry, base), headline)
    keywords, subjects, topics = _categories(entry)
    updated = entry.moment("atom:updated", "dcterms:modified", "atom:modified")
    to_editors = reads_as_advisory(headline, None, body.text)
    item = WireItem(
        format="rss",
        kind=Kind.ADVISORY if to_editors else Kind.STORY,
        guid=guid,
        status=Status.USABLE,
        publishable=not to_editors and says_something(headline, body, entry.drops),
        version_created=updated or published,
        first_created=published,
        language=entry.text("dc:language", "language")
        or language_of(element)
        or channel.language,
        headline=headline,
        bylines=_bylines(entry),
        body_html=body.html,
        body_text=body.text,
        keywords=keywords,
        subjects=subjects,
        media_topics=topics,
        source=entry.line("source", "dc:source", "dc:publisher") or channel.source,
        copyright_notice=entry.line(
            "dc:rights", "copyright", "media:copyright", "rights"
        )
        or channel.rights,
        usage_terms=_license(entry) or channel.license,
        links=_links(entry, link),
        pictures=_pictures(entry, body, base, headline),
    )
    entry.all(*_WORDLESS)
    entry.rest()
    return item


def _guid(
    entry: Element, headline: str | None, link: str | None, published: datetime | None
) -> str:
    written = entry.first("guid")
    given = None if written is None else "".join(written.itertext())
    guid = (
        sound_id(given)
        or sound_id(link)
        or sound_id(entry.element.get(f"{RDF}about"))
        or sound_id(entry.text("atom:id", "dc:identifier"))
    )
    if guid is None and headline:
        guid = digest_id(headline, published.isoformat() if published else None)
    guid = guid or digest_id(entry.text(*_FULL, *_SHORT))
    if guid is None:
        raise UnreadableError(
            "an entry has neither guid, link, title nor text; ask the sender"
        )
    return guid


def _link(entry: Element, base: str | None) -> str | None:
    """Give the address of the entry's own page."""
    for part in entry.all("link"):
        written = text_of(part) or part.get("href")
        if written:
            return web_address(written, base) or written
    for part in entry.all("guid"):
        if (part.get("isPermaLink") or "true").strip().lower() != "false":
            return web_address(text_of(part))
    return None


def _links(entry: Element, link: str | None) -> tuple[Link, ...]:
    links = [Link("alternate", link)] if link else []
    for part in entry.all("source"):
        if address := web_address(part.get("url")):
            links.append(Link("source", address))
    for part in entry.all("atom:link"):
        relation = (part.get("rel") or "alternate").strip()
        address = web_address(part.get("href"))
        if address and relation in ("alternate", "related", "via", "canonical"):
            links.append(Link(relation, address))
        else:
            entry.drops.add("atom:link", f"not carried over: rel {relation}")
    return tuple(dict.fromkeys(links))


def _body(entry: Element, base: str | None) -> Body:
    """Give the whole text where the feed has it, else the description."""
    chosen: Body | None = None
    for name in (*_FULL, *_SHORT):
        for part in entry.all(name):
            if not len(part) and not (part.text or "").strip():
                continue
            if chosen is None:
                chosen = _body_of(part, base)
                for reason in chosen.dropped:
                    entry.drops.add(name, reason)
            else:
                entry.drops.add(name, "another form of the text, shorter or the same")
    return chosen or Body()


def _body_of(part: etree._Element, base: str | None) -> Body:
    own = web_address(part.base, base) or base
    return from_tree(part, own) if len(part) else from_html(part.text or "", own)


def _bylines(entry: Element) -> tuple[str, ...]:
    names: list[str] = []
    for name in ("dc:creator", "atom:author", "author", "itunes:author", "dc:author"):
        parts = entry.all(name)
        if names:
            break
        for part in parts:
            named = child(part, "name")
            names.extend(_names(text_of(part if named is None else named), entry, name))
    return few(names)


def _names(written: str, entry: Element, path: str) -> tuple[str, ...]:
    """Give the names in one element; RSS has an e-mail address there, name behind."""
    if len(written) > LONGEST_AUTHOR:
        entry.drops.add(path, f"longer than {LONGEST_AUTHOR} characters: no byline")
        return ()
    found = _EMAIL_WITH_NAME.match(written) or _NAME_WITH_EMAIL.match(written)
    if found:
        written = found[1]
    elif _EMAIL.match(written):
        entry.drops.add(path, "an e-mail address, which is no byline")
        return ()
    return split_byline(written)


def _categories(
    entry: Element,
) -> tuple[tuple[str, ...], tuple[Subject, ...], tuple[str, ...]]:
    """Give keywords, subjects (categories with a domain) and Media Topics."""
    keywords: list[str | None] = []
    subjects: list[Subject] = []
    topics: list[str | None] = []
    for part in entry.all("category", "dc:subject", "media:category"):
        words = text_of(part)
        scheme = (part.get("domain") or part.get("scheme") or "").strip() or None
        subject, topic = subject_of(words, scheme, None)
        if topic:
            subjects.append(subject)
            topics.append(topic)
        elif scheme and words:
            subjects.append(Subject(None, scheme, words))
        else:
            keywords.append(words)
    for part in entry.all("media:keywords", "itunes:keywords", "keywords"):
        keywords.extend(one_line(word) for word in _SEPARATORS.split(text_of(part)))
    return few(keywords), tuple(dict.fromkeys(subjects))[:MOST_SUBJECTS], few(topics)


def _license(entry: Element) -> str | None:
    if words := entry.text("cc:license", "media:license", "dcterms:license"):
        return words
    for part in entry.all("cc:license", "media:license"):
        if address := web_address(part.get(f"{RDF}resource") or part.get("href")):
            return address
    return None


def _pictures(
    entry: Element, body: Body, base: str | None, headline: str | None
) -> tuple[Picture, ...]:
    pictures = media_pictures(entry, base)
    for part in entry.all("enclosure"):
        mime = part.get("type")
        if picture := enclosed_picture(part.get("url"), mime, base, entry.drops):
            pictures.append(picture)
    return without_repeats(
        # A title that only repeats the headline describes no picture.
        replace(picture, alt=None) if picture.alt == headline else picture
        for picture in (*pictures, *body.pictures)
    )
