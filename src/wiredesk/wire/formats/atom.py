"""Reads Atom 1.0 (RFC 4287), the drafts before it (0.3), and tombstones (RFC 6721)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wiredesk.lib.html import clean_tree, plain, to_text
from wiredesk.lib.text import one_line
from wiredesk.wire.formats.advisories import reads_as_advisory
from wiredesk.wire.formats.bodies import (
    Body,
    from_html,
    from_plain,
    from_tree,
    says_something,
    web_address,
    without_headline,
)
from wiredesk.wire.formats.bylines import split_byline
from wiredesk.wire.formats.dates import read_time
from wiredesk.wire.formats.drops import Drops
from wiredesk.wire.formats.feed_common import (
    MOST_ENTRIES,
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
from wiredesk.wire.items import (
    Kind,
    Link,
    Note,
    Status,
    Subject,
    UnreadableError,
    WireItem,
)

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from wiredesk.wire.items import Picture

MOST_SUBJECTS = 500
MOST_LINKS = 200

_HTML = ("html", "text/html")
_XHTML = ("xhtml", "application/xhtml+xml")
_PLAIN = ("", "text", "text/plain")
_TIES = ("alternate", "related", "via", "canonical")
_QUIET = ("self", "edit", "edit-media", "license", "next", "previous", "hub", "replies")


@dataclass(frozen=True, slots=True)
class _Above:
    """What the feed says for all its entries."""

    authors: tuple[str, ...]
    rights: str | None
    source: str | None
    license: str | None


def read(raw: bytes) -> list[WireItem]:
    """Read a feed, or a document of one entry. Nothing but UnreadableError comes out.

    A feed that lists nothing gives an empty list. An entry that can't be read doesn't
    keep the others back: it is named in the first item's ``dropped``. The id of an
    entry is its ``id``; without one its link, and without that a digest of its title
    and date. A deleted entry (RFC 6721) is a canceled item with the id it names.
    """
    return read_document(parse(raw))


def read_document(document: Document) -> list[WireItem]:
    """Read a feed that is parsed already, as ``read`` does."""
    root = document.root
    if local(root) not in ("feed", "entry"):
        raise UnreadableError(
            f"this is no Atom: its first element is <{local(root)[:60]}>; "
            "check the address of the feed"
        )
    entries = (
        [root]
        if local(root) == "entry"
        else [part for part in root if local(part) in ("entry", "deleted-entry")]
    )
    if len(entries) > MOST_ENTRIES:
        raise UnreadableError(
            f"more than {MOST_ENTRIES} entries in one feed; ask for a shorter one"
        )
    above = _above(root) if local(root) == "feed" else _Above((), None, None, None)

    def read_one(element: etree._Element, drops: Drops) -> WireItem:
        entry = Element(element, drops, "atom")
        if local(element) == "deleted-entry":
            return _tombstone(entry)
        return _item(entry, above)

    return read_each(entries, document.dropped, read_one)


def _above(root: etree._Element) -> _Above:
    feed = Element(root, Drops(), "atom")
    return _Above(
        authors=_authors(feed),
        rights=feed.line("rights", "copyright", "dc:rights"),
        source=_text(feed, "title"),
        license=_license(feed),
    )


def _item(entry: Element, feed: _Above) -> WireItem:
    element = entry.element
    quoted = entry.first("source")
    above = feed if quoted is None else _from_source(quoted, feed)
    headline = _text(entry, "title", "dc:title", "media:title")
    published = entry.moment("published", "issued", "created", "dc:date")
    updated = entry.moment("updated", "modified", "dcterms:modified")
    links, enclosed = _links(entry)
    body = without_headline(_body(entry), headline)
    keywords, subjects, topics = _categories(entry)
    status = _status(entry)
    to_editors = reads_as_advisory(headline, None, body.text)
    item = WireItem(
        format="atom",
        kind=Kind.ADVISORY if to_editors else Kind.STORY,
        guid=_guid(entry, headline, links),
        status=status,
        publishable=status is Status.USABLE
        and not to_editors
        and says_something(headline, body, entry.drops),
        version_created=updated or published,
        first_created=published,
        language=language_of(element) or entry.text("dc:language"),
        headline=headline,
        bylines=_authors(entry) or above.authors,
        body_html=body.html,
        body_text=body.text,
        keywords=keywords,
        subjects=subjects,
        media_topics=topics,
        source=above.source,
        copyright_notice=_text(
            entry, "rights", "copyright", "dc:rights", "media:copyright"
        )
        or above.rights,
        usage_terms=_license(entry) or above.license,
        links=links,
        pictures=_pictures(entry, enclosed, body, headline),
    )
    entry.rest()
    return item


def _from_source(quoted: etree._Element, feed: _Above) -> _Above:
    """Give what an entry copied from another feed says of that feed."""
    own = _above(quoted)
    return _Above(
        own.authors or feed.authors,
        own.rights or feed.rights,
        own.source or feed.source,
        own.license or feed.license,
    )


def _tombstone(entry: Element) -> WireItem:
    """Read ``at:deleted-entry`` (RFC 6721, 3): the feed takes an entry back."""
    guid = sound_id(entry.element.get("ref"))
    if guid is None:
        raise UnreadableError("a deleted entry names none (no ref); ask the sender")
    comment = entry.text("at:comment")
    when = one_line(entry.element.get("when"))
    item = WireItem(
        format="atom",
        kind=Kind.STORY,
        guid=guid,
        status=Status.CANCELED,
        publishable=False,
        version_created=_moment(entry, when),
        editor_notes=(Note(comment),) if comment else (),
    )
    entry.all("link", "at:by", "source")
    entry.rest()
    return item


def _moment(entry: Element, written: str | None) -> datetime | None:
    value, reason = read_time(written)
    if reason:
        entry.drops.add("when", reason)
    return value


def _guid(entry: Element, headline: str | None, links: tuple[Link, ...]) -> str:
    written = entry.first("id")
    given = None if written is None else "".join(written.itertext())
    page = next((link.guid for link in links if link.rel == "alternate"), None)
    guid = sound_id(given) or sound_id(page)
    if guid is None and headline:
        guid = digest_id(headline, entry.text("published", "issued", "updated"))
    guid = guid or digest_id(entry.text("content", "summary"))
    if guid is None:
        raise UnreadableError(
            "an entry has neither id, link, title nor text; ask the sender"
        )
    return guid


def _status(entry: Element) -> Status:
    """Give WITHHELD for what its author calls a draft (RFC 5023, 13.1.1)."""
    for control in entry.all("app:control"):
        draft = Element(control, entry.drops, "app").text("draft")
        if draft and draft.lower() != "no":
            return Status.WITHHELD
    return Status.USABLE


def _text(entry: Element, *names: str) -> str | None:
    """Give a text construct (RFC 4287, 3.1) as one line."""
    for part in entry.all(*names):
        kind, words = _construct(part)
        if len(part) and kind not in _PLAIN:
            line = one_line(to_text(clean_tree(part)))
        elif kind in _HTML or kind in _XHTML:
            line = plain(words) or None
        elif kind not in _PLAIN:
            entry.drops.add(local(part), f"no text: its type is {kind}")
            continue
        else:
            line = one_line(words)
        if line:
            return line
    return None


def _construct(part: etree._Element) -> tuple[str, str]:
    """Give the kind of a text construct and its words; 0.3 can say base64."""
    kind = (part.get("type") or "").partition(";")[0].strip().lower()
    words = "".join(part.itertext())
    mode = (part.get("mode") or "").strip().lower()
    if mode == "base64":
        try:
            words = base64.b64decode(words, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            words = ""
        kind = kind if kind in (*_HTML, "text/plain") else "html"
    elif mode == "escaped" and not kind:
        kind = "html"
    elif len(part) and kind in ("", "text/html"):
        kind = "xhtml"
    return kind, words


def _body(entry: Element) -> Body:
    """Give the content, or the summary where the content is elsewhere or no text."""
    chosen: Body | None = None
    names = ("content", "summary", "content:encoded", "media:description")
    for part in (part for name in names for part in entry.all(name)):
        name = local(part)
        if part.get("src"):
            entry.drops.add(name, "the text is at another address, which isn't fetched")
            continue
        body = _body_of(part)
        if body is None:
            entry.drops.add(name, f"no text: its type is {part.get('type')}")
        elif not (body.html or body.pictures):
            continue
        elif chosen is None:
            chosen = body
            for reason in body.dropped:
                entry.drops.add(name, reason)
        else:
            entry.drops.add(name, "another form of the text, shorter or the same")
    return chosen or Body()


def _body_of(part: etree._Element) -> Body | None:
    kind, words = _construct(part)
    base = web_address(part.base)
    if local(part) == "encoded":
        kind = "html"
    # Escaped HTML inside a div that was meant for XHTML: the words are the HTML.
    escaped = kind in _HTML and all(
        local(inner) == "div" for inner in part.iterdescendants("*")
    )
    if kind in _XHTML or (kind in _HTML and len(part) and not escaped):
        return from_tree(part, base)
    if kind in _HTML:
        return from_html(words, base)
    return from_plain(words) if kind in _PLAIN else None


def _authors(level: Element) -> tuple[str, ...]:
    names: list[str] = []
    for part in level.all("author", "dc:creator"):
        named = child(part, "name")
        if named is None and len(part):
            level.drops.add("author", "an author without a name")
            continue
        names.extend(split_byline(text_of(part if named is None else named)))
    return few(name for name in names if "@" not in name)


def _categories(
    entry: Element,
) -> tuple[tuple[str, ...], tuple[Subject, ...], tuple[str, ...]]:
    """Give keywords (terms without a scheme), subjects and Media Topics."""
    keywords: list[str | None] = []
    subjects: list[Subject] = []
    topics: list[str | None] = []
    for part in entry.all("category"):
        term = one_line(part.get("term")) or one_line(text_of(part))
        scheme, label = one_line(part.get("scheme")), one_line(part.get("label"))
        subject, topic = subject_of(term, scheme, label)
        if topic or (scheme and term):
            subjects.append(subject)
            topics.append(topic)
        else:
            keywords.append(label or term)
    keywords.extend(one_line(text_of(part)) for part in entry.all("dc:subject"))
    for part in entry.all("media:keywords"):
        keywords.extend(one_line(word) for word in text_of(part).split(","))
    return few(keywords), tuple(dict.fromkeys(subjects))[:MOST_SUBJECTS], few(topics)


def _license(level: Element) -> str | None:
    for part in level.all("link"):
        if part.get("rel") == "license" and (address := web_address(part.get("href"))):
            return address
    return level.text("cc:license", "media:license")


def _links(entry: Element) -> tuple[tuple[Link, ...], list[etree._Element]]:
    """Give the ties to other pages, and apart from them the enclosed files."""
    links: list[Link] = []
    enclosed: list[etree._Element] = []
    for part in entry.all("link"):
        # IANA's names may be written as addresses too (RFC 4287, 4.2.7.2).
        relation = (part.get("rel") or "alternate").strip().rpartition("/")[2].lower()
        address = web_address(part.get("href"), web_address(part.base))
        if relation == "enclosure":
            enclosed.append(part)
        elif relation in _TIES and address:
            links.append(Link(relation, address))
        elif relation not in _QUIET:
            entry.drops.add("link", f"not carried over: rel {relation}")
    return tuple(dict.fromkeys(links))[:MOST_LINKS], enclosed


def _pictures(
    entry: Element, enclosed: list[etree._Element], body: Body, headline: str | None
) -> tuple[Picture, ...]:
    base = web_address(entry.element.base)
    pictures = media_pictures(entry, base)
    for part in enclosed:
        mime = part.get("type")
        picture = enclosed_picture(part.get("href"), mime, base, entry.drops)
        if picture:
            pictures.append(picture)
    return without_repeats(
        # A title that only repeats the headline describes no picture.
        replace(picture, alt=None) if picture.alt == headline else picture
        for picture in (*pictures, *body.pictures)
    )
