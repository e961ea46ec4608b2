"""A wire item as a message keeps it: every field, and the digest that tells a repeat."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.wire.items import Picture, WireItem

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def stored(item: WireItem) -> dict[str, Any]:
    """Give the item as plain JSON, whole.

    As ``WireItem.as_json``, with ``kind`` and a picture's ``guid``, which stay inside.
    """
    # Written out field by field: asked for every message, five times as fast as asking
    # the dataclass for its fields.
    return {
        "format": item.format,
        "kind": str(item.kind),
        "guid": item.guid,
        "status": str(item.status),
        "publishable": item.publishable,
        "version": item.version,
        "version_created": _iso(item.version_created),
        "first_created": _iso(item.first_created),
        "signals": list(item.signals),
        "embargoed_until": _iso(item.embargoed_until),
        "expires": _iso(item.expires),
        "language": item.language,
        "headline": item.headline,
        "subheadline": item.subheadline,
        "slugline": item.slugline,
        "bylines": list(item.bylines),
        "dateline": item.dateline,
        "located": item.located,
        "body_html": item.body_html,
        "body_text": item.body_text,
        "keywords": list(item.keywords),
        "subjects": [
            {"code": subject.code, "scheme": subject.scheme, "name": subject.name}
            for subject in item.subjects
        ],
        "media_topics": list(item.media_topics),
        "urgency": item.urgency,
        "genre": item.genre,
        "credit": item.credit,
        "source": item.source,
        "copyright_holder": item.copyright_holder,
        "copyright_notice": item.copyright_notice,
        "usage_terms": item.usage_terms,
        "editor_notes": [
            {"text": note.text, "public": note.public} for note in item.editor_notes
        ],
        "links": [{"rel": link.rel, "guid": link.guid} for link in item.links],
        "pictures": [_picture(picture) for picture in item.pictures],
        "dropped": [
            {"path": drop.path, "reason": drop.reason} for drop in item.dropped
        ],
    }


def digest_of(plain: dict[str, Any]) -> str:
    """Give the SHA-256, in hex, of what the item says; ``dropped`` says nothing."""
    said = {key: value for key, value in plain.items() if key != "dropped"}
    return hashlib.sha256(_CANONICAL.encode(said).encode()).hexdigest()


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "href": picture.href,
        "renditions": [
            {
                "href": rendition.href,
                "width": rendition.width,
                "height": rendition.height,
                "mime": rendition.mime,
                "name": rendition.name,
            }
            for rendition in picture.renditions
        ],
        "caption": picture.caption,
        "credit": picture.credit,
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "mime": picture.mime,
        "guid": picture.guid,
    }
