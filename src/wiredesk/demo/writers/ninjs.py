"""ninjs 1.x, 2.x and 3.x: the same item as JSON in the three spellings of the standard.

ninjs 1 has flat lower-case names and objects, 2 has lists with roles in lower case,
3 the same lists with names in camel case.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wiredesk.demo.markup import plain, xhtml
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.topics import NAMES
from wiredesk.demo.writers.body import led_by_dateline
from wiredesk.demo.writers.xml import iso

if TYPE_CHECKING:
    from wiredesk.demo.agencies import Agency
    from wiredesk.demo.story import Dispatch

SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"


def ninjs_1(dispatch: Dispatch, agency: Agency) -> bytes:
    """Write a ninjs 1.6 item."""
    copy = dispatch.copy
    blocks = led_by_dateline(dispatch, agency)
    item: dict[str, Any] = {
        "$standard": {
            "name": "ninjs",
            "version": "1.6",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_1.6.json",
        },
        "uri": dispatch.guid,
        "type": "text",
        "mimetype": "text/html",
        "representationtype": "complete",
        "version": str(copy.version),
        "firstcreated": iso(dispatch.first_created),
        "versioncreated": iso(dispatch.version_created),
        "embargoed": iso(dispatch.embargoed) if dispatch.embargoed else None,
        "expires": iso(dispatch.expires) if dispatch.expires else None,
        "pubstatus": copy.status,
        "urgency": copy.urgency,
        "copyrightholder": agency.copyright_holder,
        "copyrightnotice": agency.copyright_notice(dispatch),
        "usageterms": agency.usage_terms,
        "ednote": copy.editor_note or None,
        "language": copy.language,
        "subject": [
            {"name": NAMES[code], "rel": "about", "scheme": SCHEME, "code": code}
            for code in copy.topics
        ],
        "genre": _genre_1(dispatch),
        "infosource": [{"name": agency.credit}],
        "byline": copy.byline or None,
        "headline": dispatch.headline,
        "slugline": copy.slugline,
        "located": copy.place,
        "keywords": list(copy.keywords) or None,
        "description_text": plain(dispatch.blocks[:1]),
        "body_xhtml": xhtml(blocks),
        "body_text": plain(blocks),
        "associations": _associations_1(dispatch),
    }
    return _encode(item)


def _genre_1(dispatch: Dispatch) -> list[dict[str, str]] | None:
    name = _genre(dispatch)
    return [{"name": name, "code": name}] if name else None


def _genre(dispatch: Dispatch) -> str:
    return "Advisory" if dispatch.copy.advisory else dispatch.copy.genre


def _associations_1(dispatch: Dispatch) -> dict[str, Any] | None:
    if not dispatch.copy.picture:
        return None
    caption = CAPTIONS[dispatch.copy.picture]
    return {
        "mainpicture": {
            "uri": f"{dispatch.guid}-picture-{dispatch.copy.picture}",
            "type": "picture",
            "description_caption": caption.caption,
            "description_text": caption.alt,
            "byline": caption.credit,
            "renditions": {
                "original": {
                    "href": caption.href,
                    "mimetype": "image/jpeg",
                    "width": 1600,
                    "height": 1067,
                }
            },
        }
    }


def ninjs_2(dispatch: Dispatch, agency: Agency) -> bytes:
    """Write a ninjs 2.1 item."""
    return _encode(_lists(dispatch, agency, "2.1"))


def ninjs_3(dispatch: Dispatch, agency: Agency) -> bytes:
    """Write a ninjs 3.0 item: ninjs 2 with its names in camel case."""
    return _encode(_camel(_lists(dispatch, agency, "3.0")))


def _lists(dispatch: Dispatch, agency: Agency, version: str) -> dict[str, Any]:
    copy = dispatch.copy
    blocks = led_by_dateline(dispatch, agency)
    genre = _genre(dispatch)
    return {
        "standard": {
            "name": "ninjs",
            "version": version,
            "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{version}.json",
        },
        "uri": dispatch.guid,
        "type": "text",
        "representationtype": "full",
        "version": str(copy.version),
        "firstcreated": iso(dispatch.first_created),
        "versioncreated": iso(dispatch.version_created),
        "embargoed": iso(dispatch.embargoed) if dispatch.embargoed else None,
        "expires": iso(dispatch.expires) if dispatch.expires else None,
        "pubstatus": copy.status,
        "urgency": copy.urgency,
        "copyrightholder": agency.copyright_holder,
        "copyrightnotice": agency.copyright_notice(dispatch),
        "usageterms": agency.usage_terms,
        "ednote": copy.editor_note or None,
        "language": copy.language,
        "subjects": [
            {"name": NAMES[code], "rel": "about", "uri": f"{SCHEME}{code}"}
            for code in copy.topics
        ],
        "genres": [{"name": genre, "literal": genre}] if genre else None,
        "infosources": [{"name": agency.credit, "rel": "provider"}],
        "by": copy.byline or None,
        "headlines": _headlines(dispatch),
        "slugline": copy.slugline,
        "located": copy.place,
        "keywords": list(copy.keywords) or None,
        "descriptions": [
            {
                "role": "summary",
                "contenttype": "text/plain",
                "value": plain(dispatch.blocks[:1]),
            }
        ],
        "bodies": [
            {"role": "main", "contenttype": "text/html", "value": xhtml(blocks)},
            {"role": "text", "contenttype": "text/plain", "value": plain(blocks)},
        ],
        "associations": _associations_2(dispatch),
    }


def _headlines(dispatch: Dispatch) -> list[dict[str, str]]:
    main = {"role": "main", "value": dispatch.headline}
    if not dispatch.subheadline:
        return [main]
    return [main, {"role": "sub", "value": dispatch.subheadline}]


def _associations_2(dispatch: Dispatch) -> list[dict[str, Any]] | None:
    if not dispatch.copy.picture:
        return None
    caption = CAPTIONS[dispatch.copy.picture]
    rendition = {
        "name": "original",
        "href": caption.href,
        "contenttype": "image/jpeg",
        "width": 1600,
        "height": 1067,
    }
    return [
        {
            "name": "mainpicture",
            "uri": f"{dispatch.guid}-picture-{dispatch.copy.picture}",
            "type": "picture",
            "by": caption.credit,
            "descriptions": [
                {"role": "caption", "value": caption.caption},
                {"role": "alt", "value": caption.alt},
            ],
            "renditions": [rendition],
        }
    ]


_CAMEL = {
    "representationtype": "representationType",
    "firstcreated": "firstCreated",
    "versioncreated": "versionCreated",
    "embargoed": "embargoedUntil",
    "pubstatus": "pubStatus",
    "copyrightholder": "copyrightHolder",
    "copyrightnotice": "copyrightNotice",
    "usageterms": "usageTerms",
    "ednote": "edNote",
    "infosources": "infoSources",
    "contenttype": "contentType",
}


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_CAMEL.get(key, key): _camel(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_camel(entry) for entry in value]
    return value


def _encode(item: dict[str, Any]) -> bytes:
    stated = {key: value for key, value in item.items() if value is not None}
    return json.dumps(stated, ensure_ascii=False, indent=1).encode()
