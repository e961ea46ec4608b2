"""What NewsML-G2's words and elements mean to us, in tables and small questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.wire.formats.codes import bare, written
from wiredesk.wire.formats.nitf import XML_LANGUAGE
from wiredesk.wire.formats.xml import children, text_of
from wiredesk.wire.items import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

KINDS: Mapping[str, Kind] = {
    "newsItem": Kind.STORY,
    "packageItem": Kind.PACKAGE,
    "conceptItem": Kind.CONCEPT,
    "knowledgeItem": Kind.KNOWLEDGE,
    "planningItem": Kind.PLANNING,
    "catalogItem": Kind.CATALOG,
}
CLASSES: Mapping[str, Kind] = {
    "text": Kind.STORY,
    "picture": Kind.PICTURE,
    "photo": Kind.PICTURE,
    "composite": Kind.PACKAGE,
}
STATUSES: Mapping[str, Status] = {
    "usable": Status.USABLE,
    "withheld": Status.WITHHELD,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "embargoed": Status.EMBARGOED,
}
_BY = {"de": "von ", "fr": "par ", "es": "por ", "pt": "por ", "nl": "door "}

# Where something of an item may stand that is read; what isn't named is said in ``dropped``.
UNDERSTOOD: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {
            "catalogRef",
            "catalog",
            "rightsInfo",
            "itemMeta",
            "contentMeta",
            "contentSet",
            "groupSet",
        }
    ),
    "itemMeta": frozenset(
        {
            "itemClass",
            "provider",
            "versionCreated",
            "firstCreated",
            "embargoed",
            "pubStatus",
            "expires",
            "signal",
            "edNote",
            "link",
            "title",
            "altId",
        }
    ),
    "contentMeta": frozenset(
        {
            "urgency",
            "headline",
            "slugline",
            "by",
            "creator",
            "dateline",
            "located",
            "creditline",
            "keyword",
            "genre",
            "subject",
            "language",
            "altId",
        }
    ),
    "rightsInfo": frozenset({"copyrightHolder", "copyrightNotice", "usageTerms"}),
}


def name_of(entry: etree._Element, language: str | None) -> str | None:
    """Give the concept's name, in the item's language where there are several."""
    names = list(children(entry, "name"))
    for name in names:
        if name.get(XML_LANGUAGE) in (None, language) and (text := text_of(name)):
            return text
    return next((text for name in names if (text := text_of(name))), None)


def without_by(text: str, language: str | None) -> str:
    """Take off the language's own "By"; in another language it may begin a surname."""
    word = _BY.get((language or "")[:2].lower())
    if word and text[: len(word)].lower() == word:
        return text[len(word) :].lstrip(" :")
    return text


def is_public(entry: etree._Element) -> bool:
    """Tell whether the provider marked the whole note public; all others are internal.

    Markup inside can hold both sorts, telephone numbers among them: never public.
    """
    marks = {bare(written(entry, name)) for name in ("pubconstraint", "role")}
    return not len(entry) and "public" in marks and "nonpublic" not in marks
