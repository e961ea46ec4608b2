"""What RSS and Atom share: elements by name, times, and the id of last resort."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from wiredesk.lib.html import clean_tree, plain, to_text
from wiredesk.lib.text import one_line, printable
from wiredesk.wire.formats.dates import read_time
from wiredesk.wire.formats.drops import Drops
from wiredesk.wire.formats.media_topics import media_topic, split_code
from wiredesk.wire.formats.xml import local, text_of
from wiredesk.wire.items import Subject, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from lxml import etree

    from wiredesk.wire.items import Dropped, WireItem

MOST_ENTRIES = 10_000
MOST_WORDS = 200
LONGEST_ID = 2000

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

# Namespaces are compared without scheme, case and closing slash: feeds vary them.
_FAMILIES = {
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "search.yahoo.com/mrss": "media",
    "video.search.yahoo.com/mrss": "media",
    "tools.search.yahoo.com/mrss": "media",
    "api.maps.yahoo.com/maps/2.0": "maps",
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns#": "atom",
    "purl.org/atompub/tombstones/1.0": "at",
    "www.w3.org/2007/app": "app",
    "purl.org/atom/app#": "app",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "backend.userland.com/creativecommonsrssmodule": "cc",
    "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "cc",
    "creativecommons.org/ns#": "cc",
    "web.resource.org/cc": "cc",
    "purl.org/rss/1.0/modules/syndication": "syndication",
    "purl.org/rss/1.0/modules/slash": "slash",
    "wellformedweb.org/commentapi": "comments",
    "www.georss.org/georss": "georss",
    "www.w3.org/2003/01/geo/wgs84_pos#": "geo",
}
_CORE = frozenset(
    {
        "",
        "purl.org/rss/1.0",
        "my.netscape.com/rdf/simple/0.9",
        "my.netscape.com/publish/formats/rss-0.91.dtd",
        "backend.userland.com/rss",
        "backend.userland.com/rss2",
        "backend.userland.com/rss091",
        "backend.userland.com/rss092",
        "blogs.law.harvard.edu/tech/rss",
        "cyber.law.harvard.edu/rss/rss.html",
        "channel.netscape.com/rdf/simple/0.9",
    }
)
_SCHEME = re.compile(r"\Ahttps?://", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z][a-zA-Z0-9]*|#\d+|#x[0-9a-fA-F]+);")


class Element:
    """An XML element whose children are asked for by name, and who names the rest.

    Names are ``title`` for the format's own elements and ``media:content`` for those
    of a known namespace, whatever prefix the file gives it.
    """

    def __init__(self, element: etree._Element, drops: Drops, core: str = "") -> None:
        self.element = element
        self.drops = drops
        self._parts: dict[str, list[etree._Element]] = {}
        self._asked: set[str] = set()
        for part in element:
            if name := name_of(part, core):
                self._parts.setdefault(name, []).append(part)

    def all(self, *names: str) -> list[etree._Element]:
        """Give every child with one of the names, in the order of the names."""
        self._asked.update(names)
        return [part for name in names for part in self._parts.get(name, ())]

    def first(self, *names: str) -> etree._Element | None:
        """Give the first child with one of the names; a further one is dropped."""
        found = self.all(*names)
        if len(found) > 1 and found[0].tag == found[1].tag:
            self.drops.add(names[0], "given more than once: the first counts")
        return found[0] if found else None

    def text(self, *names: str) -> str | None:
        """Give the words of the first of the names that has any, as one line."""
        for part in self.all(*names):
            if words := one_line(text_of(part)):
                return words
        return None

    def line(self, *names: str) -> str | None:
        """Give the words as ``text`` does; where they are HTML, only its text."""
        for part in self.all(*names):
            if words := as_line(part):
                return words
        return None

    def moment(self, *names: str) -> datetime | None:
        """Give the first readable time; what isn't quite one is named in ``dropped``."""
        for name in names:
            for part in self.all(name):
                value, reason = read_time(text_of(part))
                if reason:
                    self.drops.add(name, reason)
                if value:
                    return value
        return None

    def rest(self) -> None:
        """Name every child nobody asked for."""
        for name in self._parts:
            if name not in self._asked:
                self.drops.add(name, "not carried over")


