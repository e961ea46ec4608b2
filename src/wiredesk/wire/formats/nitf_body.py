"""The body of an NITF document as HTML, and the pictures that stand in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wiredesk.lib.html import clean_tree, to_text
from wiredesk.wire.formats.bodies import Body, pixels, remove
from wiredesk.wire.formats.bylines import split_byline
from wiredesk.wire.formats.inline_body import take_images
from wiredesk.wire.formats.renditions import best
from wiredesk.wire.formats.xml import child, children, local, text_of
from wiredesk.wire.items import Picture, Rendition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

# What NITF's own elements are in HTML; inline ones it doesn't name lose only their tag.
NAMES: Mapping[str, str] = {
    "block": "div",
    "note": "div",
    "body.content": "div",
    "nitf-table": "div",
    "bq": "blockquote",
    "credit": "div",
    "fn": "div",
    "datasource": "div",
    "postaddr": "div",
    "addressee": "div",
    "hl1": "h2",
    "hl2": "h2",
    "nitf-table-metadata": "",
    "custom-table": "",
    "media": "",
    "object": "",
    "alt-code": "",
}
_MOST_MEDIA = 100
_LONGEST_BYLINE = 1000
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_TAIL = re.compile(r"(?:\s*[,;])+\s*\.?\s*\Z|\s+\.\Z")


def read_body(body: etree._Element | None) -> Body:
    """Read ``body/body.content`` (NITF, body.content); media come out as pictures."""
    content = child(body, "body.content")
    if content is None:
        return Body()
    dropped: list[str] = []
    pictures = [*_take_media(content, dropped), *take_images(content, dropped)]
    html = clean_tree(content, NAMES)
    return Body(html, to_text(html), tuple(pictures), tuple(dropped))


def read_bylines(head: etree._Element | None) -> tuple[str, ...]:
    """Give the names in ``body.head/byline``, without titles (NITF, byline)."""
    if head is None:
        return ()
    names: list[str] = []
    for byline in children(head, "byline"):
        people = [text_of(person) for person in children(byline, "person")]
        names.extend(name for name in people if name)
        if not any(people):
            names.extend(split_byline(_without_title(byline)))
    return tuple(dict.fromkeys(names))


def media_address(written: str | None) -> str | None:
    """Give where a picture's file is: on the web, or beside the item; else ``None``."""
    address = " ".join((written or "").split())
    if not address:
        return None
    scheme = _SCHEME.match(address)
    if scheme and scheme[0].lower() not in ("http:", "https:", "file:"):
        return None
    return address.replace(" ", "%20")


def picture_of(renditions: list[Rendition], **words: str | None) -> Picture | None:
    """Make one picture of its files; ``None`` where browsers show none of them."""
    shown = best(renditions)
    if shown is None:
        return None
    return Picture(
        href=shown.href,
        renditions=tuple(renditions),
        caption=words.get("caption"),
        credit=words.get("credit"),
        alt=words.get("alt"),
        width=shown.width,
        height=shown.height,
        mime=shown.mime,
        guid=words.get("guid"),
    )


def _without_title(byline: etree._Element) -> str:
    words = [byline.text or ""]
    for part in byline:
        if local(part) not in ("byttl", "location", "virtloc"):
            words.append(text_of(part))
        words.append(part.tail or "")
    line = " ".join("".join(words)[:_LONGEST_BYLINE].split())
    return _TAIL.sub("", line)


def _take_media(content: etree._Element, dropped: list[str]) -> Iterator[Picture]:
    found = list(content.iter("media", "{*}media"))
    if len(found) > _MOST_MEDIA:
        dropped.append(f"more than {_MOST_MEDIA} media")
    for number, media in enumerate(found):
        picture = _picture(media) if number < _MOST_MEDIA else None
        remove(media)
        if picture is not None:
            yield picture
        elif number < _MOST_MEDIA:
            kind = (media.get("media-type") or "").strip() or "of no type"
            dropped.append(f"media ({kind[:40]}) that is no picture we can show")


def _picture(media: etree._Element) -> Picture | None:
    kind = (media.get("media-type") or "").lower()
    alternate = None
    renditions = []
    for reference in children(media, "media-reference"):
        href = media_address(reference.get("source") or reference.get("data-location"))
        mime = (reference.get("mime-type") or "").strip().lower() or None
        if href is None or (mime or "image/").partition("/")[0] in ("video", "audio"):
            continue
        alternate = alternate or text_of_words(reference.get("alternate-text"))
        name = text_of_words(reference.get("name"))
        sizes = pixels(reference.get("width")), pixels(reference.get("height"))
        renditions.append(Rendition(href, *sizes, mime, name))
    if kind in ("video", "audio", "movie", "text", "other"):
        return None
    captions = [text_of(caption) for caption in children(media, "media-caption")]
    producers = [text_of(producer) for producer in children(media, "media-producer")]
    return picture_of(
        renditions,
        caption=" ".join(words for words in captions if words) or None,
        credit=" / ".join(dict.fromkeys(words for words in producers if words)) or None,
        alt=alternate,
    )


def text_of_words(written: str | None) -> str | None:
    """Give an attribute's words on one line, ``None`` for none."""
    return " ".join((written or "").split()) or None
