"""Foreign HTML, made safe and orderly: an allow-list, and paragraphs where text stood.

Two walls, one behind the other. The writer below builds new HTML from the tree, naming
each tag it knows; nh3 then parses the result as a browser would and lets the same list
through. The writer comes first because nh3 needs quadratic time on deep nesting.
"""

from __future__ import annotations

import html as html_entities
import re
from typing import TYPE_CHECKING

import nh3
from lxml import etree

from wiredesk.lib.html_blocks import BlockWriter, tag_set
from wiredesk.lib.text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

TAGS = tag_set(
    "p br em strong h2 h3 h4 ul ol li dl dt dd blockquote q cite a pre code sup sub abbr "
    "table caption thead tbody tfoot tr th td figure figcaption hr"
)
_EVERYWHERE = {"dir", "lang"}
_ATTRIBUTES = {
    **{tag: set(_EVERYWHERE) for tag in TAGS},
    "a": {"href", "title", *_EVERYWHERE},
    "abbr": {"title", *_EVERYWHERE},
    "th": {"scope", "colspan", "rowspan", *_EVERYWHERE},
    "td": {"colspan", "rowspan", *_EVERYWHERE},
}
_SCHEMES = {"http", "https", "mailto"}
_WALL = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel=None,
    strip_comments=True,
)

_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)(?:[^>\"]|\"[^\"]*\")*>")
_ANY_TAG = re.compile(r"<[^<>]*>?")
_LINES = re.compile(r"\n{3,}")
_PARAGRAPH_TAGS = tag_set("p h2 h3 h4 ul ol dl blockquote pre table figure hr")
_LINE_TAGS = tag_set("br li dt dd tr caption figcaption")
_CELL_TAGS = frozenset({"td", "th"})
_NOT_WORDS = re.compile(
    r"<(script|style|template|svg|iframe)\b.*?(?:</\1\b|\Z)|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EMPTY_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_DEEP = "ERR_RESOURCE_LIMIT"


def clean(html: str) -> str:
    """Give foreign HTML as safe, well-formed block HTML.

    Only the tags in ``TAGS`` come back; loose text and runs of ``<br><br>`` are
    paragraphs, ``div`` and its like too; a heading of the first rank is ``h2``. A link
    that isn't absolute http, https or mailto loses its tag and keeps its words.
    Pictures, scripts, frames, forms' controls and drawings go with their content.
    Cleaning twice changes nothing. Never raises, whatever the text.
    """
    html = printable(html)
    if "<" not in html:
        return _wall(_paragraphs(html_entities.unescape(html)))
    root = parse(html)
    if root is None:
        words = _ANY_TAG.sub(" ", _NOT_WORDS.sub(" <", html))
        return _wall(_paragraphs(html_entities.unescape(words)))
    return clean_tree(root)


def parse(html: str) -> etree._Element | None:
    """Give foreign HTML as a tree, for a reader to take something out before cleaning.

    ``None`` where it is nested so deep that the tree would end before the text does.
    """
    parser = etree.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8"
    )
    source = b"<html><body>" + printable(html).encode() + b"</body></html>"
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        return None
    # The parser stops at its limit, and what comes after would be lost.
    return None if _too_deep(parser) else root


def clean_tree(root: etree._Element, names: Mapping[str, str] | None = None) -> str:
    """Give the *content* of a parsed element as ``clean`` would.

    ``names`` says what a foreign element stands for: the name of an HTML element,
    ``"div"`` for any block, ``"span"`` for any inline, ``""`` to drop it and its content.
    """
    writer = BlockWriter(names or {})
    writer.content(root)
    return _wall(writer.finish())


def to_text(html: str) -> str:
    """Give the text of HTML that ``clean`` gave.

    Paragraphs are separated by one empty line, rows, items and line breaks by a line
    end, table cells by a tab. For HTML of unknown origin call ``clean`` first.
    """
    # Words and tags take turns: words, tag, words, tag, words.
    pieces = _TAG.split(html)
    in_cell = 0
    for index in range(1, len(pieces), 2):
        tag = pieces[index]
        name = tag.lstrip("/")
        closing = name is not tag
        if name in _CELL_TAGS:
            in_cell += -1 if closing else 1
            pieces[index] = "\t" if closing else ""
        elif in_cell > 0:
            pieces[index] = " " if name in _PARAGRAPH_TAGS or name in _LINE_TAGS else ""
        elif name in _PARAGRAPH_TAGS:
            pieces[index] = "\n\n"
        else:
            pieces[index] = (
                "\n" if (name in _LINE_TAGS and closing) or name == "br" else ""
            )
    text = html_entities.unescape("".join(pieces)).strip(" \n\r\t")
    # By lines, because a pattern for white space before a line end is quadratic.
    lines = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    return _LINES.sub("\n\n", lines)


def plain(html: str) -> str:
    """Give foreign HTML as one line of plain text, e.g. for a headline with markup."""
    return one_line(to_text(clean(html))) or ""


def _wall(html: str) -> str:
    # Again printable: a character reference can stand for a control character.
    return _WALL.clean(printable(html))


def _too_deep(parser: etree.HTMLParser) -> bool:
    return any(entry.type_name == _DEEP for entry in parser.error_log)


def _paragraphs(text: str) -> str:
    """Plain text as paragraphs: an empty line ends one."""
    parts = (_BLANKS.sub(" ", part).strip(" ") for part in _EMPTY_LINE.split(text))
    return "".join(
        f"<p>{html_entities.escape(part, False)}</p>\n" for part in parts if part
    )
