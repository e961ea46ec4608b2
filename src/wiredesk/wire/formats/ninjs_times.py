"""When a ninjs item was made, and what may be done with it when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.wire.formats.dates import read_time
from wiredesk.wire.formats.ninjs_fields import kind_of
from wiredesk.wire.items import Status

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.wire.formats.ninjs_fields import Fields

_STATUSES = {
    "usable": Status.USABLE,
    "withheld": Status.WITHHELD,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "embargoed": Status.EMBARGOED,
}


@dataclass(frozen=True, slots=True)
class Leave:
    """What the provider allows: the status, and the times that bound it."""

    status: Status
    embargoed_until: datetime | None
    expires: datetime | None


def leave_of(item: Fields) -> Leave:
    """Read status, embargo and expiry.

    No status is usable, as the standard has it; a word nobody defined is UNKNOWN. An
    embargo that is there but empty or unreadable has no end.
    """
    status = _status(item)
    until, endless = _embargo(item)
    if endless and status is Status.USABLE:
        status = Status.EMBARGOED
    return Leave(status, until, moment(item, "expires"))


def moment(item: Fields, *names: str) -> datetime | None:
    """Give the time in the first of ``names`` that has a readable one."""
    for name in names:
        if name not in item:
            continue
        written = item.raw(name)
        if written is not None and not isinstance(written, str):
            item.drop(name, f"expected a time, found {kind_of(written)}")
            continue
        value, reason = read_time(written)
        if reason:
            item.drop(name, reason)
        if value:
            return value
    return None


def _status(item: Fields) -> Status:
    if "pubstatus" not in item:
        return Status.USABLE
    written = item.raw("pubstatus")
    # Seen as a qcode (stat:usable) and as IPTC's address as well.
    word = written.strip().lower() if isinstance(written, str) else ""
    status = _STATUSES.get(word.rpartition("/")[2].rpartition(":")[2])
    if status is None:
        shown = word if isinstance(written, str) else kind_of(written)
        item.drop("pubstatus", f"“{shown}” is no status we know")
        return Status.UNKNOWN
    return status


def _embargo(item: Fields) -> tuple[datetime | None, bool]:
    """Give the end of the embargo, and whether there is one without an end."""
    ends: list[datetime] = []
    endless = False
    for name in ("embargoed", "embargoeduntil"):
        if name not in item or item.raw(name) is None:
            continue
        until = moment(item, name)
        if until is None:
            endless = True
            item.drop(name, "an embargo without an end that can be read: held")
        else:
            ends.append(until)
    return (None if endless else max(ends, default=None)), endless
