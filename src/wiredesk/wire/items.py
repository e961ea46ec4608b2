"""What one item of an agency's file says, in words every format shares.

Pure data: no Django, no clock, no database. A reader in ``wire.formats`` turns bytes
into these; everything later stands on them. The JSON form is a contract, written down
in ``docs/reference/wire-item.md``.
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class UnreadableError(ValueError):
    """The bytes can't be read as wire copy; the text says what, where and what to do.

    The only exception a reader may let out, whatever the bytes.
    """


class Status(enum.StrEnum):
    """What the provider says may be done with the item.

    NewsML-G2 ``pubStatus``, NITF ``management-status``, ninjs ``pubstatus``.
    ``EMBARGOED`` is also what an item is whose embargo has no (readable) end.
    ``UNKNOWN`` is any word we don't know: it is held, never guessed.
    """

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"
    EMBARGOED = "embargoed"
    UNKNOWN = "unknown"


class Kind(enum.StrEnum):
    """What sort of thing the item is; only a story can become one."""

    STORY = "story"
    PICTURE = "picture"
    PACKAGE = "package"
    CONCEPT = "concept"
    KNOWLEDGE = "knowledge"
    PLANNING = "planning"
    CATALOG = "catalog"
    ADVISORY = "advisory"
    OTHER = "other"  # audio, video, graphics, sports statistics: kept, not a story


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing the item says it is about. ``code`` is bare, without the alias."""

    code: str | None
    scheme: str | None  # the scheme's URI where known, else the alias as written
    name: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """An editor's note. ``public`` only where the provider marked it so."""

    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another item: ``rel`` is the provider's word, ``guid`` its id."""

    rel: str
    guid: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a picture, as the provider offers it. Sizes in pixels."""

    href: str
    width: int | None = None
    height: int | None = None
    mime: str | None = None
    name: str | None = None  # e.g. highRes, thumbnail


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a story. ``href`` is its best rendition for the web."""

    href: str
    renditions: tuple[Rendition, ...] = ()
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None
    width: int | None = None
    height: int | None = None
    mime: str | None = None
    guid: str | None = None  # the picture item's own id, so that it can be killed alone


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something the reader saw and did not carry over."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class WireItem:
    """One item as its bytes state it: no policy applied, nothing guessed.

    ``version`` is an ``int`` of any size where the format's version is a whole number,
    a ``str`` where it is another token, ``None`` where the format has none.
    Times are aware. A naive time in the bytes is read as UTC and said in ``dropped``.
    ``embargoed_until`` is ``None`` with ``status`` EMBARGOED for an embargo without end.
    ``body_html`` has passed the allow-list in ``wiredesk.lib.html``; ``body_text`` is
    its text, paragraphs separated by one empty line.
    ``media_topics`` are bare IPTC Media Topic codes (eight digits).
    ``publishable``: the item is news content for readers and its status gives leave to
    show it, at once (usable) or later (embargoed); ``False`` for advisories, withheld,
    canceled and unknown items and whatever is no story.
    """

    format: str  # newsml-g2, nitf, ninjs, rss, atom
    kind: Kind
    guid: str
    status: Status
    publishable: bool
    version: int | str | None = None
    version_created: datetime | None = None
    first_created: datetime | None = None
    signals: tuple[str, ...] = ()
    embargoed_until: datetime | None = None
    expires: datetime | None = None
    language: str | None = None
    headline: str | None = None
    subheadline: str | None = None
    slugline: str | None = None
    bylines: tuple[str, ...] = ()  # one entry a name or desk, without "By"
    dateline: str | None = None
    located: str | None = None
    body_html: str = ""
    body_text: str = ""
    keywords: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    media_topics: tuple[str, ...] = ()
    urgency: int | None = None  # 1 (most) to 9
    genre: str | None = None
    credit: str | None = None
    source: str | None = None  # the provider's name or code, as written
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    editor_notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Picture, ...] = ()
    dropped: tuple[Dropped, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Give the item as the JSON object that ``wiredesk wire read`` prints.

        Keys as in ``docs/reference/wire-item.md`` (``path`` is the command's to add);
        times ISO 8601 with offset. ``kind`` and a picture's ``guid`` stay inside.
        """
        plain = {
            f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)
        }
        del plain["kind"]
        for picture in plain["pictures"]:
            del picture["guid"]
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)
        }
    return str(value) if isinstance(value, enum.StrEnum) else value
