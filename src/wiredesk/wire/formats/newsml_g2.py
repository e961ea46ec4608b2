"""Reads NewsML-G2: an item by itself, or a newsMessage with many.

In a message with a package the pictures of the package go with its texts; each picture
also comes out as an item of its own, so that it can be withdrawn alone.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from wiredesk.wire.formats.codes import STANDARD, with_catalogs
from wiredesk.wire.formats.newsml_g2_item import Read, read_item
from wiredesk.wire.formats.newsml_g2_words import KINDS
from wiredesk.wire.formats.nitf import has_content
from wiredesk.wire.formats.xml import child, children, local, parse
from wiredesk.wire.items import (
    Dropped,
    Kind,
    Picture,
    Status,
    UnreadableError,
    WireItem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from wiredesk.wire.formats.xml import Document

ROOTS = frozenset({"newsMessage", *KINDS})
MOST_ITEMS = 10_000
_MOST_PICTURES = 100
_TRANSPORT = "the message's own header, about its transport"


def read(raw: bytes) -> list[WireItem]:
    """Read one item or one message. Raises ``UnreadableError``, and nothing else."""
    return read_document(parse(raw))


def read_document(document: Document) -> list[WireItem]:
    """Read a document already parsed: its items in their order, never none."""
    root = document.root
    name = local(root)
    if name in KINDS:
        return _with_pictures([read_item(root, STANDARD, document.dropped)])
    if name != "newsMessage":
        raise UnreadableError(
            f"this is no NewsML-G2 item or message: its first element is {name[:60]}"
        )
    header = child(root, "header")
    aliases = with_catalogs(STANDARD, root)
    noted = [*document.dropped]
    if header is not None:
        aliases = with_catalogs(aliases, header)
        if has_content(header):
            noted.append(Dropped("newsMessage/header", _TRANSPORT))
    found: list[Read] = []
    for element in _elements(root):
        if local(element) in KINDS:
            found.append(read_item(element, aliases, noted if not found else ()))
        elif has_content(element):
            noted.append(
                Dropped(f"newsMessage/itemSet/{local(element)}", "no item we know")
            )
    if not found:
        raise UnreadableError(
            "the newsMessage holds no item; ask the sender what it was meant to bring"
        )
    return _with_pictures(found)


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    count = 0
    for item_set in children(root, "itemSet"):
        for element in item_set:
            count += 1
            if count > MOST_ITEMS:
                raise UnreadableError(
                    f"the message holds more than {MOST_ITEMS:,} items; ask the sender "
                    "to send them in several messages"
                )
            yield element


def _with_pictures(found: list[Read]) -> list[WireItem]:
    """Give each text the pictures of its package, and those it links to itself."""
    pictures: dict[str, WireItem] = {}
    for read in found:
        if read.item.kind is Kind.PICTURE and read.item.pictures:
            pictures[read.item.guid] = read.item
    if not pictures:
        return [read.item for read in found]
    texts = {read.item.guid for read in found if read.item.kind is Kind.STORY}
    holding: dict[str, list[str]] = {}
    for read in found:
        if read.item.kind is not Kind.PACKAGE:
            continue
        shown = [guid for guid in read.members if guid in pictures][:_MOST_PICTURES]
        for guid in read.members if shown else ():
            if guid in texts and len(holding.setdefault(guid, [])) < _MOST_PICTURES:
                holding[guid].extend(shown)
    items: list[WireItem] = []
    for read in found:
        item = read.item
        if item.kind is Kind.STORY:
            linked = [link.guid for link in item.links if link.guid in pictures]
            guids = dict.fromkeys([*holding.get(item.guid, ()), *linked])
            item = _joined(item, (pictures[guid] for guid in guids))
        items.append(item)
    return items


def _joined(item: WireItem, others: Iterable[WireItem]) -> WireItem:
    """Add the pictures that may be shown whenever the text may."""
    added: list[Picture] = []
    held: list[Dropped] = []
    for other in others:
        if len(added) + len(held) >= _MOST_PICTURES:
            break
        if _may_go_with(other, item):
            added.append(other.pictures[0])
        else:
            held.append(Dropped(f"picture {other.guid}"[:200], "it may not be shown"))
    if not added and not held:
        return item
    return dataclasses.replace(
        item,
        pictures=(*item.pictures, *added),
        dropped=(*item.dropped, *held),
    )


def _may_go_with(picture: WireItem, text: WireItem) -> bool:
    if picture.status is not Status.USABLE:
        return False
    until = picture.embargoed_until
    if until is None:
        return True
    return text.embargoed_until is not None and until <= text.embargoed_until
