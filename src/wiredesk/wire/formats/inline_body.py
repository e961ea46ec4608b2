"""The body of an item as markup inside an XML item: XHTML, NITF or escaped HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from wiredesk.lib.html import clean_tree, to_text
from wiredesk.wire.formats.bodies import (
    Body,
    from_html,
    from_plain,
    pixels,
    remove,
    web_address,
)
from wiredesk.wire.formats.xml import local, text_of
from wiredesk.wire.items import Picture, Rendition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_MARKUP = re.compile(
    r"</?(p|br|div|span|h[1-6]|strong|em|b|i|a|ul|ol|li|table|blockquote)\b[^<>]*>",
    re.IGNORECASE,
)
_FOREIGN = frozenset(
    {
        "script",
        "style",
        "iframe",
        "frame",
        "object",
        "embed",
        "video",
        "audio",
        "form",
        "svg",
        "math",
    }
)
_XHTML = frozenset(
    {"html", "body", "div", "section", "article", "main", "p", "span", "pre", "table"}
)
_MOST_PICTURES = 100


def is_xhtml(element: etree._Element) -> bool:
    """Tell whether the element holds HTML, by its name: labels and namespaces lie."""
    return local(element).lower() in _XHTML


def from_xhtml(element: etree._Element, headline: str | None) -> Body:
    """Clean XHTML as it stands in an item; images come out as pictures.

    A header that only repeats the headline above the body is left out, and said.
    """
    body = next(_named(element, "body"), element)
    dropped = [f"{name}: not allowed in a body" for name in _foreign_names(body)]
    if headline and _take_headline(body, headline):
        dropped.append("a heading that repeats the headline")
    pictures = tuple(take_images(body, dropped))
    if local(body).lower() in ("html", "body", "div", "section", "article", "main"):
        html = clean_tree(body)
    else:
        html = clean_tree(_wrapped(body))
    return Body(html, to_text(html), pictures, tuple(dropped))


def from_words(text: str) -> Body:
    """Read escaped HTML or plain text, whichever it is; the label says little."""
    return from_html(text) if _MARKUP.search(text) else from_plain(text)


def without_pictures(body: Body) -> Body:
    """Give the body without the pictures that stood in it."""
    return replace(body, pictures=())


def take_images(root: etree._Element, dropped: list[str]) -> Iterator[Picture]:
    """Take the images out of the tree, each with the figure that frames it."""
    images = list(_named(root, "img"))
    if len(images) > _MOST_PICTURES:
        dropped.append(f"more than {_MOST_PICTURES} images")
    for image in images[:_MOST_PICTURES]:
        href = web_address(image.get("src"))
        frame = _frame(image, root)
        if href is None:
            dropped.append("an image without a web address")
        else:
            width, height = pixels(image.get("width")), pixels(image.get("height"))
            yield Picture(
                href=href,
                renditions=(Rendition(href, width, height),),
                caption=_caption(frame),
                alt=" ".join((image.get("alt") or "").split()) or None,
                width=width,
                height=height,
            )
        if frame is not None:
            remove(frame)


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return root.iter(name, f"{{*}}{name}")


def _foreign_names(root: etree._Element) -> list[str]:
    tags = dict.fromkeys(element.tag for element in root.iter("*"))
    names = (str(tag).rpartition("}")[2].lower() for tag in tags)
    return list(dict.fromkeys(name for name in names if name in _FOREIGN))


def _take_headline(body: etree._Element, headline: str) -> bool:
    """Remove a first heading, or a header around it, that is the headline again."""
    for element in body:
        name = local(element)
        if name == "header":
            headings = list(_named(element, "h1"))
            if not headings or text_of(headings[0]) != headline:
                return False
        elif name not in ("h1", "h2") or text_of(element) != headline:
            return False
        remove(element)
        return True
    return False


def _frame(image: etree._Element, root: etree._Element) -> etree._Element | None:
    for around in image.iterancestors():
        if around is root:
            return None
        if local(around) == "figure":
            return around
    return None


def _caption(frame: etree._Element | None) -> str | None:
    if frame is None:
        return None
    return next((text_of(words) or None for words in _named(frame, "figcaption")), None)


def _wrapped(element: etree._Element) -> etree._Element:
    """Put a lone paragraph or table into a body, so that its own tag is kept."""
    wrapper = element.makeelement("body", {}, {})
    wrapper.append(element)
    element.tail = None
    return wrapper
