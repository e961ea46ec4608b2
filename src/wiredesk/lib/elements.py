"""XML elements, written as text.

A feed or a sitemap has a thousand of them, and a kill has all drawn anew: building a tree
first takes several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.lib.text import printable


def element(name: str, text: str = "", /, **attributes: str) -> str:
    """Give an element with text in it, or none; whatever text says, it stays text.

    Control characters, which XML has no way to say, are left out. ``name`` and the names
    of attributes are ours and never anybody's words.
    """
    return _element(name, _escaped(text), attributes)


def around(name: str, elements: Iterable[str], /, **attributes: str) -> str:
    """Give an element with elements in it."""
    return _element(name, "".join(elements), attributes)


def document(name: str, inside: Iterable[bytes], /, **attributes: str) -> bytes:
    """Give a document in UTF-8 with that root, in which these elements are, a line each."""
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<{_start(name, attributes)}>'
    return b"\n".join((start.encode(), *inside, f"</{name}>".encode()))


def _element(name: str, inside: str, attributes: dict[str, str]) -> str:
    start = _start(name, attributes)
    return f"<{start}>{inside}</{name}>" if inside else f"<{start}/>"


def _start(name: str, attributes: dict[str, str]) -> str:
    each = (f' {key}="{_quoted(value)}"' for key, value in attributes.items())
    return "".join((name, *each))


def _escaped(text: str) -> str:
    text = printable(text)
    # Most texts have none of them, and looking is far sooner done than replacing.
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    # As it is, readers would take it for a line's end (XML 1.0, 2.11).
    return text.replace("\r", "&#13;") if "\r" in text else text


def _quoted(value: str) -> str:
    value = _escaped(value).replace('"', "&quot;")
    # Readers would make blanks of them (XML 1.0, 3.3.3).
    return value.replace("\n", "&#10;").replace("\t", "&#9;")
