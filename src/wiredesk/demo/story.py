"""One story of the demo as its text file states it, and as it is at a given start.

A file is named ``<slug>.md``; a later version of the same story ``<slug>.2.md``, and it
need only state what differs. Above the text stands TOML between two ``+++`` lines.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from wiredesk.demo.dates import fill
from wiredesk.demo.markup import Block, parse


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of one story, its times still relative to the demo's start.

    ``hours`` before the start it was written; ``delay`` seconds after the start it is
    delivered, ``None`` if it was there before. ``embargo`` and ``expires`` are seconds
    after the start. ``bundle`` names the file it shares with other stories.
    """

    feed: str
    slug: str
    version: int
    headline: str
    form: str
    slugline: str
    place: str
    topics: tuple[str, ...]
    text: str
    subheadline: str = ""
    byline: str = ""
    urgency: int = 5
    hours: float = 0.0
    delay: float | None = None
    bundle: str = ""
    language: str = "en"
    direction: str = "ltr"
    keywords: tuple[str, ...] = ()
    picture: str = ""
    genre: str = ""
    status: str = "usable"
    signal: str = ""
    public_note: str = ""
    editor_note: str = ""
    embargo: float | None = None
    expires: float | None = None
    advisory: bool = False
    author: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A version with real times and words: all that a writer needs."""

    copy: Copy
    guid: str
    headline: str
    subheadline: str
    public_note: str
    blocks: tuple[Block, ...]
    first_created: datetime
    version_created: datetime
    embargoed: datetime | None
    expires: datetime | None


def read_copy(feed: str, name: str, text: str) -> dict[str, Any]:
    """Split a story file into the fields it states.

    Raises ``ValueError`` when the front matter is missing or is not TOML.
    """
    _, front, body = text.split("+++\n", 2)
    fields: dict[str, Any] = tomllib.loads(front)
    slug, _, version = name.removesuffix(".md").partition(".")
    for key in ("topics", "keywords"):
        if key in fields:
            fields[key] = tuple(fields[key])
    return fields | {
        "feed": feed,
        "slug": slug,
        "version": int(version or 1),
        "text": body.strip(),
    }


@functools.cache
def copies(feed: str) -> tuple[Copy, ...]:
    """Give every version of every story of a feed, by slug and version."""
    folder = files("wiredesk.demo").joinpath("stories", feed)
    names = sorted(
        entry.name for entry in folder.iterdir() if entry.name.endswith(".md")
    )
    stated = [
        read_copy(feed, name, folder.joinpath(name).read_text("utf-8"))
        for name in names
    ]
    stated.sort(key=lambda fields: (fields["slug"], fields["version"]))
    found: list[Copy] = []
    first: Copy | None = None
    for fields in stated:
        if first is None or first.slug != fields["slug"]:
            first = Copy(**fields)
            found.append(first)
        else:
            found.append(_later(first, fields))
    return tuple(found)


def _later(first: Copy, fields: dict[str, Any]) -> Copy:
    """Let a later version inherit what is the story's, not what is one version's own."""
    inherited = replace(
        first,
        signal="",
        public_note="",
        editor_note="",
        bundle="",
        hours=0.0,
        delay=None,
    )
    if not fields["text"]:
        fields = fields | {"text": first.text}
    return replace(inherited, **fields)


def dispatch(copy: Copy, start: datetime) -> Dispatch:
    """Give a version its real times, guid and words for a demo that starts at ``start``."""
    first = next(c for c in copies(copy.feed) if c.slug == copy.slug)
    first_created = written(first, start)
    created = written(copy, start)

    def words(text: str) -> str:
        return fill(text, created, copy.language)

    return Dispatch(
        copy=copy,
        guid=guid(copy, start),
        headline=words(copy.headline),
        subheadline=words(copy.subheadline),
        public_note=words(copy.public_note),
        blocks=parse(words(copy.text)),
        first_created=min(first_created, created),
        version_created=created,
        embargoed=_after(start, copy.embargo),
        expires=_after(start, copy.expires),
    )


def written(copy: Copy, start: datetime) -> datetime:
    """Tell when a version was written; ``hours`` wins, else the moment of delivery."""
    if copy.hours or copy.delay is None:
        return (start - timedelta(hours=copy.hours)).replace(microsecond=0)
    return (start + timedelta(seconds=copy.delay - 2)).replace(microsecond=0)


def guid(copy: Copy, start: datetime) -> str:
    """Give the id all versions of a story share, dated by the demo's first day."""
    day = (start - timedelta(hours=30)).strftime("%Y%m%d")
    return f"urn:newsml:{copy.feed}.example:{day}:{copy.slug}"


def _after(start: datetime, seconds: float | None) -> datetime | None:
    if seconds is None:
        return None
    return (start + timedelta(seconds=seconds)).replace(microsecond=0)
