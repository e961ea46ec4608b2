"""Plain text as it must be before it goes anywhere: no control characters, one line."""

from __future__ import annotations

import re

# What neither XML, JSON readers nor a database take without harm. Tab and line ends stay.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
# A blank that stands alone is right as it is, and most of them do.
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]{2,}|[\t\r\n\f\v\u2028\u2029]")


def printable(text: str) -> str:
    """Give the text without control characters and lone surrogates.

    The controls between 128 and 159 are Windows' dashes and quotation marks under a
    wrong label, as browsers take them too: they become the characters they stand for.
    """
    # What is printable to Python has none of these, and that is known far sooner.
    if text.isprintable() or not _UNPRINTABLE.search(text):
        return text
    return _UNPRINTABLE.sub(_character, text)


def one_line(text: str | None) -> str | None:
    """Give the text as one line, white space squeezed; ``None`` when nothing is left.

    A no-break space is a character like any other within the line.
    """
    if not text:
        return None
    text = printable(text)
    # Looking is ten times as fast: Python calls no white space printable but the blank.
    if "  " in text or not text.isprintable():
        text = _SPACE.sub(" ", text)
    return text.strip() or None


def shorten(text: str, limit: int) -> str:
    """Give at most ``limit`` characters, an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _character(found: re.Match[str]) -> str:
    number = ord(found[0])
    if 0x80 <= number <= 0x9F:
        return bytes([number]).decode("cp1252", "ignore")
    return ""
