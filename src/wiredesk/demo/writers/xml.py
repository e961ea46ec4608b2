"""What the XML writers share: adding an element, embedding markup, serialising."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from datetime import datetime

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def add(
    parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str
) -> etree._Element:
    """Add a child in the parent's namespace and give it back."""
    namespace = etree.QName(parent).namespace
    name = f"{{{namespace}}}{tag}" if namespace else tag
    child = etree.SubElement(parent, name, attributes)
    child.text = text
    return child


def embed(parent: etree._Element, markup: str, namespace: str | None = None) -> None:
    """Put well-formed markup inside ``parent``, in ``namespace`` if one is given."""
    declared = f' xmlns="{namespace}"' if namespace else ""
    # The markup is our own writers', made of escaped text: no foreign XML comes here.
    wrapper = etree.fromstring(f"<x{declared}>{markup}</x>")
    for child in list(wrapper):
        parent.append(child)


def iso(moment: datetime) -> str:
    """Give a time as ISO 8601 with its offset, to the second."""
    return moment.isoformat(timespec="seconds")


def serialise(root: etree._Element, doctype: str | None = None) -> bytes:
    """Give the document as UTF-8 with declaration, indented for a reader's eyes."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype)
