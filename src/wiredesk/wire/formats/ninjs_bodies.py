"""The body of a ninjs item: which of its forms to read, and the pictures inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.wire.formats.bodies import Body, from_html, from_plain

if TYPE_CHECKING:
    from wiredesk.wire.formats.ninjs_fields import Fields

_TAG = re.compile(
    r"<(?:p|div|h[1-6]|br|ul|ol|table|section|article|html|a|em|b|i)\b[^>]*>"
)
_MARKUP_ROLES = ("xhtml", "html", "html5", "richhtml5", "main")
_OTHER_MARKUP = ("nitf", "newsml", "xml", "json", "rss", "atom")


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of the body, as the item offers it."""

    path: str
    role: str
    mime: str
    words: str

    @property
    def rank(self) -> int:
        """How well it suits a page; 9 for what can't be read as a body here."""
        if self.mime in ("text/html", "application/xhtml+xml"):
            return 0 if self.role in ("main", "xhtml", "html") else 1
        if self.mime == "text/plain":
            return 4
        if self.mime or any(word in self.role for word in _OTHER_MARKUP):
            return 9
        if self.role in _MARKUP_ROLES or "html" in self.role:
            return 0 if self.role in ("xhtml", "html", "main") else 1
        if self.role == "text":
            return 4
        return 2 if _TAG.search(self.words) else 5

    @property
    def is_markup(self) -> bool:
        """Whether its words are to be read as HTML."""
        return self.rank < 4 and (self.role != "main" or self._looks_marked_up)

    @property
    def _looks_marked_up(self) -> bool:
        return bool(self.mime) or _TAG.search(self.words) is not None


def read_body(item: Fields) -> Body:
    """Give the best form of the body as clean HTML; the others are named as dropped.

    HTML before plain text; among equals the first. NITF and other XML inside ninjs is
    never the only form in practice, and is left out with a word.
    """
    forms = sorted(_forms(item), key=lambda form: form.rank)
    chosen: Body | None = None
    for form in forms:
        if form.rank == 9:
            item.drops.add(
                form.path, "a body in a markup that ninjs readers don't share"
            )
        elif chosen is not None and (chosen.html or chosen.pictures):
            item.drops.add(form.path, "another form of the same body")
        elif form.is_markup:
            chosen = from_html(form.words)
        else:
            chosen = from_plain(form.words)
    for reason in chosen.dropped if chosen else ():
        item.drops.add("body", reason)
    return chosen or Body()


def _forms(item: Fields) -> list[_Form]:
    forms = []
    for name in item.names():
        if name.startswith("body_"):
            words = item.prose(name)
            if words:
                forms.append(
                    _Form(item.at(name), name.removeprefix("body_"), "", words)
                )
    for entry in item.entries("bodies"):
        words = entry.prose("value")
        mime = (entry.text("contenttype") or "").partition(";")[0].strip().lower()
        role = (entry.text("role") or "main").lower()
        if words:
            forms.append(_Form(entry.path, role, mime, words))
    return forms
