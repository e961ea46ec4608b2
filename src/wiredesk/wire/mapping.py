"""A feed's mapping: an agency's habits, as data.

A mapping may make copy darker (a private signal that means "kill") and may translate
codes; it can never give leave to publish what the format's own rules keep back.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wiredesk.wire.formats.dates import UNKNOWN_ZONE
from wiredesk.wire.items import Kind, Link, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wiredesk.wire.items import WireItem

KILL, WITHHOLD, ADVISORY = "kill", "withhold", "advisory"
UPDATE, CORRECTION, REFILE = "update", "correction", "refile"
MEANINGS = frozenset({KILL, WITHHOLD, ADVISORY, UPDATE, CORRECTION, REFILE})
KEYS = frozenset(
    {
        "signals",
        "genres",
        "subjects",
        "urgency",
        "urgencies",
        "language",
        "time_zone",
        "joins",
    }
)
# The link to what an item is a rewrite of: it goes on as the same story.
REWRITES = "rewrites"
# A key that several items share names none of them.
_SHARED = frozenset({"du-key"})

# A clock without a zone may be anybody's: an embargo on it has surely passed when it has
# passed in the last zone (UTC-12), an end must be kept when it comes in the first (+14).
_LAST_ZONE_LATE = timedelta(hours=12)
_FIRST_ZONE_EARLY = timedelta(hours=14)
_CLOCKS = ("version_created", "first_created", "embargoed_until", "expires")

_EIGHT_DIGITS = re.compile(r"[0-9]{8}\Z")
_URGENCIES = range(1, 10)


def apply_mapping(item: WireItem, mapping: Mapping[str, Any]) -> WireItem:
    """Give the item as the feed's mapping understands it; pure.

    What in the mapping can't be used is passed over, except a signal or a genre whose
    meaning is no word of ours: that item is ``UNKNOWN`` and so held. ``mapping_problems`` says such
    things when the mapping is written.
    """
    changes: dict[str, Any] = {}
    _map_times(item, mapping, changes)
    if not mapping:
        return dataclasses.replace(item, **changes) if changes else item
    _map_words(item, mapping, changes)
    _map_subjects(item, _table(mapping, "subjects"), changes)
    _map_urgency(item, mapping, changes)
    _map_joins(item, mapping, changes)
    language = mapping.get("language")
    if item.language is None and isinstance(language, str) and language:
        changes["language"] = language
    return dataclasses.replace(item, **changes) if changes else item


def mapping_problems(mapping: object) -> list[str]:
    """Say, a sentence each, what in a mapping can't be used; empty when all can."""
    if not isinstance(mapping, dict):
        return ["A mapping is a JSON object."]
    problems = [
        f"“{key}” is not known; known are {', '.join(sorted(KEYS))}."
        for key in mapping
        if key not in KEYS
    ]
    problems += [
        f"“{key}” must be an object."
        for key in ("signals", "genres", "subjects", "urgencies")
        if not isinstance(mapping.get(key, {}), dict)
    ]
    problems += [
        f"The {kind} “{word}” can't mean “{meaning}”; it can mean "
        f"{', '.join(sorted(MEANINGS))}."
        for kind, table in (("signal", "signals"), ("genre", "genres"))
        for word, meaning in _table(mapping, table).items()
        if meaning not in MEANINGS
    ]
    problems += [
        f"The subject “{subject}” must lead to a Media Topic code of eight digits."
        for subject, code in _table(mapping, "subjects").items()
        if not _is_topic(code)
    ]
    urgencies = [mapping.get("urgency"), *_table(mapping, "urgencies").values()]
    problems += [
        f"An urgency is a number from 1 to 9, not “{urgency}”."
        for urgency in urgencies
        if urgency is not None and not _is_urgency(urgency)
    ]
    if not isinstance(mapping.get("language", ""), str):
        problems.append("“language” must be a language tag such as fi or en-GB.")
    if not _is_words(mapping.get("joins", [])):
        problems.append("“joins” must be a list of links such as evolvedfrom.")
    if "time_zone" in mapping and _zone_of(mapping["time_zone"]) is None:
        problems.append("“time_zone” must be a zone's name such as America/Denver.")
    return problems


