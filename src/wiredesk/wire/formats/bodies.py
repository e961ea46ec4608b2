"""A body as JSON and feeds carry it: a piece of HTML, or plain text, in one string."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from wiredesk.lib.html import clean, clean_tree, parse, plain, to_text
from wiredesk.lib.text import one_line, printable
from wiredesk.wire.items import Picture, Rendition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from wiredesk.wire.formats.drops import Drops

MOST_PICTURES = 100

_FIRST_BLOCK = re.compile(r"<(h[2-4]|p)>.{1,1000}?</\1>", re.DOTALL)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_PIXELS = re.compile(r"\s*([0-9]{1,6})(?:\.0+)?\s*(?:px)?\s*\Z")
_LINK = re.compile(r"<a\b", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"<(script|iframe|frame|object|embed|video|audio|form|svg|math|style)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """Clean HTML, its text, and the pictures that stood in it, in order.

    ``dropped`` says in words what else stood there and can't be on a page.
    """

    html: str = ""
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    dropped: tuple[str, ...] = ()


def from_html(words: str, base: str | None = None) -> Body:
    """Clean a piece of HTML; its images come out as pictures, with their captions.

    ``base`` is the address that relative images are relative to. An image without a
    web address is named in ``dropped``; a pixel that only counts readers is just gone.
    """
    dropped = [
        f"{tag}: not allowed in a body"
        for tag in dict.fromkeys(tag.lower() for tag in _FOREIGN.findall(words))
    ]
    if not (_IMAGE.search(words) or (base and _LINK.search(words))):
        html = clean(words)
        return Body(html, to_text(html), (), tuple(dropped))
    root = parse(words)
    if root is None:
        dropped.append("images: the body is nested too deeply to take them out")
        html = clean(words)
        return Body(html, to_text(html), (), tuple(dropped))
    return from_tree(root, base, dropped)


def from_tree(
    root: etree._Element, base: str | None = None, dropped: Iterable[str] = ()
) -> Body:
    """Clean what is inside an element that is already parsed, as ``from_html`` would.

    The tree is changed on the way: images leave it, relative links become absolute.
    """
    reasons = list(dropped)
    if base:
        for link in root.iter("{*}a"):
            if address := web_address(link.get("href"), base):
                link.set("href", address)
    pictures = tuple(_take_pictures(root, base, reasons))
    html = clean_tree(root)
    return Body(html, to_text(html), pictures, tuple(dict.fromkeys(reasons)))


def from_plain(words: str) -> Body:
    """Give plain text as paragraphs.

    An empty line ends a paragraph; text without any has a paragraph a line, as
    agencies' plain bodies do.
    """
    whole = printable(words).replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = _EMPTY_LINE.split(whole) if _EMPTY_LINE.search(whole) else whole.split("\n")
    lines = [line for part in parts if (line := one_line(part))]
    html = clean("".join(f"<p>{escape(line, quote=False)}</p>" for line in lines))
    return Body(html, to_text(html))


def without_headline(body: Body, headline: str | None) -> Body:
    """Give the body without the headline that some senders repeat as its first line."""
    if headline is None or not body.html:
        return body
    first = _FIRST_BLOCK.match(body.html)
    if first is None or plain(first[0]) != headline:
        return body
    html = body.html[first.end() :].lstrip()
    return replace(body, html=html, text=to_text(html))


def says_something(headline: str | None, body: Body, drops: Drops) -> bool:
    """Tell whether there is anything to publish; if not, say so in ``dropped``."""
    if headline or body.html:
        return True
    drops.add("body", "neither headline nor text: nothing to publish")
    return False


def _take_pictures(
    root: etree._Element, base: str | None, dropped: list[str]
) -> Iterator[Picture]:
    """Take the images out of the tree, and with each the figure that frames it."""
    seen: set[str] = set()
    # Each figure is looked through once, however many images it holds.
    captions: dict[etree._Element, str | None] = {}
    for image in list(root.iter("{*}img")):
        frame = _frame(image)
        if frame is not None and frame not in captions:
            captions[frame] = _caption(frame)
            if not any(frame.iter("{*}table", "{*}blockquote", "{*}video")):
                remove(frame)
        href = web_address(image.get("src") or image.get("data-src"), base)
        if href is None:
            dropped.append("an image without a web address")
        elif href not in seen and not _is_beacon(image):
            if len(seen) >= MOST_PICTURES:
                dropped.append(f"more than {MOST_PICTURES} images")
                return
            seen.add(href)
            yield _picture(image, href, None if frame is None else captions[frame])


def _picture(image: etree._Element, href: str, caption: str | None) -> Picture:
    width, height = pixels(image.get("width")), pixels(image.get("height"))
    return Picture(
        href=href,
        renditions=(Rendition(href, width, height),),
        caption=caption,
        alt=one_line(image.get("alt")),
        width=width,
        height=height,
    )


def _is_beacon(image: etree._Element) -> bool:
    return any(pixels(image.get(side)) in (0, 1, 2) for side in ("width", "height"))


def _frame(image: etree._Element) -> etree._Element | None:
    """Give the figure around an image; WordPress used a ``div`` for it for years."""
    for around in image.iterancestors("{*}figure", "{*}div"):
        if _is(around, "figure") or "wp-caption" in (around.get("class") or ""):
            return around
    return None


def _caption(frame: etree._Element) -> str | None:
    for caption in frame.iter("{*}figcaption", "{*}p"):
        if _is(caption, "figcaption") or "wp-caption" in (caption.get("class") or ""):
            return one_line("".join(caption.itertext()))
    return None


def _is(element: etree._Element, name: str) -> bool:
    tag = element.tag
    return isinstance(tag, str) and tag.rpartition("}")[2] == name


def remove(element: etree._Element) -> None:
    """Take an element out of its tree and leave the words that follow it."""
    parent = element.getparent()
    if parent is None:
        return
    # What follows the element hangs on it in lxml, and is no part of it.
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def pixels(written: str | None) -> int | None:
    """Give a size in pixels, or ``None`` where it is no plain number."""
    match = _PIXELS.match(written or "")
    return int(match[1]) if match else None


def web_address(written: str | None, base: str | None = None) -> str | None:
    """Give an absolute http(s) address, resolved against ``base``, or ``None``."""
    address = one_line(written)
    if address is None:
        return None
    try:
        parts = urlsplit(urljoin(base, address) if base else address)
        host = parts.hostname
    except ValueError:  # a bracket that is no IPv6 address
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return parts.geturl().replace(" ", "%20")