def read_each(
    entries: list[etree._Element],
    notes: Iterable[Dropped],
    read_one: Callable[[etree._Element, Drops], WireItem],
) -> list[WireItem]:
    """Read entry after entry; one that can't be read doesn't keep the others back.

    It is named in the first item's ``dropped``. ``notes`` are what the whole file
    suffered from, said with each item. Raises UnreadableError if there are entries and
    none of them can be read.
    """
    items: list[WireItem] = []
    unread = Drops()
    refused: UnreadableError | None = None
    for place, element in enumerate(entries, 1):
        drops = Drops()
        for note in notes:
            drops.add(note.path, note.reason)
        try:
            item = read_one(element, drops)
        except UnreadableError as error:
            refused = refused or error
            unread.add(f"{local(element)}[{place}]", f"not read: {error}")
            continue
        items.append(replace(item, dropped=drops.entries()))
    if refused and not items:
        raise refused
    if refused:
        items[0] = replace(items[0], dropped=(*items[0].dropped, *unread.entries()))
    return items


def name_of(element: etree._Element, core: str = "") -> str:
    """Give the element's name for ``Element``; "" for what is no element.

    ``core`` is the family that counts as the format's own.
    """
    bare = local(element)
    if not bare:
        return ""
    tag = element.tag
    space = tag[1:].partition("}")[0] if isinstance(tag, str) and tag[0] == "{" else ""
    folded = _SCHEME.sub("", space).lower().rstrip("/")
    if not folded and core == "atom":
        return bare  # a feed that forgot its namespace
    if folded in _CORE:
        return bare.lower() if not core else f"rss:{bare}"
    family = _FAMILIES.get(folded)
    if family is None:
        return f"{folded[:60]}:{bare}"
    return bare if family == core else f"{family}:{bare}"


def as_line(element: etree._Element) -> str | None:
    """Give an element's words as one line; escaped or real HTML loses its tags."""
    if len(element):
        return one_line(to_text(clean_tree(element)))
    words = element.text or ""
    return (plain(words) or None) if _MARKUP.search(words) else one_line(words)


def language_of(*elements: etree._Element) -> str | None:
    """Give the ``xml:lang`` nearest to the first of the elements that has one."""
    for element in elements:
        for around in (element, *element.iterancestors()):
            if language := one_line(around.get(LANGUAGE)):
                return language
    return None


def sound_id(written: str | None) -> str | None:
    """Give an id as written, without the white space around it.

    Raises UnreadableError for one that can't be stored: shortened or mended it could
    be another item's.
    """
    bare = (written or "").strip()
    if not bare:
        return None
    if len(bare) > LONGEST_ID or printable(bare) != bare:
        raise UnreadableError(
            f"an entry's id is longer than {LONGEST_ID} characters or holds control "
            "characters; ask the sender for a sound one"
        )
    return bare


def digest_id(*words: str | None) -> str | None:
    """Give the id of an entry that has none: a digest of what makes it that entry.

    ``urn:sha256:`` and 64 hexadecimal digits over the words, NUL between them. The
    same words give the same id for ever, so an entry sent twice is one story. ``None``
    if there are no words.
    """
    if not any(words):
        return None
    plain_words = "\x00".join(word or "" for word in words)
    return f"urn:sha256:{hashlib.sha256(plain_words.encode()).hexdigest()}"


def subject_of(
    code: str | None, scheme: str | None, name: str | None
) -> tuple[Subject, str | None]:
    """Give a category as a subject, and its Media Topic where IPTC's code is in it."""
    bare, known = split_code(code, scheme)
    return Subject(bare, known, name), media_topic(bare, known)


def few(words: Iterable[str | None], most: int = MOST_WORDS) -> tuple[str, ...]:
    """Give the words once each, without the empty ones."""
    return tuple(dict.fromkeys(word for word in words if word))[:most]
