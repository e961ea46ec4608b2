"""A moment is told as the station's clocks and its reader's language have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from wiredesk.web.moments import moment

NEW_YORK = ZoneInfo("America/New_York")
HALF_PAST_FIVE = datetime(
    2026, 11, 1, 5, 30, tzinfo=UTC
)  # 1:30 there, for the first time


def told(value: datetime, zone: str = "America/New_York", style: str = "full") -> str:
    with timezone.override(zone):
        return moment(value, style)


def test_the_hour_that_a_night_has_twice_is_told_apart() -> None:
    first = told(HALF_PAST_FIVE)
    second = told(HALF_PAST_FIVE + timedelta(hours=1))
    assert 'datetime="2026-11-01T01:30:00-04:00"' in first
    assert "EDT" in first
    assert 'datetime="2026-11-01T01:30:00-05:00"' in second
    assert "EST" in second
    # Also where it comes in local time.
    assert told(HALF_PAST_FIVE.astimezone(NEW_YORK)) == first
    assert told((HALF_PAST_FIVE + timedelta(hours=1)).astimezone(NEW_YORK)) == second


def test_a_list_tells_that_hour_apart_too_and_no_other() -> None:
    year = timezone.now().astimezone(NEW_YORK).year
    hours = [
        datetime(year, 11, 1, tzinfo=UTC) + timedelta(hours=hour)
        for hour in range(8 * 24)
    ]
    zones = [told(hour, style="short").partition("m. ")[2][:3] for hour in hours]
    assert [zone for zone in zones if zone] == ["EDT", "EST"]


def test_each_zone_tells_the_same_moment_by_its_own_clocks() -> None:
    assert "T01:30:00-04:00" in told(HALF_PAST_FIVE)
    assert "T06:30:00+01:00" in told(HALF_PAST_FIVE, "Europe/Berlin")


def test_each_language_has_its_own_words() -> None:
    english = told(HALF_PAST_FIVE)
    with translation.override("de"):
        german = told(HALF_PAST_FIVE)
    assert "Nov. 1, 2026" in english
    assert "1. November 2026" in german
    assert told(HALF_PAST_FIVE) == english


@pytest.mark.parametrize(("days", "says_the_year"), [(0, False), (-400, True)])
def test_a_list_says_the_year_of_another_year_alone(
    days: int, says_the_year: bool
) -> None:
    value = timezone.now() + timedelta(days=days)
    text = told(value, "UTC", "short").partition(">")[2]
    assert (str(value.year) in text) == says_the_year
