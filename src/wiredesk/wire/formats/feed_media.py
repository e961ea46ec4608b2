"""Pictures that feeds send beside the text: Media RSS, enclosures, thumbnails."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wiredesk.lib.text import one_line
from wiredesk.wire.formats.bodies import web_address
from wiredesk.wire.formats.feed_common import Element, as_line, name_of
from wiredesk.wire.formats.renditions import best, file_beside, is_for_web
from wiredesk.wire.items import Picture, Rendition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from wiredesk.wire.formats.drops import Drops

MOST_PICTURES = 100
MOST_RENDITIONS = 30
_LARGEST_SIZE = 1_000_000


@dataclass
class _Words:
    """What is said about a picture, where nothing nearer to it says otherwise."""

    caption: str | None = None
    credit: str | None = None
    alt: str | None = None


@dataclass
class _Found:
    files: list[Rendition]
    words: _Words = field(default_factory=_Words)


def media_pictures(entry: Element, base: str | None) -> list[Picture]:
    """Give the pictures of an entry's Media RSS elements, each with all its files.

    A ``media:group`` is one picture in several files, and so are several
    ``media:content`` whose addresses differ only after the question mark. Captions and
    credits come from the nearest level that has them. Sound and film are dropped.
    """
    common = _words(entry, _Words())
    found: list[_Found] = []
    for group in entry.all("media:group"):
        inner = Element(group, entry.drops)
        words = _words(inner, common)
        files = _contents(inner, words, base)
        if files:
            merged = [file for one in files for file in one.files]
            found.append(_Found(merged, files[0].words))
    found.extend(_merged(_contents(entry, common, base)))
    thumbnails = _thumbnails(entry.all("media:thumbnail"), base)
    if thumbnails and found:
        found[0].files.extend(thumbnails)
    elif thumbnails:
        found.append(_Found(thumbnails, common))
    return _pictures(found, entry.drops)


def enclosed_picture(
    address: str | None, mime: str | None, base: str | None, drops: Drops
) -> Picture | None:
    """Give an enclosure as a picture, if it is one; otherwise name it as dropped."""
    href = web_address(address, base)
    file = Rendition(href or "", mime=one_line(mime))
    if href is None:
        drops.add("enclosure", "a file without a web address")
    elif (file.mime or "").startswith("image/") and is_for_web(file):
        return Picture(href=href, renditions=(file,), mime=file.mime)
    else:
        drops.add("enclosure", f"not a picture for the web: {file.mime or 'no type'}")
    return None


def without_repeats(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Give each picture once; the first keeps its place, and learns what others say."""
    kept: dict[str, Picture] = {}
    owners: dict[str, str] = {}
    for picture in pictures:
        owner = next(
            (
                owners[key]
                for file in picture.renditions
                if (key := file.href) in owners
            ),
            None,
        )
        if owner is None:
            owner = picture.href
            kept[owner] = picture
        else:
            first = kept[owner]
            kept[owner] = replace(
                first,
                caption=first.caption or picture.caption,
                credit=first.credit or picture.credit,
                alt=first.alt or picture.alt,
                width=first.width or picture.width,
                height=first.height or picture.height,
            )
        owners.update((file.href, owner) for file in picture.renditions)
    return tuple(kept.values())[:MOST_PICTURES]


def _contents(level: Element, common: _Words, base: str | None) -> list[_Found]:
    found: list[_Found] = []
    for content in level.all("media:content"):
        if not _is_picture(content):
            level.drops.add("media:content", "not a picture for the web")
            continue
        inner = Element(content, level.drops)
        file = _file(content, base)
        if file is None:
            level.drops.add("media:content", "a file without a web address")
            continue
        files = [file, *_thumbnails(inner.all("media:thumbnail"), base)]
        found.append(_Found(files, _words(inner, common)))
    return found


def _merged(found: list[_Found]) -> list[_Found]:
    pictures: dict[str, _Found] = {}
    for one in found:
        key = one.files[0].href.partition("?")[0]
        # Without sizes two files of one name may well be two pictures.
        if one.files[0].width is None:
            key = one.files[0].href
        if key in pictures:
            pictures[key].files.extend(one.files)
        else:
            pictures[key] = one
    return list(pictures.values())


def _pictures(found: list[_Found], drops: Drops) -> list[Picture]:
    pictures = []
    for one in found[:MOST_PICTURES]:
        files = list(dict.fromkeys(one.files))[:MOST_RENDITIONS]
        shown = best(files)
        if shown is None:
            drops.add("media:content", "not a picture for the web")
            continue
        pictures.append(
            Picture(
                href=shown.href,
                renditions=tuple(files),
                caption=one.words.caption,
                credit=one.words.credit,
                alt=one.words.alt,
                width=shown.width,
                height=shown.height,
                mime=shown.mime,
            )
        )
    return pictures


def _words(level: Element, common: _Words) -> _Words:
    credits = [
        line
        for part in level.all("media:credit")
        if name_of(part) == "media:credit" and (line := as_line(part))
    ]
    return _Words(
        caption=level.line("media:description", "media:text") or common.caption,
        credit=", ".join(dict.fromkeys(credits))
        or level.line("media:copyright")
        or common.credit,
        alt=level.line("media:title") or common.alt,
    )


def _is_picture(content: etree._Element) -> bool:
    medium = (content.get("medium") or "").strip().lower()
    mime = (content.get("type") or "").strip().lower()
    if medium or mime:
        return medium == "image" or (not medium and mime.startswith("image/"))
    return is_for_web(Rendition(content.get("url") or ""))


def _file(element: etree._Element, base: str | None) -> Rendition | None:
    written = element.get("url")
    href = web_address(written, base) or file_beside(written)
    if href is None:
        return None
    return Rendition(
        href=href,
        width=_size(element.get("width")),
        height=_size(element.get("height")),
        mime=one_line(element.get("type")),
    )


def _thumbnails(
    elements: Iterable[etree._Element], base: str | None
) -> list[Rendition]:
    files = (_file(element, base) for element in elements)
    return [replace(file, name="thumbnail") for file in files if file]


def _size(written: str | None) -> int | None:
    digits = (written or "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8):
        return None
    return int(digits) if 0 < int(digits) <= _LARGEST_SIZE else None
