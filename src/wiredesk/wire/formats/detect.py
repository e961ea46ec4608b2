"""Finds the format of a file from its bytes, and reads it.

Neither a file's name nor a declared type is looked at: agencies and mail programs get
both wrong. What isn't wire copy is named for what it is, so that the desk knows whom to
ask.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from wiredesk.lib.text import printable, shorten
from wiredesk.wire.formats import atom, newsml_g2, ninjs, nitf, rss
from wiredesk.wire.formats.xml import LARGEST, local, parse
from wiredesk.wire.items import UnreadableError

if TYPE_CHECKING:
    from wiredesk.wire.formats.xml import Document
    from wiredesk.wire.items import WireItem

FORMATS = ("newsml-g2", "nitf", "ninjs", "rss", "atom")

_MAGIC = (
    (b"PK\x03\x04", "a zip archive; unpack it and send the files in it"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "compressed with gzip; send it unpacked"),
    (b"BZh", "compressed with bzip2; send it unpacked"),
    (b"\xfd7zXZ\x00", "compressed with xz; send it unpacked"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it and send the files in it"),
    (b"\xff\xd8\xff", "a JPEG picture; pictures come with the item that names them"),
    (b"\x89PNG\r\n", "a PNG picture; pictures come with the item that names them"),
    (b"GIF8", "a GIF picture; pictures come with the item that names them"),
    (b"II*\x00", "a TIFF picture; pictures come with the item that names them"),
    (b"MM\x00*", "a TIFF picture; pictures come with the item that names them"),
    (b"%PDF-", "a PDF document; ask the sender for the text as wire copy"),
    (b"%!PS", "a PostScript document; ask the sender for the text as wire copy"),
    (b"\xd0\xcf\x11\xe0", "an Office document; ask the sender for wire copy"),
    (b"{\\rtf", "an RTF document; ask the sender for the text as wire copy"),
)
_NOT_YET = "which is not read yet; ask the sender for NewsML-G2, NITF or ninjs"
# First elements that are no item: what each is, as the rest of "this is …".
_OTHER_ROOTS = {
    "html": "a web page; the address asked may be wrong or need a login",
    "newsml": f"NewsML 1.2, {_NOT_YET}",
    "schema": "an XML schema, not a news item",
    "catalog": "a catalog of code lists sent by itself, not a news item",
    "opml": "a list of feeds (OPML), not a feed",
    "urlset": "a sitemap, not a feed",
    "sitemapindex": "a sitemap, not a feed",
    "contentset": "a piece of a NewsML-G2 item; ask the sender for the whole item",
    "contentmeta": "a piece of a NewsML-G2 item; ask the sender for the whole item",
    "groupset": "a piece of a NewsML-G2 item; ask the sender for the whole item",
    "svg": "a drawing (SVG), not a news item",
    "channel": "an RSS channel without its rss element; ask the sender for whole RSS",
    "sports-content": "SportsML by itself, which is statistics and no story",
}
_SCHEMA_KEYS = {"properties", "patternProperties", "definitions", "$defs", "oneOf"}
_PAGE = re.compile(
    rb"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SEVEN_BIT = re.compile(rb"[\r\n\x00\x16\s]*\x01|[^<{]{1,900}\x02")
# SOH before the header, or STX after it: IPTC 7901 and ANPA 1312 have no other mark.
_LOOKED_AT = 1024
_MARKUP = re.compile(rb"<(?:\?xml\s|[A-Za-z][\w.:\-]*[\s>])|[{\[]\s*\"")


class Found(NamedTuple):
    """The format of some bytes, and for XML the document, parsed to tell."""

    format: str
    document: Document | None = None


def detect(raw: bytes) -> str:
    """Give the format, one of ``FORMATS``. Raises ``UnreadableError`` for all else."""
    return _find(raw).format


def read(raw: bytes) -> list[WireItem]:
    """Read the items of any known format. Raises ``UnreadableError``, nothing else."""
    found = _find(raw)
    document = found.document
    if document is None:
        return ninjs.read(raw)
    if found.format == "newsml-g2":
        return newsml_g2.read_document(document)
    if found.format == "nitf":
        return nitf.read_document(document, raw)
    if found.format == "rss":
        return rss.read_document(document)
    return atom.read_document(document)


def _find(raw: bytes) -> Found:
    if len(raw) > LARGEST:
        raise UnreadableError(
            f"the file has {len(raw):,} bytes, more than the {LARGEST:,} we read; "
            "ask the sender to send its items one by one"
        )
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise UnreadableError(f"this is no wire copy but {what}")
    start = raw[:_LOOKED_AT]
    if _PAGE.match(start):
        raise UnreadableError(f"this is {_OTHER_ROOTS['html']}")
    if _SEVEN_BIT.match(start) and not _MARKUP.search(start):
        raise UnreadableError(f"this is IPTC 7901 or ANPA 1312, {_NOT_YET}")
    plain = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if plain[:1] in (b"{", b"["):
        _refuse_schema(raw)
        return Found("ninjs")
    if raw.strip() and b"<" not in start:
        words = printable(start[:60].decode("utf-8", "ignore")).strip()
        what = f"text that begins with “{shorten(words, 40)}”" if words else "data"
        raise UnreadableError(
            f"this is no wire copy we know but {what}; ask the sender for NewsML-G2, "
            "NITF, ninjs, RSS or Atom"
        )
    document = parse(raw)
    return Found(_format_of(document), document)


def _format_of(document: Document) -> str:
    name = local(document.root)
    if name in newsml_g2.ROOTS:
        return "newsml-g2"
    if name == "nitf":
        return "nitf"
    if name.lower() in ("rss", "rdf"):
        return "rss"
    if name in ("feed", "entry"):
        return "atom"
    what = _OTHER_ROOTS.get(name.lower())
    if what is None:
        what = f"XML we don't know: its first element is {shorten(name, 60)}"
    raise UnreadableError(f"this is {what}")


def _refuse_schema(raw: bytes) -> None:
    """Refuse a JSON schema; other JSON is left to its reader, which says what is wrong."""
    if b'"$schema"' not in raw[: 64 * _LOOKED_AT] or len(raw) > 1024 * _LOOKED_AT:
        return
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict) and "uri" not in value and _SCHEMA_KEYS & value.keys():
        raise UnreadableError("this is a JSON schema, not a news item")
