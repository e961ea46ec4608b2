"""From bytes to characters, whatever the label says: look first, believe second."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from wiredesk.wire.items import Dropped, UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
# Python knows codecs that are no charsets (rot13, zip, unicode_escape); only these read.
_KNOWN = re.compile(
    r"(utf_8|ascii|iso8859_\d+|cp125\d|cp1140|cp437|cp85\d|cp866|cp874|koi8_[rtu]|mac_\w+"
    r"|shift_jis\w*|euc_\w+|gb2312|gbk|gb18030|big5\w*|cp93[26]|cp949|cp950|hz|tis_620"
    r"|iso2022_\w+)\Z"
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._\-]{0,39})[\"']"
)
_HIGH_PAIR = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4}")


class Text(NamedTuple):
    """Decoded text, the charset it was in, and what had to be put up with."""

    text: str
    charset: str
    dropped: tuple[Dropped, ...] = ()


def decode(raw: bytes) -> Text:
    """Give the characters of a file that declares its charset the way XML does.

    A byte order mark outranks the declaration (XML 1.0 appendix F). Latin-1 bytes under
    the label UTF-8, and UTF-8 bytes under the label Latin-1, are read as what they are
    where that can be told safely, and said in ``dropped``.
    Raises ``UnreadableError`` where it can't.
    """
    for mark, charset in _BOMS:
        if raw.startswith(mark):
            return Text(_strict(raw[len(mark) :], charset), charset)
    for shape, charset in _SHAPES:
        if raw.startswith(shape):
            return Text(_strict(raw, charset), charset)
    found = _DECLARED.search(raw, 0, 1024)
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    charset = _codec(declared)
    if charset in ("utf_8", "ascii"):
        return _as_utf8(raw, declared)
    if charset == "iso8859_1":
        return _as_latin(raw, declared)
    return Text(_strict(raw, charset), declared)


def _codec(declared: str) -> str:
    if declared.startswith(("utf-16", "utf16", "ucs-2", "utf-32", "ucs-4")):
        return "utf_8"  # its own declaration could be read byte by byte, so it isn't
    try:
        name = codecs.lookup(declared).name.replace("-", "_")
    except LookupError:
        name = ""
    if not _KNOWN.match(name):
        raise UnreadableError(
            f"the file says its charset is “{declared}”, which we can't read; "
            "ask the sender for UTF-8"
        )
    return name


def _strict(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"byte {error.start + 1} is not {charset}; the file is cut short, damaged, or "
            "in another charset than it says: ask the sender to send it again"
        ) from error


def _as_utf8(raw: bytes, declared: str) -> Text:
    notes: tuple[Dropped, ...] = ()
    if declared not in ("utf-8", "utf8", "us-ascii", "ascii"):
        notes = (Dropped("/", f"labelled {declared}, read as UTF-8, which it is"),)
    try:
        return Text(raw.decode("utf-8"), "utf-8", notes)
    except UnicodeDecodeError as error:
        # Western single bytes stand alone among ASCII letters. A pair that is UTF-8
        # means a damaged file; a long run means Greek, Cyrillic or worse: can't be told.
        if _HIGH_PAIR.search(raw) or _HIGH_RUN.search(raw):
            raise UnreadableError(
                f"byte {error.start + 1} is not UTF-8, though the file is labelled "
                f"{declared}, and its real charset can't be told; ask the sender to send "
                "it again with the right charset"
            ) from error
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"byte {error.start + 1} is neither UTF-8 nor Windows-1252; the file is "
            "damaged or its charset can't be told: ask the sender to send it again"
        ) from error
    note = Dropped("/", f"labelled {declared}, read as Windows-1252, which it is")
    return Text(text, "cp1252", (note,))


def _as_latin(raw: bytes, declared: str) -> Text:
    if _HIGH_PAIR.search(raw):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            note = Dropped("/", f"labelled {declared}, read as UTF-8, which it is")
            return Text(text, "utf-8", (note,))
    try:
        # What says Latin-1 is Windows-1252 in practice: the dashes and quotes are there.
        return Text(raw.decode("cp1252"), declared)
    except UnicodeDecodeError:
        return Text(raw.decode("latin-1"), declared)
