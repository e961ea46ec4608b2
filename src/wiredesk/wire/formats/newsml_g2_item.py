"""Reads one item of NewsML-G2 (any of its kinds) into a ``WireItem``."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from wiredesk.lib.html import clean_tree, to_text
from wiredesk.lib.text import one_line
from wiredesk.wire.formats.advisories import names_advisory, reads_as_advisory
from wiredesk.wire.formats.bodies import says_something
from wiredesk.wire.formats.bylines import split_byline
from wiredesk.wire.formats.codes import bare, code_of, with_catalogs, written
from wiredesk.wire.formats.dates import read_time
from wiredesk.wire.formats.drops import Drops
from wiredesk.wire.formats.media_topics import media_topic
from wiredesk.wire.formats.newsml_g2_body import read_content
from wiredesk.wire.formats.newsml_g2_words import (
    CLASSES,
    KINDS,
    STATUSES,
    UNDERSTOOD,
    is_public,
    name_of,
    without_by,
)
from wiredesk.wire.formats.nitf import XML_LANGUAGE, has_content, whole_or_word
from wiredesk.wire.formats.nitf_body import picture_of
from wiredesk.wire.formats.xml import child, children, local, text_of
from wiredesk.wire.items import Kind, Link, Note, Status, Subject, WireItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from wiredesk.wire.formats.newsml_g2_body import Content
    from wiredesk.wire.items import Dropped, Picture

_SUBHEADLINES = frozenset({"sub", "subheadline", "subhead", "subtitle", "deck", "dek"})
_AUTHORS = frozenset({"", "author", "writer", "reporter", "journalist"})
_MOST = 500
_LONGEST_GUID = 2000


class Read(NamedTuple):
    """An item, and which others it holds together or points to as its pictures."""

    item: WireItem
    members: tuple[str, ...] = ()
    credit: str | None = None


class _Leave(NamedTuple):
    status: Status
    until: datetime | None


def read_item(
    element: etree._Element,
    aliases: Mapping[str, str],
    noted: Iterable[Dropped] = (),
) -> Read:
    """Read one item; ``noted`` is what the file around it already had to put up with."""
    drops = Drops()
    for entry in noted:
        drops.add(entry.path, entry.reason)
    return _Reader(element, aliases, drops).read()


def _grouped(
    elements: Iterable[etree._Element],
) -> dict[str, list[etree._Element]]:
    """Give the children of all ``elements`` by name, in order."""
    groups: dict[str, list[etree._Element]] = {}
    for element in elements:
        for entry in element:
            groups.setdefault(local(entry), []).append(entry)
    return groups


class _Reader:
    """Reads one item; keeps its parts by name so that each field is a short function."""

    def __init__(
        self, element: etree._Element, aliases: Mapping[str, str], drops: Drops
    ) -> None:
        self.element = element
        self.aliases = with_catalogs(aliases, element)
        self.drops = drops
        self.parts = _grouped([element])
        self.meta = _grouped(self.parts.get("itemMeta", ()))
        self.about = _grouped(self.parts.get("contentMeta", ()))
        self.rights = _grouped(self.parts.get("rightsInfo", ()))

    def read(self) -> Read:
        headline, subheadline = self._headlines()
        content = read_content(
            next(iter(self.parts.get("contentSet", ())), None), headline, self.drops
        )
        headline = headline or content.headline or self._first(self.meta, "title")
        leave = self._leave()
        kind = self._kind(headline, content, leave.status)
        usable = leave.status in (Status.USABLE, Status.EMBARGOED)
        subjects = tuple(self._subjects())
        guid = self._guid()
        credit = self._first(self.about, "creditline")
        item = WireItem(
            format="newsml-g2",
            kind=kind,
            guid=guid,
            status=leave.status,
            publishable=kind is Kind.STORY
            and usable
            and says_something(headline, content.body, self.drops),
            version=whole_or_word(self.element.get("version")),
            version_created=self._time("versionCreated"),
            first_created=self._time("firstCreated"),
            signals=tuple(self._signals()),
            embargoed_until=leave.until,
            expires=self._time("expires"),
            language=self._language(),
            headline=headline,
            subheadline=subheadline,
            slugline=self._first(self.about, "slugline"),
            bylines=self._bylines(content),
            dateline=self._first(self.about, "dateline") or content.dateline,
            located=self._located(),
            body_html=content.body.html,
            body_text=content.body.text,
            keywords=tuple(self._texts(self.about, "keyword")),
            subjects=subjects,
            media_topics=self._topics(subjects),
            urgency=self._urgency(),
            genre=self._genre(),
            credit=credit,
            source=self._source(),
            copyright_holder=self._holder(),
            copyright_notice=" ".join(self._texts(self.rights, "copyrightNotice"))
            or None,
            usage_terms="\n".join(self._texts(self.rights, "usageTerms")) or None,
            editor_notes=tuple(self._notes()),
            links=tuple(self._links()),
            pictures=self._pictures(kind, headline, content, guid, credit),
            dropped=self._leftovers(),
        )
        return Read(item, tuple(self._members()), credit)

    # What the item is, and what may be done with it

    def _guid(self) -> str:
        if guid := one_line(self.element.get("guid")):
            return guid[:_LONGEST_GUID]
        self.drops.add("@guid", "no id in the item: named by the digest of its bytes")
        whole = etree.tostring(self.element, encoding="utf-8", with_tail=False)
        return f"urn:sha256:{hashlib.sha256(whole).hexdigest()}"

    def _kind(self, headline: str | None, content: Content, status: Status) -> Kind:
        """Tell the kind. What takes a story down stays a story, whatever it says."""
        kind = KINDS[local(self.element)]
        if kind is not Kind.STORY:
            return kind
        classes = [bare(written(entry)) for entry in self.meta.get("itemClass", ())]
        if classes and classes[0]:
            kind = CLASSES.get(classes[0], Kind.OTHER)
        if kind is Kind.PACKAGE and content.body.html:
            kind = Kind.STORY  # text with its media, called composite by some
        slugline = self._first(self.about, "slugline")
        if status in (Status.CANCELED, Status.WITHHELD):
            return kind
        if kind is Kind.STORY and (
            names_advisory(self._own_classes())
            or reads_as_advisory(headline, slugline, content.body.text)
            or self._lacks_newscontent()
        ):
            return Kind.ADVISORY
        return kind

    def _own_classes(self) -> Iterator[str]:
        for entry in (*self.about.get("genre", ()), *self.meta.get("signal", ())):
            yield bare(written(entry))
            yield text_of(child(entry, "name"))
        yield from self._texts(self.meta, "profile")

    def _lacks_newscontent(self) -> bool:
        """AP's rule: its copy for readers says newscontent; without it, it is none."""
        signals = [written(entry) for entry in self.meta.get("signal", ())]
        of_ap = [code for code in signals if code.lower().startswith("apsig:")]
        return bool(of_ap) and "newscontent" not in map(bare, of_ap)

    def _leave(self) -> _Leave:
        """Read pubStatus and embargoed (NewsML-G2, pubStatus: usable where absent)."""
        status = Status.USABLE
        for entry in self.meta.get("pubStatus", ())[:1]:
            code = written(entry) or entry.get("literal") or text_of(entry)
            status = STATUSES.get(bare(code), Status.UNKNOWN)
            if status is Status.UNKNOWN:
                self.drops.add("itemMeta/pubStatus", f"“{code}” is no status we know")
        ends: list[datetime] = []
        for entry in self.meta.get("embargoed", ()):
            moment = read_time(text_of(entry))
            if moment.reason:
                self.drops.add("itemMeta/embargoed", moment.reason)
            if moment.value is not None:
                ends.append(moment.value)
                continue
            if moment.reason is None:
                self.drops.add("itemMeta/embargoed", "an embargo without an end: held")
            if status is Status.USABLE:
                status = Status.EMBARGOED
        if status is Status.EMBARGOED and len(ends) < len(
            self.meta.get("embargoed", ())
        ):
            return _Leave(status, None)
        return _Leave(status, max(ends, default=None))

    def _time(self, name: str) -> datetime | None:
        for entry in self.meta.get(name, ())[:1]:
            moment = read_time(text_of(entry))
            if moment.reason:
                self.drops.add(f"itemMeta/{name}", moment.reason)
            return moment.value
        return None

    def _signals(self) -> Iterator[str]:
        for entry in self.meta.get("signal", ())[:_MOST]:
            if code := written(entry) or (entry.get("literal") or "").strip():
                yield code

    # What it says

    def _first(
        self, groups: Mapping[str, list[etree._Element]], name: str
    ) -> str | None:
        return next(self._texts(groups, name), None)

    def _texts(
        self, groups: Mapping[str, list[etree._Element]], name: str
    ) -> Iterator[str]:
        for entry in groups.get(name, ())[:_MOST]:
            if text := text_of(entry):
                yield text

    def _language(self) -> str | None:
        for entry in self.about.get("language", ()):
            if tag := (entry.get("tag") or "").strip():
                return tag[:50]
        return (self.element.get(XML_LANGUAGE) or "").strip()[:50] or None

    def _headlines(self) -> tuple[str | None, str | None]:
        main = sub = None
        language = self.element.get(XML_LANGUAGE)
        for entry in self._own_language("headline", language):
            text = text_of(entry)
            role = bare(written(entry, "role"))
            if not text:
                continue
            if role in _SUBHEADLINES and sub is None:
                sub = text
            elif main is None and role in ("", "main", "hl1", "headline", "title"):
                main = text
            else:
                self.drops.add(
                    "contentMeta/headline", f"another headline ({role or '-'})"
                )
        return main, sub

    def _own_language(self, name: str, language: str | None) -> list[etree._Element]:
        """Give the elements, those in the item's own language first."""
        entries = self.about.get(name, [])
        if len(entries) < 2:
            return entries
        return sorted(
            entries, key=lambda e: e.get(XML_LANGUAGE) not in (None, language)
        )

    def _bylines(self, content: Content) -> tuple[str, ...]:
        names = [
            name
            for text in self._texts(self.about, "by")
            for name in split_byline(without_by(text, self._language()))
        ]
        if not names:
            names = list(content.bylines)
        authors = [
            name
            for entry in self.about.get("creator", ())
            if bare(written(entry, "role")) in _AUTHORS
            and (name := text_of(child(entry, "name")))
        ]
        # Some put a login here ("roe.ann"): only what looks like a person's name counts.
        authors = [name for name in authors if " " in name]
        if not names:
            names = authors
        if self.about.get("creator") and not names:
            self.drops.add("contentMeta/creator", "no author's name")
        return tuple(dict.fromkeys(names))

    def _located(self) -> str | None:
        for entry in self.about.get("located", ()):
            name = text_of(child(entry, "name")) or one_line(entry.get("literal"))
            if name:
                return name
            self.drops.add("contentMeta/located", "a place without a name")
        return None

    def _urgency(self) -> int | None:
        word = self._first(self.about, "urgency")
        if word is None or word in tuple("123456789"):
            return int(word) if word else None
        self.drops.add("contentMeta/urgency", f"“{word}” is no urgency from 1 to 9")
        return None

    def _genre(self) -> str | None:
        for entry in self.about.get("genre", ()):
            name = text_of(child(entry, "name")) or code_of(entry, self.aliases).code
            if name:
                return name
        return None

    def _source(self) -> str | None:
        for entry in self.meta.get("provider", ()):
            name = text_of(child(entry, "name")) or one_line(entry.get("literal"))
            return name or code_of(entry, self.aliases).code
        return None

    def _holder(self) -> str | None:
        for entry in self.rights.get("copyrightHolder", ()):
            name = text_of(child(entry, "name")) or one_line(entry.get("literal"))
            return name or text_of(entry) or one_line(written(entry))
        return None

    def _notes(self) -> Iterator[Note]:
        for entry in self.meta.get("edNote", ())[:_MOST]:
            text = to_text(clean_tree(entry)) if len(entry) else text_of(entry)
            if text:
                yield Note(text, is_public(entry))

    # What it is about, and what it is tied to

    def _subjects(self) -> Iterator[Subject]:
        entries = self.about.get("subject", [])
        if len(entries) > _MOST:
            self.drops.add("contentMeta/subject", f"more than {_MOST} subjects")
        for entry in entries[:_MOST]:
            code, scheme = code_of(entry, self.aliases)
            name = name_of(entry, self.element.get(XML_LANGUAGE))
            if code or name:
                yield Subject(code, scheme, name)

    def _topics(self, subjects: tuple[Subject, ...]) -> tuple[str, ...]:
        found = [media_topic(subject.code, subject.scheme) for subject in subjects]
        for entry in self.about.get("subject", [])[:_MOST]:
            own = media_topic(*code_of(entry, self.aliases))
            for name in ("sameAs", "broader"):
                if own is not None:
                    break
                for other in children(entry, name):
                    found.append(media_topic(*code_of(other, self.aliases)))
        return tuple(dict.fromkeys(code for code in found if code))

    def _links(self) -> Iterator[Link]:
        for entry in self.meta.get("link", ())[:_MOST]:
            target = entry.get("residref") or entry.get("guidref") or entry.get("href")
            rel = written(entry, "rel") or "link"
            if target := one_line(target):
                yield Link(rel.removeprefix("irel:"), target[:_LONGEST_GUID])
            else:
                self.drops.add("itemMeta/link", "a link to nothing")
        for groups in (self.meta, self.about):
            for text in self._texts(groups, "altId"):
                yield Link("altId", text[:_LONGEST_GUID])
        if KINDS[local(self.element)] is Kind.PACKAGE:
            for member in dict.fromkeys(self._members()):
                yield Link("member", member)

    def _members(self) -> Iterator[str]:
        """Give the ids a package's groups refer to (NewsML-G2, itemRef), in order."""
        for group in self.parts.get("groupSet", ()):
            for entry in group.iter("itemRef", "{*}itemRef"):
                target = entry.get("residref") or entry.get("href")
                if target := one_line(target):
                    yield target[:_LONGEST_GUID]

    def _pictures(
        self,
        kind: Kind,
        headline: str | None,
        content: Content,
        guid: str,
        credit: str | None,
    ) -> tuple[Picture, ...]:
        pictures = list(content.body.pictures)
        own = picture_of(
            content.renditions,
            caption=self._caption() if kind is Kind.PICTURE else None,
            credit=credit if kind is Kind.PICTURE else None,
            alt=headline if kind is Kind.PICTURE else None,
            guid=guid if kind is Kind.PICTURE else None,
        )
        if own is not None:
            pictures.insert(0, own)
        elif content.renditions:
            self.drops.add("contentSet/remoteContent", "no file that browsers show")
        return tuple(pictures)

    def _caption(self) -> str | None:
        plain = None
        for entry in self._own_language("description", self.element.get(XML_LANGUAGE)):
            role = bare(written(entry, "role"))
            if role == "caption" and (text := text_of(entry)):
                return text
            plain = plain or (text_of(entry) if not role else None)
        return plain or None

    def _leftovers(self) -> tuple[Dropped, ...]:
        """Name what has content and was not understood; give all that was dropped."""
        picture = any(
            bare(written(e)) in ("picture", "photo")
            for e in self.meta.get("itemClass", ())
        )
        for where, groups in (
            ("", self.parts),
            ("itemMeta", self.meta),
            ("contentMeta", self.about),
            ("rightsInfo", self.rights),
        ):
            for name, entries in groups.items():
                if name in UNDERSTOOD[where] or (picture and name == "description"):
                    continue
                count = sum(1 for entry in entries if has_content(entry))
                if not count:
                    continue
                path = f"{where}/{name}" if where else name
                reason = (
                    "not carried over" if count == 1 else f"not carried over ({count})"
                )
                self.drops.add(path, reason)
        return self.drops.entries()