def _map_times(
    item: WireItem, mapping: Mapping[str, Any], changes: dict[str, Any]
) -> None:
    """Put clocks that named no zone into the feed's, else to the safe side."""
    zone = _zone_of(mapping.get("time_zone"))
    for name in _CLOCKS:
        value: datetime | None = getattr(item, name)
        if value is None or value.tzinfo is not UNKNOWN_ZONE:
            continue
        if zone is not None:
            changes[name] = value.replace(tzinfo=zone)
        elif name == "embargoed_until":
            changes[name] = value + _LAST_ZONE_LATE
        elif name == "expires":
            changes[name] = value - _FIRST_ZONE_EARLY


def _zone_of(name: object) -> ZoneInfo | None:
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _map_words(
    item: WireItem, mapping: Mapping[str, Any], changes: dict[str, Any]
) -> None:
    meanings = {
        *_meanings(_table(mapping, "signals"), item.signals),
        *_meanings(_table(mapping, "genres"), (item.genre,) if item.genre else ()),
    }
    if not meanings:
        return
    said = [f"sig:{word}" for word in (UPDATE, CORRECTION, REFILE) if word in meanings]
    new = [word for word in said if word not in item.signals]
    if new:
        changes["signals"] = (*item.signals, *new)
    if KILL in meanings:
        changes["status"] = Status.CANCELED
    elif WITHHOLD in meanings and item.status is not Status.CANCELED:
        changes["status"] = Status.WITHHELD
    elif meanings - MEANINGS and item.status in (Status.USABLE, Status.EMBARGOED):
        changes["status"] = Status.UNKNOWN
    if ADVISORY in meanings and item.kind is Kind.STORY:
        changes["kind"] = Kind.ADVISORY
    if "status" in changes or "kind" in changes:
        changes["publishable"] = False


def _meanings(table: dict[str, Any], written: tuple[str, ...]) -> set[str]:
    """Give what an item's own words mean; "" for a meaning that is none."""
    said = {word.casefold() for word in written}
    return {
        meaning if isinstance(meaning, str) else ""
        for word, meaning in table.items()
        if word.casefold() in said
    }


def _map_joins(
    item: WireItem, mapping: Mapping[str, Any], changes: dict[str, Any]
) -> None:
    """Say what the item is a rewrite of, by the links that the agency uses for it."""
    words = mapping.get("joins")
    if not _is_words(words) or not words:
        return
    joins = {word.casefold() for word in words}
    named = [
        f"{link.rel}:{link.guid}" if link.rel in _SHARED else link.guid
        for link in item.links
        if link.rel.casefold() in joins
    ]
    found = [Link(REWRITES, guid) for guid in named if guid != item.guid]
    if found:
        changes["links"] = (*item.links, *dict.fromkeys(found))


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _map_subjects(
    item: WireItem, table: dict[str, Any], changes: dict[str, Any]
) -> None:
    if not table:
        return
    found = dict.fromkeys(item.media_topics)
    for subject in item.subjects:
        for written in (f"{subject.scheme}:{subject.code}", subject.code or ""):
            code = table.get(written)
            if isinstance(code, str) and _is_topic(code):
                found[code] = None
    if len(found) > len(item.media_topics):
        changes["media_topics"] = tuple(found)


def _map_urgency(
    item: WireItem, mapping: Mapping[str, Any], changes: dict[str, Any]
) -> None:
    if item.urgency is None:
        wanted = mapping.get("urgency")
    else:
        wanted = _table(mapping, "urgencies").get(str(item.urgency))
    if _is_urgency(wanted):
        changes["urgency"] = wanted


def _table(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = mapping.get(key)
    return table if isinstance(table, dict) else {}


def _is_topic(code: object) -> bool:
    return isinstance(code, str) and _EIGHT_DIGITS.match(code) is not None


def _is_urgency(number: object) -> bool:
    return type(number) is int and number in _URGENCIES
