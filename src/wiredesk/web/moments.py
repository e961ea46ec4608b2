"""A moment as readers are told it: in the station's zone and words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache, partial

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wiredesk.lib.truth import true_until


def moment(value: datetime | None, style: str = "full") -> SafeString:
    """Give a ``<time>`` in the station's zone.

    ``full`` has date, time and zone; ``short`` is for lists: the day and the time, or
    the date alone for a story of another year, and the zone too where a night has the hour
    twice. Never "three hours ago": pages are kept.
    """
    if value is None:
        return SafeString()
    zone = timezone.get_current_timezone()
    began, ends = _year(zone, timezone.now().astimezone(zone).year)
    is_of_this_year = began <= value < ends
    if style != "full" and is_of_this_year:
        true_until(ends)  # next year it will say the year
    # By its UTC: of the hour that an autumn night has twice, local times are alike.
    return _told(
        value.astimezone(UTC),
        zone,
        get_language(),
        style,
        is_of_this_year=is_of_this_year,
    )


@lru_cache(maxsize=100)
def _year(zone: tzinfo, year: int) -> tuple[datetime, datetime]:
    """Give when a year begins in a zone, and when the next one does."""
    began, ends = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    return began.astimezone(UTC), ends.astimezone(UTC)


@lru_cache(maxsize=10_000)
def _told(
    value: datetime,
    zone: tzinfo,
    language: str | None,
    style: str,
    *,
    is_of_this_year: bool,
) -> SafeString:
    """Give a moment in words, put together once: lists tell the same ones again and again.

    ``language`` is the present one, by which the words differ.
    """
    local = value.astimezone(zone)
    clock = _clock(local.time().replace(second=0, microsecond=0), language)
    day = partial(_day, local.date(), language)
    # Twice in an autumn night. Django's "T" is empty in the hour that needs it most.
    is_twice = local.replace(fold=not local.fold).utcoffset() != local.utcoffset()
    if style != "full" and not is_of_this_year:
        text = day("DATE_FORMAT")
    elif style == "full" or is_twice:
        told = day("DATE_FORMAT" if style == "full" else "MONTH_DAY_FORMAT")
        text = _("{date}, {time} {zone}").format(
            date=told, time=clock, zone=local.tzname()
        )
    else:
        text = _("{date}, {time}").format(date=day("MONTH_DAY_FORMAT"), time=clock)
    stamp = local.replace(microsecond=0).isoformat()
    return format_html('<time datetime="{}">{}</time>', stamp, text)


# Django takes 16 to 28 µs to tell a day, and a search's hits are of twenty.
@lru_cache(maxsize=10_000)
def _day(day: date, language: str | None, style: str) -> str:
    return formats.date_format(day, style)


@lru_cache(maxsize=2_000)
def _clock(clock: time, language: str | None) -> str:
    return formats.time_format(clock, "TIME_FORMAT")
