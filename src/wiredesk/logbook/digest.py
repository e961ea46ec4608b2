"""How an entry and a seal are digested. Changing a byte here breaks every chain."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wiredesk.logbook.models import Entry

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_digest(
    *, at: datetime, person_id: int | None, verb: str, thing: str, detail: Any
) -> str:
    """Give the SHA-256, in hex, of an entry's canonical JSON.

    Keys sorted, no blanks, UTF-8, the time in UTC to the microsecond.
    """
    fields = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "person": person_id,
        "verb": verb,
        "thing": thing,
        "detail": detail,
    }
    return hashlib.sha256(_CANONICAL.encode(fields).encode()).hexdigest()


def was_altered(entry: Entry) -> bool:
    """Tell whether an entry is other than its digest says."""
    digest = entry_digest(
        at=entry.at,
        person_id=entry.person_id,
        verb=entry.verb,
        thing=entry.thing,
        detail=entry.detail,
    )
    return digest != entry.digest


def seal_digest(previous: str, digests: Iterable[str]) -> str:
    """Give the SHA-256, in hex, of the seal before and of each entry's digest in turn."""
    link = hashlib.sha256(previous.encode())
    for digest in digests:
        link.update(digest.encode())
    return link.hexdigest()
