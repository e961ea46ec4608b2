"""The one place where XML is parsed: no network, no DTD, no entity of a file's making.

lxml never sees a DOCTYPE. An internal subset is refused before parsing; a DOCTYPE that
only names an external DTD is cut out, and the named characters such a DTD stands for
come from HTML's own table instead.
"""

from __future__ import annotations

import html.entities
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from wiredesk.lib.text import printable, shorten
from wiredesk.wire.formats.charset import decode
from wiredesk.wire.items import Dropped, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 32 * 1024 * 1024
"""Bytes of the largest file read; a larger one is refused with its reason."""

MOST_TAGS = 2_000_000
"""Tags of the largest tree built: a tree takes up to a hundred times its bytes."""

_LEADING_JUNK = 2048  # characters looked at for a start: a mail's or a line's header
_START = re.compile(r"<(?:\?xml[\s?]|!--|!DOCTYPE|[A-Za-z_])")
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,400}\?>")
_SKIPPED = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(
    r"<!DOCTYPE\s+[^\s\[>\"']+"
    r"(?:\s+(?:SYSTEM\s*(?:\"[^\"]*\"|'[^']*')"
    r"|PUBLIC\s*(?:\"[^\"]*\"|'[^']*')\s*(?:\"[^\"]*\"|'[^']*')?))?"
    r"\s*([\[>])",
    re.IGNORECASE,
)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z_:]")
# Stretches in which an ampersand is just a character; \Z so that an unclosed one is
# walked through once, not once from every beginning.
_ENTITY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    r"|&(?P<name>[A-Za-z_:][A-Za-z0-9_:.\-]*);",
    re.DOTALL,
)
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
# Elements of blocks within words; without a space theirs would run together.
_APART = frozenset({"br", "p", "div", "li", "td", "th", "line", "ul", "section"})
_PARSERS_PLACE = re.compile(r"\s*\(<string>, line \d+\)\s*\Z")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Document(NamedTuple):
    """A parsed file: its root, and what had to be put up with to read it."""

    root: etree._Element
    dropped: tuple[Dropped, ...] = ()


def parse(raw: bytes) -> Document:
    """Parse untrusted XML. Raises ``UnreadableError``, and nothing else."""
    if len(raw) > LARGEST:
        raise UnreadableError(
            f"the file has {len(raw):,} bytes, more than the {LARGEST:,} we read; "
            "ask the sender to send its items one by one"
        )
    if not raw.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise UnreadableError("the file is empty; ask the sender to send it again")
    text, _, notes = decode(raw)
    dropped = list(notes)
    text = _without_junk(text, dropped)
    if (position := text.find("\x00")) >= 0:
        raise UnreadableError(
            f"there is a NUL character at character {position + 1}; the file is damaged "
            "or no XML: ask the sender to send it again"
        )
    if text.count("<") > MOST_TAGS:
        raise UnreadableError(
            f"the file has more than {MOST_TAGS:,} tags, which no news needs; "
            "ask the sender to send its items one by one"
        )
    if _CONTROLS.search(text):
        dropped.append(Dropped("/", "control characters, which XML doesn't allow"))
        text = _CONTROLS.sub("", text)
    text = _with_characters(_without_prolog(text))
    return Document(_tree(text), tuple(dropped))


def local(element: etree._Element) -> str:
    """Give the element's name without its namespace ("" for what is no element)."""
    tag = element.tag
    return _name_of(tag) if isinstance(tag, str) else ""


# A format has some hundred tags, and every element of every file is asked.
@lru_cache(maxsize=2048)
def _name_of(tag: str) -> str:
    return tag.rpartition("}")[2]


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Give the children with this local name, whatever their namespace."""
    for child in element:
        if local(child) == name:
            yield child


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Give the first child with this local name, or ``None``."""
    return next(children(element, name), None) if element is not None else None


def text_of(element: etree._Element | None) -> str:
    """Give all text below the element on one line, "" when there is none."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    words: list[str] = []
    for event, entry in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            words.append(entry.text or "")
        elif entry is not element:
            words.append(entry.tail or "")
        if local(entry) in _APART:
            words.append(" ")
    return " ".join("".join(words).split())


def _without_junk(text: str, dropped: list[Dropped]) -> str:
    text = text.removeprefix("\ufeff")
    if text.startswith("<"):
        return text
    found = _START.search(text, 0, _LEADING_JUNK)
    if found is None:
        raise UnreadableError(
            f"this is no XML: it begins with “{shorten(printable(text[:60]).strip(), 40)}”; "
            "check what the sender put into the file"
        )
    if text[: found.start()].strip():
        dropped.append(Dropped("/", "characters before the beginning of the XML"))
    return text[found.start() :]


def _without_prolog(text: str) -> str:
    """Blank out declaration and DOCTYPE; lines stay, so that messages name the right one."""
    position = 0
    if declaration := _DECLARATION.match(text):
        position = declaration.end()
    while skipped := _SKIPPED.match(text, position):
        position = skipped.end()
    start = position
    if text[start : start + 9].upper() == "<!DOCTYPE":
        doctype = _DOCTYPE.match(text, start)
        if doctype is None:
            raise UnreadableError(
                f"the DOCTYPE in line {_line(text, start)} is broken or has no end; "
                "ask the sender to send the file again"
            )
        if doctype[1] == "[":
            raise UnreadableError(
                f"the DOCTYPE in line {_line(text, start)} has an internal subset, which "
                "can do harm and is never read; ask the sender for the file without it"
            )
        position = doctype.end()
    return "\n" * text.count("\n", 0, position) + text[position:]


def _with_characters(text: str) -> str:
    """Put the characters in for the named entities of HTML (and so of NITF)."""
    if not _NAMED.search(text):
        return text

    def character(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None or name in _PREDEFINED:
            return found[0]
        value = html.entities.html5.get(f"{name};")
        if value is None:
            raise UnreadableError(
                f"line {_line(text, found.start())} uses the entity "
                f"&{shorten(name, 40)}; which neither XML nor HTML knows; "
                "ask the sender for the character itself"
            )
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    return _ENTITY.sub(character, text)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _tree(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        said = _PARSERS_PLACE.sub("", " ".join(str(error).split()))
        if "Excessive depth" in said:
            raise UnreadableError(
                f"the XML is nested too deeply{where} to be a news item; ask the sender"
            ) from error
        raise UnreadableError(
            f"the XML is broken{where} ({shorten(said, 200)}); the file is cut short or "
            "damaged: ask the sender to send it again"
        ) from error
