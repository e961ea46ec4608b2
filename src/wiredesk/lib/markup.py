"""HTML that is already safe, cut or framed so that it stays so.

Python's own slicing forgets that a string was safe; marking strings safe by hand is how
holes come about. So both live here, and only what is safe already goes in.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString

# A script element ends at "</script" and changes meaning at "<!--", whatever the JSON's
# quotes say. The two separators end a line in older JavaScript.
_JSON_ESCAPES = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def cut(html: SafeString, at: int) -> tuple[SafeString, SafeString]:
    """Give safe HTML as two safe pieces; ``at`` must lie between tags or in words.

    Raises ``TypeError`` for a string nobody has made safe.
    """
    if not isinstance(html, SafeString):
        raise TypeError("Only HTML that is already safe can be cut into safe pieces.")
    return SafeString(html[:at]), SafeString(html[at:])


def data_script(data: Any, media_type: str = "application/ld+json") -> SafeString:
    """Give ``data`` as a script element that no browser runs and no text can leave."""
    if not media_type.replace("/", "").replace("+", "").isalnum():
        raise ValueError(f"Not a media type: {media_type!r}")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return SafeString(
        f'<script type="{media_type}">{text.translate(_JSON_ESCAPES)}</script>'
    )
