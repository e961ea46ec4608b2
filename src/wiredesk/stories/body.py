"""A wire body as blocks of the editor, and back again, byte for byte.

What the rich-text editor can hold without loss is text; everything else is locked.
Neighbours of one sort share a block: an editor wants one field to type in, not forty.
"""

from __future__ import annotations

import itertools
import re
from uuid import NAMESPACE_OID, uuid5

from wiredesk.stories.elements import top_level_elements

Block = dict[str, str]

# A tag that the editor keeps as it is: no attribute but a link's address.
_SIMPLE = re.compile(
    r"</?(?:p|h2|h3|h4|ul|ol|li|strong|em|br|a)>|<a href=\"[^\"<>]*\">"
)
# The editor makes one line of an item's paragraphs.
_PARAGRAPH_IN_ITEM = re.compile(r"<li>(?:(?!</li>).)*<p>", re.DOTALL)
_NAMES = uuid5(NAMESPACE_OID, "wiredesk.stories.body")


def blocks_from_html(html: str, name: str = "") -> list[Block]:
    """Give cleaned block HTML as raw StreamField blocks whose values, joined, are it.

    ``name`` (the story's identity) makes the ids differ between stories; the same name,
    sort and place keep their id from version to version. Expects what
    ``wiredesk.lib.html.clean`` gave; other HTML is locked, never changed.
    """
    if not html:
        return []
    if _is_text(html):
        return [_block("text", html, name, 0)]
    sorts = itertools.groupby(top_level_elements(html), _is_text)
    return [
        _block("text" if is_text else "locked", "".join(pieces), name, place)
        for place, (is_text, pieces) in enumerate(sorts)
    ]


def html_of_blocks(blocks: list[Block]) -> str:
    """Give back the HTML that ``blocks_from_html`` got."""
    return "".join([block["value"] for block in blocks])


def _is_text(html: str) -> bool:
    # Nearly all tags are a plain paragraph's, and those are found far sooner.
    rest = html.replace("<p>", " ").replace("</p>", " ")
    if "<" in rest and "<" in _SIMPLE.sub("", rest):
        return False
    return "<li>" not in html or not _PARAGRAPH_IN_ITEM.search(html)


def _block(sort: str, value: str, name: str, place: int) -> Block:
    # A stable id lets versions be compared block by block.
    return {"type": sort, "value": value, "id": str(uuid5(_NAMES, f"{name}\n{place}"))}
