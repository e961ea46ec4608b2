"""Reads ninjs 1.0 to 1.6, 2.x and 3.x: IPTC's news in JSON.

The editions are told apart by their keys, item by item, never by what ``standard``
says, for senders copy that line. One item, a list of items, and an object with
``items`` are read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wiredesk.lib.text import one_line, printable
from wiredesk.wire.formats import ninjs_json
from wiredesk.wire.formats.advisories import names_advisory, reads_as_advisory
from wiredesk.wire.formats.bodies import says_something, without_headline
from wiredesk.wire.formats.bylines import split_byline
from wiredesk.wire.formats.drops import Drops
from wiredesk.wire.formats.media_topics import media_topic, split_code
from wiredesk.wire.formats.ninjs_bodies import read_body
from wiredesk.wire.formats.ninjs_fields import Fields, kind_of, whole
from wiredesk.wire.formats.ninjs_pictures import (
    MOST_LINKS,
    Ties,
    as_line,
    credit_line,
    is_credit,
    link_all,
    own_picture,
    ties,
)
from wiredesk.wire.formats.ninjs_times import Leave, leave_of, moment
from wiredesk.wire.items import (
    Kind,
    Link,
    Note,
    Picture,
    Status,
    Subject,
    UnreadableError,
    WireItem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wiredesk.wire.formats.bodies import Body

MOST_ITEMS = 10_000
MOST_SUBJECTS = 500
MOST_WORDS = 200
MOST_NOTES = 50
LONGEST_GUID = 2000

_LISTS = ("items", "_items", "associations")
_KINDS = {
    "text": Kind.STORY,
    "picture": Kind.PICTURE,
    "composite": Kind.PACKAGE,
    "planning": Kind.PLANNING,
    "event": Kind.PLANNING,
    "audio": Kind.OTHER,
    "video": Kind.OTHER,
    "graphic": Kind.OTHER,
    "component": Kind.OTHER,
}
_SUBHEADLINES = (
    "sub",
    "subheadline",
    "subhead",
    "subtitle",
    "secondary",
    "extended",
    "deck",
)
_SUBJECTS = (
    ("subject", "subjects"),
    ("person", "people"),
    ("organisation", "organisations"),
    ("place", "places"),
    ("event", "events"),
    ("object", "objects"),
)
_NEVER_CARRIED = (
    "standard",
    "$standard",
    "charcount",
    "wordcount",
    "mimetype",
    "profile",
)
_SEPARATORS = re.compile("[,;|]")


def read(raw: bytes) -> list[WireItem]:
    """Read one delivery of ninjs. Pure; nothing but UnreadableError comes out.

    An entry of a list that is no item doesn't keep the others back: it is named in
    the first item's ``dropped``.
    """
    try:
        return _read(ninjs_json.load(raw))
    except RecursionError as error:
        raise UnreadableError(
            "the JSON is nested too deeply to be a news item; ask the sender"
        ) from error


def _read(value: Any) -> list[WireItem]:
    entries = _entries(value)
    if len(entries) == 1:
        return [_item(entries[0])]
    if not entries:
        raise UnreadableError("the JSON holds no item; ask the sender what was meant")
    if len(entries) > MOST_ITEMS:
        raise UnreadableError(
            f"more than {MOST_ITEMS} items in one delivery; ask for smaller ones"
        )
    items: list[WireItem] = []
    drops = Drops()
    refused: UnreadableError | None = None
    for place, entry in enumerate(entries):
        try:
            items.append(_item(entry))
        except UnreadableError as error:
            refused = refused or error
            drops.add(f"[{place}]", f"not read: {error}")
    if not items:
        raise refused or UnreadableError("the JSON holds no item")
    if refused:
        items[0] = replace(items[0], dropped=(*items[0].dropped, *drops.entries()))
    return items


def _entries(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        _refuse_dialects(value)
    if isinstance(value, dict) and "uri" not in value:
        for name in _LISTS:
            listed = value.get(name)
            if isinstance(listed, dict):
                listed = list(listed.values())
            if isinstance(listed, list) and listed:
                return listed
    return [value]


def _item(value: Any) -> WireItem:
    drops = Drops()
    item = Fields(_checked(value), "", drops)
    guid = _guid(item)
    item.ask(*_NEVER_CARRIED)
    leave = leave_of(item)
    version_created = moment(item, "versioncreated")
    headline, subheadline = _headlines(item)
    body = without_headline(read_body(item), headline)
    signals = _signals(item)
    genre = _first_name(item, "genre", "genres")
    kind = _kind(item, body)
    if kind is Kind.STORY and _is_to_editors(
        item, leave, headline, signals, genre, body
    ):
        kind = Kind.ADVISORY
    tied = _ties(item, kind, headline, version_created)
    subjects, topics = _subjects(item)
    names = _bylines(item)
    result = WireItem(
        format="ninjs",
        kind=kind,
        guid=guid,
        status=leave.status,
        publishable=kind is Kind.STORY
        and leave.status in (Status.USABLE, Status.EMBARGOED)
        and says_something(headline, body, drops),
        version=_version(item),
        version_created=version_created,
        first_created=moment(item, "firstcreated"),
        signals=signals,
        embargoed_until=leave.embargoed_until,
        expires=leave.expires,
        language=item.text("language"),
        headline=headline,
        subheadline=subheadline,
        slugline=item.text("slugline"),
        bylines=names,
        located=_located(item),
        body_html=body.html,
        body_text=body.text,
        keywords=_keywords(item),
        subjects=subjects,
        media_topics=topics,
        urgency=_urgency(item),
        genre=genre,
        credit=credit_line(item),
        source=_first_name(item, "infosource", "infosources", "source", "provider"),
        copyright_holder=item.text("copyrightholder"),
        copyright_notice=item.text("copyrightnotice"),
        usage_terms=_usage_terms(item),
        editor_notes=_notes(item),
        links=_links(item, tied),
        pictures=_pictures(tied.pictures, body),
    )
    _name_summaries(item, kind)
    item.rest()
    return replace(result, dropped=drops.entries())


def _checked(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableError(
            f"ninjs is a JSON object, this is {kind_of(value)}; ask the sender"
        )
    return value


def _refuse_dialects(value: dict[str, Any]) -> None:
    if str(value.get("format", ""))[:12] == "digitalwires" or (
        "urn" in value and "article_html" in value
    ):
        raise UnreadableError(
            "this is dpa's digitalwires JSON, which is not ninjs (it says “urn” where "
            "ninjs says “uri”); ask dpa for NewsML-G2 or ninjs instead"
        )
    data = value.get("data")
    if isinstance(data, dict) and ("item" in data or "items" in data):
        raise UnreadableError(
            "this is an answer of AP's Media API, which is not ninjs; ask AP for "
            "NewsML-G2, NITF or ninjs instead"
        )


def _guid(item: Fields) -> str:
    written = item.raw("uri")
    if not isinstance(written, str) or not written.strip():
        raise UnreadableError(
            "the item has no uri, and without one no later version or kill could ever "
            "find it; ask the sender for it"
        )
    guid = written.strip()
    if printable(guid) != guid or len(guid) > LONGEST_GUID:
        raise UnreadableError(
            "the item's uri has control characters or broken Unicode in it, or more "
            f"than {LONGEST_GUID} characters; ask the sender for a sound one"
        )
    return guid


def _version(item: Fields) -> int | str | None:
    value = item.raw("version")
    number = whole(value)
    if number is not None and number >= 0:
        return number
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return item.text("version")


def _kind(item: Fields, body: Body) -> Kind:
    """Tell what sort of thing the item is, before its words are looked at."""
    written = item.text("type")
    if written is None:
        planned = "eventdetails" in item or "plannedcoverage" in item
        return Kind.PLANNING if planned else Kind.STORY
    kind = _KINDS.get(written.lower())
    if kind is None:
        item.drop("type", f"“{written}” is no type we know")
        return Kind.OTHER
    if kind is Kind.PACKAGE and body.html:
        # Text with its pictures is called composite too, and is a story.
        return Kind.STORY
    return kind


def _is_to_editors(
    item: Fields,
    leave: Leave,
    headline: str | None,
    signals: tuple[str, ...],
    genre: str | None,
    body: Body,
) -> bool:
    """Tell whether an item that looks like a story is word to editors.

    AP's rule: copy for readers says ``newscontent`` among its signals. What is canceled
    or withheld stays a story whatever it says, for it takes one down.
    """
    if leave.status in (Status.CANCELED, Status.WITHHELD):
        return False
    if "signals" in item and "newscontent" not in signals:
        return True
    if names_advisory((genre, item.text("profile"))):
        return True
    return reads_as_advisory(headline, item.text("slugline"), body.text)


def _signals(item: Fields) -> tuple[str, ...]:
    value = item.raw("signals")
    if isinstance(value, str):
        return _few(one_line(word) for word in _SEPARATORS.split(value))
    words = (
        entry.text("literal", "uri", "code", "name")
        for entry in item.entries("signals")
    )
    return _few(words)


def _headlines(item: Fields) -> tuple[str | None, str | None]:
    """Give headline and subheadline from whichever edition's properties are there."""
    found: dict[str, str] = {}
    for name in item.names():
        if name == "headline" or name.startswith("headline_"):
            words = item.prose(name)
            if words and (line := as_line(words)):
                found.setdefault(name.removeprefix("headline").strip("_"), line)
    for entry in item.entries("headlines"):
        words = entry.prose("value")
        if words and (line := as_line(words)):
            role = (entry.text("role") or "").rpartition(":")[2].lower()
            if role in found:
                entry.drops.add(entry.path, "another headline of the same role")
            found.setdefault(role, line)
    title = item.text("title")
    main = found.get("main") or found.get("")
    sub = next((found[role] for role in _SUBHEADLINES if role in found), None)
    if main is None and found:
        main = next((line for line in found.values() if line != sub), None)
    for role, line in found.items():
        if line not in (main, sub):
            item.drops.add(f"headline ({role})", "another headline")
    return main or title, sub


