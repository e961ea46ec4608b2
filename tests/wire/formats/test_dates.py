"""Times as wires write them are read without a guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.wire.formats.dates import read_time

HALF_PAST = datetime(2023, 4, 15, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2023-04-15T14:30:00+02:00",
        "2023-04-15T12:30:00.000Z",
        "2023-04-15T12:30:00Z",
        " 2023-04-15T12:30Z ",
        "2023-04-15T14:30:00+0200",
        "20230415T143000+0200",
        "20230415T123000Z",
        "Sat, 15 Apr 2023 12:30:00 GMT",
        "Sat, 15 Apr 2023 08:30:00 EDT",
        "15 Apr 23 14:30 +0200",
    ],
)
def test_every_shape_of_a_real_wire_is_the_same_moment(written: str) -> None:
    moment = read_time(written)
    assert moment.value == HALF_PAST
    assert moment.reason is None


@pytest.mark.parametrize(
    "written", ["2023-04-15T12:30:00", "2023-04-15 12:30:00", "15 Apr 2023 12:30:00"]
)
def test_a_time_without_zone_is_utc_and_said(written: str) -> None:
    moment = read_time(written)
    assert moment.value == HALF_PAST
    assert "no zone" in (moment.reason or "")


def test_a_mere_date_is_its_start_and_said() -> None:
    moment = read_time("20230415")
    assert moment.value == datetime(2023, 4, 15, tzinfo=UTC)
    assert "only a date" in (moment.reason or "")


@pytest.mark.parametrize("written", [None, "", "  "])
def test_nothing_written_is_no_error(written: str | None) -> None:
    assert read_time(written) == (None, None)


@pytest.mark.parametrize(
    "written",
    [
        "soon",
        "2023-13-01",
        "99999999",
        "0001-01-01T00:00Z",
        "2023-02-30",
        "x" * 5000,
        "2023-04-15T12:30:00+99:00",
        "Sat, 15 Apr 2023 12:30:00 +9999",
    ],
)
def test_what_is_no_time_says_so(written: str) -> None:
    moment = read_time(written)
    assert moment.value is None
    assert moment.reason


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789-+:TZ ., AprMonESTGMT\u0660", max_size=40))
def test_no_text_at_all_raises(written: str) -> None:
    value = read_time(written).value
    if value is not None:
        assert value.tzinfo is not None
        value.astimezone(timezone(timedelta(hours=-12)))
