"""HTML as the rows of text that a reader sees: paragraphs, items, rows of a table."""

from __future__ import annotations

import html as html_entities
import re
from dataclasses import dataclass
from enum import StrEnum

from wiredesk.stories.elements import TAG


class RowKind(StrEnum):
    """What a row of text is on the page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    TABLE_ROW = "table-row"
    QUOTE = "quote"
    CAPTION = "caption"
    PREFORMATTED = "preformatted"


# Between the cells of a table's row.
CELL_BREAK = " | "

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), RowKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), RowKind.ITEM),
    **dict.fromkeys(("caption", "figcaption"), RowKind.CAPTION),
    "tr": RowKind.TABLE_ROW,
    "blockquote": RowKind.QUOTE,
    "pre": RowKind.PREFORMATTED,
}
_BREAKS = frozenset(
    {*_KINDS, "p", "br", "ul", "ol", "dl", "div", "table", "thead", "tbody", "tfoot"}
    | {"figure", "hr"}
)
_CELLS = frozenset({"td", "th"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text; never empty."""

    kind: RowKind
    text: str


def rows_of(html: str) -> list[Row]:
    """Give the text of well-formed HTML row by row, as a reader meets it.

    A ``<br>`` ends a row, but not inside a cell; what holds no text gives no row, and a
    picture only its caption. Markup inside a row is not told.
    """
    reader = _RowReader()
    place = 0
    for tag in TAG.finditer(html):
        reader.text(html[place : tag.start()])
        reader.tag(tag.group(2).lower(), closing=bool(tag.group(1)))
        place = tag.end()
    reader.text(html[place:])
    reader.end_row()
    return reader.rows


class _RowReader:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.kinds: list[str] = []
        self.pieces: list[str] = []
        self.cells = 0
        self.preformatted = 0

    def text(self, source: str) -> None:
        text = html_entities.unescape(source)
        if not self.preformatted:
            self.pieces.append(_BLANKS.sub(" ", text))
            return
        first, *lines = text.split("\n")
        self.pieces.append(first)
        for line in lines:
            self.end_row()
            self.pieces.append(line)

    def tag(self, name: str, *, closing: bool) -> None:
        if name in _CELLS:
            self.cells = max(0, self.cells + (-1 if closing else 1))
            if closing:
                self.pieces.append(CELL_BREAK)
        elif name in _BREAKS:
            if self.cells:
                self.pieces.append(" ")
            else:
                self.end_row()
            self._enter_or_leave(name, closing=closing)

    def end_row(self) -> None:
        text = "".join(self.pieces)
        self.pieces = []
        kind = _KINDS[self.kinds[-1]] if self.kinds else RowKind.PARAGRAPH
        if kind is RowKind.TABLE_ROW:
            text = text.strip().removesuffix(CELL_BREAK.strip())
            text = text if text.strip(CELL_BREAK) else ""
        if kind is not RowKind.PREFORMATTED:
            text = _BLANKS.sub(" ", text).strip()
        if text.strip():
            self.rows.append(Row(kind, text.rstrip()))

    def _enter_or_leave(self, name: str, *, closing: bool) -> None:
        if name not in _KINDS:
            return
        if not closing:
            self.kinds.append(name)
            self.preformatted += name == "pre"
        elif self.kinds and self.kinds[-1] == name:
            self.kinds.pop()
            self.preformatted -= name == "pre"