def _bylines(item: Fields) -> tuple[str, ...]:
    if written := item.text("byline", "by"):
        return split_byline(written)
    names: list[str] = []
    for entry in item.entries("bylines", "authors"):
        names.extend(split_byline(entry.text("by", "name")))
    return tuple(dict.fromkeys(names))


def _located(item: Fields) -> str | None:
    value = item.raw("located")
    if isinstance(value, str):
        return one_line(value)
    return _first_name(item, "located")


def _keywords(item: Fields) -> tuple[str, ...]:
    words: list[str | None] = []
    for name in ("keywords", "keyword"):
        value = item.raw(name)
        if isinstance(value, str):
            words.extend(_SEPARATORS.split(value))
        else:
            words.extend(entry.text("name") for entry in item.entries(name))
    return _few(one_line(word) for word in words)


def _subjects(item: Fields) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Give what the item is about, of every sort, and the Media Topics among it."""
    found: dict[Subject, None] = {}
    topics: dict[str, None] = {}
    for names in _SUBJECTS:
        for entry in item.entries(*names):
            code, scheme = split_code(
                entry.text("code", "literal"), entry.text("scheme"), entry.text("uri")
            )
            subject = Subject(code, scheme, entry.text("name"))
            if subject == Subject(None, scheme, None):
                continue
            if len(found) >= MOST_SUBJECTS:
                item.drops.add(names[0], f"more than {MOST_SUBJECTS} subjects")
                break
            found[subject] = None
            if names[0] == "subject" and (topic := media_topic(code, scheme)):
                topics[topic] = None
    return tuple(found), tuple(topics)


def _urgency(item: Fields) -> int | None:
    number = whole(item.raw("urgency"))
    if number is not None and 1 <= number <= 9:
        return number
    if item.raw("urgency") is not None:
        item.drop("urgency", "not a whole number from 1 to 9")
    return None


def _first_name(item: Fields, *names: str) -> str | None:
    for name in names:
        listed = _few(
            entry.text("name", "literal", "code", "uri") for entry in item.entries(name)
        )
        for place, more in enumerate(listed[1:], 1):
            item.drops.add(f"{item.at(name)}[{place}]", f"a further one: “{more}”")
        if listed:
            return listed[0]
    return None


def _usage_terms(item: Fields) -> str | None:
    value = item.raw("usageterms")
    if not isinstance(value, list):
        return item.text("usageterms")
    return (
        " ".join(_few(entry.text("name") for entry in item.entries("usageterms")))
        or None
    )


def _notes(item: Fields) -> tuple[Note, ...]:
    """Give the editor's notes: by the standard none of them is for readers."""
    if isinstance(item.raw("ednote"), list):
        words = [entry.prose("name") for entry in item.entries("ednote")]
    else:
        words = [item.prose("ednote")]
    notes = (printable(word).strip() for word in words if word)
    return tuple(Note(note, public=False) for note in notes if note)[:MOST_NOTES]


