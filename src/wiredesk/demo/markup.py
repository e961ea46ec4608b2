"""The small text notation demo stories are written in, and its XHTML and NITF forms.

Paragraphs are separated by an empty line. ``## `` begins a subhead, ``> `` a block
quote, ``- `` a list entry, ``1. `` a numbered one, ``| `` a table row (the first row is
its head). Inside a line ``*word*`` is emphasis, ``**word**`` strong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

Kind = Literal["paragraph", "subhead", "quote", "list", "numbers", "table"]
_INLINE = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*")
_MARKS: tuple[tuple[str, Kind], ...] = (
    ("## ", "subhead"),
    ("> ", "quote"),
    ("- ", "list"),
    ("1. ", "numbers"),
    ("| ", "table"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a story's body; ``lines`` are its entries, rows or the one text."""

    kind: Kind
    lines: tuple[str, ...]


def parse(text: str) -> tuple[Block, ...]:
    """Read the notation into blocks."""
    chunks = [chunk.strip() for chunk in re.split(r"\n\s*\n", text)]
    return tuple(_block(chunk) for chunk in chunks if chunk)


def _block(chunk: str) -> Block:
    for mark, kind in _MARKS:
        if chunk.startswith(mark):
            return Block(kind, _entries(chunk, kind))
    return Block("paragraph", (" ".join(chunk.split("\n")),))


def _entries(chunk: str, kind: Kind) -> tuple[str, ...]:
    lines = [line.strip() for line in chunk.split("\n")]
    if kind == "table":
        return tuple(line.strip("| ") for line in lines)
    if kind == "numbers":
        return tuple(re.sub(r"^\d+\.\s+", "", line) for line in lines)
    if kind == "list":
        return tuple(line.removeprefix("- ") for line in lines)
    return (" ".join(line.lstrip("#> ") for line in lines),)


def inline(text: str, *, strong: str = "strong", emphasis: str = "em") -> str:
    """Give one line as markup, escaped, with the format's own names for emphasis."""
    parts: list[str] = []
    position = 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[position : found.start()], quote=False))
        name, words = (
            (strong, found.group(1)) if found.group(1) else (emphasis, found.group(2))
        )
        opening, closing = f"<{name}>", f"</{name.split()[0]}>"
        parts.append(f"{opening}{escape(words, quote=False)}{closing}")
        position = found.end()
    parts.append(escape(text[position:], quote=False))
    return "".join(parts)


def xhtml(blocks: tuple[Block, ...]) -> str:
    """Give blocks as well-formed XHTML without a namespace or an outer element."""
    return "\n".join(_xhtml(block) for block in blocks)


def _xhtml(block: Block) -> str:
    if block.kind == "table":
        return _table(block.lines)
    lines = [inline(line) for line in block.lines]
    if block.kind in ("list", "numbers"):
        outer = "ul" if block.kind == "list" else "ol"
        return f"<{outer}>{''.join(f'<li>{line}</li>' for line in lines)}</{outer}>"
    if block.kind == "quote":
        return f"<blockquote><p>{lines[0]}</p></blockquote>"
    return f"<h2>{lines[0]}</h2>" if block.kind == "subhead" else f"<p>{lines[0]}</p>"


def _table(
    lines: tuple[str, ...], *, strong: str = "strong", emphasis: str = "em"
) -> str:
    rows = [
        [
            inline(cell.strip(), strong=strong, emphasis=emphasis)
            for cell in line.split("|")
        ]
        for line in lines
    ]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:]
    )
    # NITF 3.6 knows thead and tbody as XHTML does, so one form serves both.
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def nitf(blocks: tuple[Block, ...]) -> str:
    """Give blocks as NITF 3.6 ``body.content`` elements: ``p hl2 bq ul ol table``."""
    return "\n".join(_nitf(block) for block in blocks)


def _nitf(block: Block) -> str:
    strong, emphasis = 'em class="bold"', "em"
    if block.kind == "table":
        return _table(block.lines, strong=strong, emphasis=emphasis)
    lines = [inline(line, strong=strong, emphasis=emphasis) for line in block.lines]
    if block.kind in ("list", "numbers"):
        outer = "ul" if block.kind == "list" else "ol"
        return f"<{outer}>{''.join(f'<li>{line}</li>' for line in lines)}</{outer}>"
    if block.kind == "quote":
        return f"<bq><block><p>{lines[0]}</p></block></bq>"
    return f"<hl2>{lines[0]}</hl2>" if block.kind == "subhead" else f"<p>{lines[0]}</p>"


def plain(blocks: tuple[Block, ...]) -> str:
    """Give the words alone, one block a paragraph, for summaries and plain bodies."""
    return "\n\n".join(
        "\n".join(line.replace("*", "") for line in block.lines) for block in blocks
    )
