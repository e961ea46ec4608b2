"""The outermost elements of a story's HTML: what is compared, kept and merged."""

from __future__ import annotations

import re

TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:"[^"]*"|'[^']*'|[^'">])*>""")
VOID = frozenset({"br", "hr", "img", "embed", "wbr", "input", "col"})


def top_level_elements(html: str) -> list[str]:
    """Split well-formed HTML into its outermost elements; joined, they are ``html``.

    Text between elements goes with the element after it, or stands last.
    """
    elements: list[str] = []
    depth = start = 0
    for tag in TAG.finditer(html):
        closing, name = tag.group(1), tag.group(2).lower()
        if name in VOID:
            continue
        depth += -1 if closing else 1
        if depth == 0:
            elements.append(html[start : tag.end()])
            start = tag.end()
    if start < len(html):
        elements.append(html[start:])
    return elements
