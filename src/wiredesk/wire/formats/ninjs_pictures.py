"""What a ninjs item is tied to: pictures with their files, and links to the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wiredesk.lib.html import plain
from wiredesk.lib.text import one_line
from wiredesk.wire.formats.bodies import web_address
from wiredesk.wire.formats.ninjs_times import Leave, leave_of
from wiredesk.wire.formats.renditions import best, file_beside
from wiredesk.wire.items import Link, Picture, Rendition, Status

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.wire.formats.ninjs_fields import Fields

MOST_PICTURES = 100
MOST_LINKS = 500
MOST_RENDITIONS = 30

_LEAD = re.compile(r"feature|main|lead|hero", re.IGNORECASE)
_PICTURES = ("picture", "graphic", "image")
_CAPTION_ROLES = ("caption", "text", "main", "xhtml", "html", "")
_CREDIT_ROLES = ("creditline", "credit", "description_creditline")
_ALT_ROLES = ("alttext", "alt", "accessibility", "alt_text", "extaltlong")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+);")


@dataclass
class Ties:
    """What the associations of an item come to."""

    pictures: list[Picture] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def ties(item: Fields, headline: str | None, sent: datetime | None) -> Ties:
    """Read ``associations``: pictures that may be shown, links to everything else.

    The lead picture comes first. A picture that is itself withheld, canceled or under
    an embargo still running when the item was sent is left out, and said so.
    """
    found = Ties()
    leads: list[Picture] = []
    for name, entry in item.named("associations"):
        is_picture = (entry.text("type") or "picture").lower() in _PICTURES
        if is_picture and (reason := _why_not(leave_of(entry), sent)):
            entry.drops.add(entry.path, reason)
            continue
        picture = _tied_picture(entry, headline) if is_picture else None
        if picture is None:
            _link(found, name, entry)
        elif len(found.pictures) + len(leads) >= MOST_PICTURES:
            entry.drops.add(entry.path, f"more than {MOST_PICTURES} pictures")
        else:
            (leads if _LEAD.search(name) else found.pictures).append(picture)
    found.pictures[:0] = leads
    return found


def link_all(item: Fields) -> list[Link]:
    """Give a package's associations as links, pictures too."""
    found = Ties()
    for name, entry in item.named("associations"):
        _link(found, name, entry)
    return found.links


def own_picture(item: Fields, headline: str | None) -> Picture | None:
    """Give the picture that a picture item itself is; ``None`` without a usable file."""
    return _picture(item, headline, None)


def description(item: Fields, roles: tuple[str, ...]) -> str | None:
    """Give the description in the first of ``roles`` there is, as one line of text.

    ninjs 1.x writes ``description_<role>``, 2.x and 3.x a list with roles.
    """
    listed: dict[str, str] = {}
    for entry in item.entries("descriptions"):
        role = (entry.text("role") or "").rpartition(":")[2].lower()
        words = entry.prose("value")
        if words:
            listed.setdefault(role, words)
    for role in roles:
        key = f"description_{role}" if role else "description"
        words = listed.get(role) or (item.prose(key) if key in item else None)
        if words:
            return as_line(words)
    return None


def as_line(words: str) -> str | None:
    """Give words that may hold markup as one line of plain text."""
    return (plain(words) or None) if _MARKUP.search(words) else one_line(words)


def credit_line(item: Fields) -> str | None:
    """Give the credit line the provider demands, where it has one."""
    return item.text("creditline", "credit") or description(item, _CREDIT_ROLES)


def is_credit(entry: Fields) -> bool:
    """Tell whether an entry of ``descriptions`` is the credit line."""
    return (entry.text("role") or "").rpartition(":")[2].lower() in _CREDIT_ROLES


def _tied_picture(entry: Fields, headline: str | None) -> Picture | None:
    picture = _picture(entry, None, headline)
    if picture:
        entry.ask("type", "standard", "$standard", "version", "versioncreated")
        entry.rest()
    return picture


def _why_not(leave: Leave, sent: datetime | None) -> str | None:
    if leave.status is not Status.USABLE:
        return f"the picture is {leave.status}"
    if leave.embargoed_until and (sent is None or leave.embargoed_until > sent):
        return f"the picture is embargoed until {leave.embargoed_until.isoformat()}"
    if leave.expires and sent is not None and leave.expires <= sent:
        return f"the picture expired on {leave.expires.isoformat()}"
    return None


def _picture(
    item: Fields, own_headline: str | None, story_headline: str | None
) -> Picture | None:
    files = _renditions(item)
    shown = best(files)
    if shown is None:
        return None
    caption = description(item, _CAPTION_ROLES) or _body_as_caption(item)
    title = own_headline or item.text("headline", "title") or _first_headline(item)
    alt = item.text("alttext", "alt_text", "alt") or description(item, _ALT_ROLES)
    if alt is None and title not in (caption, story_headline):
        alt = title
    return Picture(
        href=shown.href,
        renditions=tuple(files),
        caption=caption,
        credit=_credit(item),
        alt=alt,
        width=shown.width,
        height=shown.height,
        mime=shown.mime,
        guid=item.text("uri"),
    )


def _first_headline(item: Fields) -> str | None:
    for entry in item.entries("headlines"):
        words = entry.prose("value")
        if words:
            return as_line(words)
    return None


def _body_as_caption(item: Fields) -> str | None:
    for name in ("body_text", "body_xhtml"):
        words = item.prose(name) if name in item else None
        if words:
            return as_line(words)
    return None


def _credit(item: Fields) -> str | None:
    """Photographer and agency: both have a right to be named."""
    line, author = credit_line(item), item.text("byline", "by")
    if line and author and author.lower() not in line.lower():
        return f"{author}/{line}"
    if line or author:
        return line or author
    notice = item.text("copyrightholder", "copyrightnotice")
    if notice:
        return notice
    return next(
        (
            name
            for entry in item.entries("infosource", "infosources")
            if (name := entry.text("name"))
        ),
        None,
    )


def _renditions(item: Fields) -> list[Rendition]:
    files: list[Rendition] = []
    for name, entry in item.named("renditions"):
        written = entry.text("href")
        href = web_address(written) or file_beside(written)
        if href is None:
            entry.drops.add(entry.path, "a file without a web address")
            continue
        if len(files) >= MOST_RENDITIONS:
            entry.drops.add(entry.path, f"more than {MOST_RENDITIONS} files")
            break
        files.append(
            Rendition(
                href=href,
                width=entry.size("width"),
                height=entry.size("height"),
                mime=entry.text("mimetype", "contenttype"),
                name=name or entry.text("title"),
            )
        )
    return files


def _link(found: Ties, name: str, entry: Fields) -> None:
    guid = entry.text("uri")
    if guid is None:
        entry.drops.add(entry.path, "an association without a uri")
    elif len(found.links) >= MOST_LINKS:
        entry.drops.add(entry.path, f"more than {MOST_LINKS} associations")
    else:
        found.links.append(Link(entry.text("rel") or name or "associated", guid))
