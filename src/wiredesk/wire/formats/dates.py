"""Times as agencies really write them, read without a guess.

Seen on real wires: ``2023-04-15T12:30:00+02:00``, ``…00.000Z``, ``…Z``, no zone at all,
``+0200``, a space instead of the T, NITF's ``20230415T123000+0200``, a mere date, and
the mail form of RSS (RFC 822). An empty element says nothing and is no error here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import NamedTuple

from wiredesk.lib.text import shorten

_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[Tt ]\s*(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)"
    r"(?:[.,](?P<fraction>\d{1,20}))?)?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+\-\u2212]\d\d(?::?\d\d)?)?)?\Z",
    re.ASCII,
)
_MAIL_ZONE = re.compile(r"[\s\d]([+\-]\d{4}|[A-Za-z]{1,5})(?:\s*\([^)]*\))?\Z")
_MAIL_ZONES = frozenset(
    ["UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"]
)
# What RFC 3339 writes as -00:00: the clock is known, its zone is not. Printed as UTC;
# whoever knows the sender's zone, or must not lift an embargo early, can tell it apart.
UNKNOWN_ZONE = timezone(timedelta(0), "-00:00")
_YEARS = range(1800, 3000)  # so that no later sum or change of zone can overflow
_UNREADABLE = "is no time we can read"


class Moment(NamedTuple):
    """A time that was read, or not. ``reason`` says what to know about it, if anything.

    ``value`` is aware, or ``None`` with the reason; both are ``None`` for no text.
    """

    value: datetime | None
    reason: str | None = None


def read_time(text: str | None) -> Moment:
    """Read a time as a wire writes it; never raises.

    Without a zone it is UTC, and a mere date is its first moment in UTC: both are said
    in ``reason``, and the value's zone is ``UNKNOWN_ZONE``.
    """
    written = (text or "").strip()
    if not written:
        return Moment(None)
    if len(written) > 80:
        return Moment(None, f"“{shorten(written, 40)}” {_UNREADABLE}")
    found = _ISO.match(written)
    return _from_iso(written, found) if found else _from_mail(written)


def _from_iso(written: str, found: re.Match[str]) -> Moment:
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    second = int(found["second"] or 0)
    zone = _zone(found["zone"])
    if zone is None and found["zone"]:
        return Moment(None, f"“{written}” {_UNREADABLE}: there is no such zone")
    value = _moment(
        (int(found["year"]), int(found["month"]), int(found["day"])),
        (hour, minute, second, int((found["fraction"] or "0")[:6].ljust(6, "0"))),
        zone or UNKNOWN_ZONE,
    )
    if value is None:
        return Moment(None, f"“{written}” {_UNREADABLE}: there is no such day or hour")
    if found["hour"] is None:
        return Moment(value, f"“{written}” is only a date: read as its start in UTC")
    if zone is None:
        return Moment(value, f"“{written}” names no zone: read as UTC")
    return Moment(value)


def _zone(written: str | None) -> timezone | None:
    if not written:
        return None
    if written[0] not in "+-\u2212":
        return UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 15 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(offset if written[0] == "+" else -offset) if offset else UTC


def _moment(
    day: tuple[int, int, int], clock: tuple[int, int, int, int], zone: timezone
) -> datetime | None:
    hour, minute, second, fraction = clock
    if day[0] not in _YEARS:
        return None
    midnight = hour == 24 and not (minute or second or fraction)
    if second == 60:  # a leap second, which datetime can't hold
        second, fraction = 59, 999_999
    try:
        value = datetime(
            *day, 0 if midnight else hour, minute, second, fraction, tzinfo=zone
        )
    except ValueError:
        return None
    return value + timedelta(days=1) if midnight else value


def _from_mail(written: str) -> Moment:
    try:
        parts = parsedate_tz(written)
    except (ValueError, IndexError, TypeError, OverflowError):
        parts = None
    if parts is None:
        return Moment(None, f"“{written}” {_UNREADABLE}")
    year, month, day, hour, minute, second = parts[:6]
    offset = parts[9]
    if offset is not None and abs(offset) > 16 * 3600:
        return Moment(None, f"“{written}” {_UNREADABLE}: there is no such zone")
    # parsedate_tz knows a few more names, but not which of two they mean.
    zone = timezone(timedelta(seconds=offset)) if offset else UTC
    value = _moment((year, month, day), (hour, minute, min(second, 60), 0), zone)
    if value is None:
        return Moment(None, f"“{written}” {_UNREADABLE}: there is no such day or hour")
    named = _MAIL_ZONE.search(written)
    if named is None:
        value = value.replace(tzinfo=UNKNOWN_ZONE)
        return Moment(value, f"“{written}” names no zone: read as UTC")
    if named[1].isalpha() and named[1].upper() not in _MAIL_ZONES:
        value = value.replace(tzinfo=UNKNOWN_ZONE)
        return Moment(value, f"“{written}” names a zone we don't know: read as UTC")
    return Moment(value)
