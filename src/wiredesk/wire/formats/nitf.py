"""Reads NITF 3.x, with or without namespace and DOCTYPE: one document, one item.

NITF lets one document speak for another (``docdata/@management-doc-idref``): that comes
out as a link whose ``rel`` says what becomes of the other, see ``_ORDERS``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from wiredesk.lib.text import one_line
from wiredesk.wire.formats.advisories import names_advisory, reads_as_advisory
from wiredesk.wire.formats.bodies import says_something
from wiredesk.wire.formats.dates import read_time
from wiredesk.wire.formats.drops import Drops
from wiredesk.wire.formats.media_topics import SUBJECT_CODE, media_topic
from wiredesk.wire.formats.nitf_body import read_body, read_bylines, text_of_words
from wiredesk.wire.formats.xml import child, children, local, parse, text_of
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
    from collections.abc import Iterator
    from datetime import datetime

    from lxml import etree

    from wiredesk.wire.formats.xml import Document

XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_STATUSES = {
    "usable": Status.USABLE,
    "embargoed": Status.EMBARGOED,
    "withheld": Status.WITHHELD,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
}
# @management-idref-status: what becomes of the document in @management-doc-idref.
_ORDERS = {
    "canceled": "kills",
    "cancelled": "kills",
    "withheld": "withholds",
    "embargoed": "embargoes",
    "usable": "releases",
}
_WHOLE = re.compile(r"[0-9]{1,1000}\Z")
_MOST = 500

_UNDERSTOOD = {
    "head": frozenset({"title", "docdata", "tobject", "meta"}),
    "docdata": frozenset(
        {
            "doc-id",
            "du-key",
            "date.issue",
            "date.release",
            "date.expire",
            "ed-msg",
            "correction",
            "urgency",
            "key-list",
            "doc.copyright",
            "doc.rights",
            "identified-content",
        }
    ),
    "body.head": frozenset(
        {
            "hedline",
            "headline",
            "byline",
            "dateline",
            "distributor",
            "rights",
            "slugline",
            "note",
        }
    ),
}
_SLUG_NAMES = frozenset({"slug", "slugline", "anpa-keyword"})
# AP's number of the transmission; a kill on paper names a story by it.
_TRANSMISSION_NAMES = frozenset({"ap-transref", "transref", "transmission-reference"})


def read(raw: bytes) -> list[WireItem]:
    """Read one NITF document. Raises ``UnreadableError``, and nothing else."""
    return read_document(parse(raw), raw)


def read_document(document: Document, raw: bytes) -> list[WireItem]:
    """Read a document already parsed; ``raw`` names it where it has no id."""
    root = document.root
    if local(root) != "nitf":
        raise UnreadableError(
            f"this is no NITF: its first element is {local(root)[:60]}, not nitf"
        )
    drops = Drops()
    for entry in document.dropped:
        drops.add(entry.path, entry.reason)
    return [_Reader(root, drops).item(raw)]


def whole_or_word(written: str | None) -> int | str | None:
    """Give a version: a whole number of any size, else the word as written."""
    word = (written or "").strip()
    if not word:
        return None
    return int(word) if _WHOLE.match(word) else word[:200]


class _Leave(NamedTuple):
    status: Status
    until: datetime | None


class _Reader:
    """Reads one document; keeps its parts so that each field is a short function."""

    def __init__(self, root: etree._Element, drops: Drops) -> None:
        self.root = root
        self.drops = drops
        self.head = child(root, "head")
        self.data = child(self.head, "docdata")
        self.body = child(root, "body")
        self.top = child(self.body, "body.head")

    def item(self, raw: bytes) -> WireItem:
        body = read_body(self.body)
        for reason in body.dropped:
            self.drops.add("body/body.content", reason)
        leave = self._leave()
        headline, subheadline = self._headlines()
        slugline = self._slugline()
        genre = self._genre()
        subjects = self._subjects()
        kind = Kind.STORY
        # What takes a story down stays a story, whatever it says.
        if leave.status not in (Status.CANCELED, Status.WITHHELD) and (
            names_advisory([genre]) or reads_as_advisory(headline, slugline, body.text)
        ):
            kind = Kind.ADVISORY
        usable = leave.status in (Status.USABLE, Status.EMBARGOED)
        key = child(self.data, "du-key")
        version = key.get("version") or key.get("generation") if key is not None else ""
        top_dateline = child(self.top, "dateline")
        distributor = text_of(child(self.top, "distributor")) or None
        document_id = child(self.data, "doc-id")
        source = document_id.get("regsrc") if document_id is not None else None
        rights = child(self.data, "doc.copyright")
        item = WireItem(
            format="nitf",
            kind=kind,
            guid=self._guid(raw),
            status=leave.status,
            publishable=kind is Kind.STORY
            and usable
            and says_something(headline, body, self.drops),
            version=whole_or_word(version),
            version_created=self._time("date.issue"),
            signals=tuple(self._signals()),
            embargoed_until=leave.until,
            expires=self._time("date.expire"),
            language=self._language(),
            headline=headline,
            subheadline=subheadline,
            slugline=slugline,
            bylines=read_bylines(self.top),
            dateline=text_of(top_dateline) or None,
            located=text_of(child(top_dateline, "location")) or None,
            body_html=body.html,
            body_text=body.text,
            keywords=tuple(self._keywords()),
            subjects=subjects,
            media_topics=_topics(subjects),
            urgency=self._urgency(),
            genre=genre,
            credit=distributor,
            source=one_line(source) or distributor,
            copyright_holder=one_line(_attribute(rights, "holder")),
            copyright_notice=_notice(rights),
            usage_terms=self._usage_terms(),
            editor_notes=tuple(self._notes()),
            links=tuple(self._links()),
            pictures=body.pictures,
        )
        self._leftovers()
        return dataclasses.replace(item, dropped=self.drops.entries())

    def _guid(self, raw: bytes) -> str:
        for name, attribute in (("doc-id", "id-string"), ("du-key", "key")):
            if guid := one_line(_attribute(child(self.data, name), attribute)):
                return guid[:2000]
        self.drops.add(
            "head/docdata/doc-id",
            "no id in the document: named by the digest of its bytes",
        )
        return f"urn:sha256:{hashlib.sha256(raw).hexdigest()}"

    def _leave(self) -> _Leave:
        written = _attribute(self.data, "management-status")
        status = Status.USABLE
        if written is not None:
            status = _STATUSES.get(written.strip().lower(), Status.UNKNOWN)
        if status is Status.UNKNOWN:
            self.drops.add(
                "head/docdata/@management-status", f"“{written}” is no status we know"
            )
        return _Leave(status, self._time("date.release"))

    def _time(self, name: str) -> datetime | None:
        element = child(self.data, name)
        if element is None:
            return None
        moment = read_time(element.get("norm") or text_of(element))
        if moment.reason:
            self.drops.add(f"head/docdata/{name}", moment.reason)
        return moment.value

    def _signals(self) -> Iterator[str]:
        if child(self.data, "correction") is not None:
            yield "correction"
        for message in _each(self.data, "ed-msg"):
            if kind := text_of_words(message.get("msg-type")):
                yield kind

    def _language(self) -> str | None:
        content = child(self.body, "body.content")
        for element in (content, self.body, self.root):
            language = _attribute(element, XML_LANGUAGE) or _attribute(element, "lang")
            if language and language.strip():
                return language.strip()[:50]
        return None

    def _headlines(self) -> tuple[str | None, str | None]:
        lines = child(self.top, "hedline")
        if lines is None:
            lines = child(self.top, "headline")
        main = text_of(child(lines, "hl1"))
        if lines is not None and not main and not len(lines):
            main = text_of(lines)
        others = [text_of(line) for line in _each(lines, "hl2")]
        if len(others) > 1:
            self.drops.add(
                "body/body.head/hedline/hl2", "only the first is carried over"
            )
        title = text_of(child(self.head, "title"))
        return main or title or None, next(iter(others), None) or None

    def _slugline(self) -> str | None:
        if slugline := text_of(child(self.top, "slugline")):
            return slugline
        for meta in _each(self.head, "meta"):
            if (meta.get("name") or "").strip().lower() in _SLUG_NAMES:
                return one_line(meta.get("content"))
        return None

    def _genre(self) -> str | None:
        names = (
            one_line(entry.get("tobject.property.type"))
            for entry in _each(child(self.head, "tobject"), "tobject.property")
        )
        return next((name for name in names if name), None)

    def _subjects(self) -> tuple[Subject, ...]:
        found = [
            _subject_code(entry)
            for entry in _each(child(self.head, "tobject"), "tobject.subject")
        ]
        identified = child(self.data, "identified-content")
        if identified is not None:
            found.extend(_identified(entry) for entry in identified)
        whole = [subject for subject in found if subject.code or subject.name]
        if len(whole) > _MOST:
            self.drops.add("head/tobject", f"more than {_MOST} subjects")
        return tuple(dict.fromkeys(whole[:_MOST]))

    def _keywords(self) -> Iterator[str]:
        for word in _each(child(self.data, "key-list"), "keyword"):
            if key := one_line(word.get("key")) or text_of(word):
                yield key

    def _urgency(self) -> int | None:
        written = _attribute(child(self.data, "urgency"), "ed-urg")
        if not (written or "").strip():
            return None
        word = (written or "").strip()
        if word in tuple("123456789"):
            return int(word)
        self.drops.add("head/docdata/urgency", f"“{word}” is no urgency from 1 to 9")
        return None

    def _usage_terms(self) -> str | None:
        terms = [text_of(entry) for entry in _each(self.top, "rights")]
        terms.extend(
            one_line(entry.get("limitations")) or text_of(entry)
            for entry in _each(self.data, "doc.rights")
        )
        return "\n".join(dict.fromkeys(term for term in terms if term)) or None

    def _notes(self) -> Iterator[Note]:
        for name in ("ed-msg", "correction"):
            for entry in _each(self.data, name):
                if text := one_line(entry.get("info")) or text_of(entry):
                    yield Note(text)
        for entry in _each(self.top, "note"):
            if text := text_of(entry):
                yield Note(text)

    def _links(self) -> Iterator[Link]:
        if other := one_line(_attribute(self.data, "management-doc-idref")):
            order = (_attribute(self.data, "management-idref-status") or "").strip()
            # A word we don't know may mean a kill: whoever is meant is held.
            unknown = "doubts" if order else "manages"
            yield Link(_ORDERS.get(order.lower(), unknown), other)
        for entry in _each(self.data, "correction"):
            if other := one_line(entry.get("id-string")):
                yield Link("corrects", other)
        if key := one_line(_attribute(child(self.data, "du-key"), "key")):
            yield Link("du-key", key)
        for meta in _each(self.head, "meta"):
            name = (meta.get("name") or "").strip().lower()
            reference = one_line(meta.get("content"))
            if name in _TRANSMISSION_NAMES and reference:
                yield Link("transref", reference)

    def _leftovers(self) -> None:
        """Name what has content and was not understood."""
        for path, element in (
            ("head", self.head),
            ("head/docdata", self.data),
            ("body/body.head", self.top),
        ):
            understood = _UNDERSTOOD[path.rpartition("/")[2]]
            for entry in element if element is not None else ():
                if local(entry) not in understood and has_content(entry):
                    self.drops.add(f"{path}/{local(entry)}", "not carried over")
        for meta in _each(self.head, "meta"):
            name = (meta.get("name") or "").strip().lower()
            if name not in _SLUG_NAMES | _TRANSMISSION_NAMES:
                self.drops.add("head/meta", "not carried over")
        for byline in _each(self.top, "byline"):
            if text_of(child(byline, "byttl")):
                self.drops.add(
                    "body/body.head/byline/byttl", "a title, not carried over"
                )
        end = child(self.body, "body.end")
        for entry in end if end is not None else ():
            if has_content(entry):
                self.drops.add(f"body/body.end/{local(entry)}", "not carried over")


def has_content(element: etree._Element) -> bool:
    """Tell whether an element says anything: words, attributes or children."""
    return bool(len(element) or element.attrib or (element.text or "").strip())


def _each(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return children(element, name) if element is not None else iter(())


def _attribute(element: etree._Element | None, name: str) -> str | None:
    return element.get(name) if element is not None else None


def _notice(rights: etree._Element | None) -> str | None:
    """Give year and holder as one line; NITF states them apart and has no line."""
    year, holder = _attribute(rights, "year"), _attribute(rights, "holder")
    return one_line(f"© {year} {holder}") if year and holder else None


def _subject_code(entry: etree._Element) -> Subject:
    name = None
    for part in ("detail", "matter", "type"):
        name = name or one_line(entry.get(f"tobject.subject.{part}"))
    code = one_line(entry.get("tobject.subject.refnum"))
    return Subject(code, SUBJECT_CODE if code else None, name)


def _identified(entry: etree._Element) -> Subject:
    code = entry.get("value") or entry.get("location-code")
    scheme = entry.get("idsrc") or entry.get("code-source") or entry.get("type")
    return Subject(one_line(code), one_line(scheme), text_of(entry) or None)


def _topics(subjects: tuple[Subject, ...]) -> tuple[str, ...]:
    found = (media_topic(subject.code, subject.scheme) for subject in subjects)
    return tuple(dict.fromkeys(code for code in found if code))