def _links(item: Fields, tied: Ties) -> tuple[Link, ...]:
    links = list(tied.links)
    if earlier := item.text("evolvedfrom"):
        links.append(Link("evolvedfrom", earlier))
    value = item.raw("altids")
    if isinstance(value, dict):
        names = Fields(value, item.at("altids"), item.drops)
        pairs = [(name, names.text(name)) for name in names.names()]
    else:
        pairs = [
            (entry.text("role") or "", entry.text("value", "name"))
            for entry in item.entries("altids")
        ]
    links.extend(Link(f"altid:{role}", guid) for role, guid in pairs if guid)
    return tuple(dict.fromkeys(links))[:MOST_LINKS]


def _ties(
    item: Fields, kind: Kind, headline: str | None, sent: datetime | None
) -> Ties:
    if kind is Kind.PACKAGE:
        return Ties(links=link_all(item))
    tied = ties(item, headline, sent)
    if kind is Kind.PICTURE and (picture := own_picture(item, headline)):
        tied.pictures.insert(0, picture)
    return tied


def _pictures(tied: list[Picture], body: Body) -> tuple[Picture, ...]:
    """Give the item's pictures once each: a body shows those tied to it again."""
    files = {file.href for picture in tied for file in picture.renditions}
    return (*tied, *(one for one in body.pictures if one.href not in files))


def _name_summaries(item: Fields, kind: Kind) -> None:
    if kind is not Kind.PICTURE:
        for entry in item.entries("descriptions"):
            if not is_credit(entry):
                item.drops.add(
                    entry.path, "a summary, which a wire item has no place for"
                )


def _few(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_WORDS]
