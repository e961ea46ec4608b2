"""What a NewsML-G2 item carries in its ``contentSet``: a body, and files of pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wiredesk.wire.formats.bodies import Body, pixels
from wiredesk.wire.formats.codes import bare, written
from wiredesk.wire.formats.inline_body import from_words, from_xhtml, is_xhtml
from wiredesk.wire.formats.nitf_body import media_address, read_body, read_bylines
from wiredesk.wire.formats.xml import child, local, text_of
from wiredesk.wire.items import Rendition

if TYPE_CHECKING:
    from lxml import etree

    from wiredesk.wire.formats.drops import Drops

_PATH = "contentSet"
_MOST_RENDITIONS = 50
_NAMED_TYPE = re.compile(r"\s*([\w.+\-]+/[\w.+\-]+)", re.ASCII)


@dataclass(slots=True)
class Content:
    """What was found: the body, the files, and what only the body's markup says."""

    body: Body = field(default_factory=Body)
    renditions: list[Rendition] = field(default_factory=list)
    headline: str | None = None
    bylines: tuple[str, ...] = ()
    dateline: str | None = None


def read_content(
    content: etree._Element | None, headline: str | None, drops: Drops
) -> Content:
    """Read ``contentSet`` (NewsML-G2, contentSet): the first body that has words wins.

    What the content *is* decides how it is read, not its @contenttype: those lie.
    """
    found = Content()
    for part in content if content is not None else ():
        name = local(part)
        if name == "remoteContent":
            _read_remote(part, found, drops)
        elif name in ("inlineXML", "inlineData"):
            if found.body.html:
                drops.add(f"{_PATH}/{name}", "another form of the same body")
            elif name == "inlineXML":
                _read_markup(part, headline, found, drops)
            else:
                _read_data(part, found, drops)
        elif name:
            drops.add(f"{_PATH}/{name}", "not carried over")
    for reason in found.body.dropped:
        drops.add(_PATH, reason)
    return found


def _read_markup(
    part: etree._Element, headline: str | None, found: Content, drops: Drops
) -> None:
    if not len(part):
        if part.text and part.text.strip():
            found.body = from_words(part.text)
        return
    first = part[0]
    name = local(first)
    if name == "nitf":
        _read_nitf(first, found)
    elif len(part) > 1 or (part.text and part.text.strip()):
        if any(is_xhtml(entry) for entry in part):
            found.body = from_xhtml(part, headline)
        else:
            drops.add(f"{_PATH}/inlineXML/{name}", "markup we don't read")
    elif is_xhtml(first):
        found.body = from_xhtml(first, headline)
    else:
        drops.add(f"{_PATH}/inlineXML/{name}", "markup we don't read")


def _read_nitf(document: etree._Element, found: Content) -> None:
    body = child(document, "body")
    top = child(body, "body.head")
    found.body = read_body(body)
    found.headline = text_of(child(child(top, "hedline"), "hl1")) or None
    found.bylines = read_bylines(top)
    found.dateline = text_of(child(top, "dateline")) or None


def _read_data(part: etree._Element, found: Content, drops: Drops) -> None:
    kind = (part.get("contenttype") or "text/plain").strip().lower()
    if part.get("encoding") or part.get("encodinguri"):
        drops.add(f"{_PATH}/inlineData", "encoded data, which is no text")
    elif len(part):
        found.body = from_xhtml(part, None)
    elif (
        kind.startswith(("text/", "application/xhtml", "application/xml")) and part.text
    ):
        found.body = from_words(part.text)
    elif part.text and part.text.strip():
        drops.add(f"{_PATH}/inlineData", f"{kind[:60]}, which is no text")


def _read_remote(part: etree._Element, found: Content, drops: Drops) -> None:
    kind = (part.get("contenttype") or "").strip().lower()
    if kind and not kind.startswith("image/"):
        drops.add(f"{_PATH}/remoteContent", f"{kind[:60]}, which is no picture")
        return
    href = media_address(part.get("href"))
    if href is None:
        drops.add(f"{_PATH}/remoteContent", "a file without an address we may fetch")
        return
    if len(found.renditions) >= _MOST_RENDITIONS:
        drops.add(f"{_PATH}/remoteContent", f"more than {_MOST_RENDITIONS} files")
        return
    mime = _NAMED_TYPE.match(kind)
    name = bare(written(part, "rendition")) or None
    if name:
        # Rendition codes are CamelCase: highRes, sizedTo. Only the alias goes.
        name = written(part, "rendition").rstrip("/").rpartition("/")[2]
        name = name.rpartition(":")[2]
    found.renditions.append(
        Rendition(
            href,
            pixels(part.get("width")),
            pixels(part.get("height")),
            mime[1] if mime else None,
            name,
        )
    )
