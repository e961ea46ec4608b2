"""The wire's work for the database grows with groups, not with messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.wire.pipeline import news_item
from wiredesk.stories.models import Story
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take_waiting
from wiredesk.wire.models import Feed
from wiredesk.wire.pace import Pace

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 100  # statements a group of fresh copy and updates; 77 when this was written


@pytest.fixture(autouse=True)
def _own_originals(settings: Settings, tmp_path: Path) -> None:
    settings.WIREDESK_ORIGINALS = tmp_path / "originals"


@pytest.fixture
def feed() -> Feed:
    return Feed.objects.create(name="Harrow", slug="harrow", publish="now")


def _statements(feed: Feed, first: int, count: int, version: int) -> int:
    """Bring ``count`` stories' versions as one group; gives how many statements."""
    pace = Pace()
    pace.size = count
    payloads = [
        Payload(news_item(f"tag:harrow.example,2026:{number}", version=version))
        for number in range(first, first + count)
    ]
    with CaptureQueriesContext(connection) as captured:
        receive(feed=feed, payloads=payloads, transport="test")
        lines = take_waiting(pace=pace, worker="test")
    assert len(lines) == count
    return len(captured)


def test_a_group_of_forty_costs_no_more_statements_than_one_of_four(feed: Feed) -> None:
    _statements(feed, 1000, 1, 1)  # what is asked or made once
    for version in (1, 2):
        few = _statements(feed, 0, 4, version)
        many = _statements(feed, 100, 40, version)
        assert few == many <= MOST
    assert Story.objects.public().count() == 45


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is SQLite's")
def test_a_group_is_one_piece_of_each_full_text_index(feed: Feed) -> None:
    for index in FULL_TEXT:
        with connection.cursor() as cursor:
            # What other tests left is in one piece, else now were the time to join them.
            cursor.execute(f"INSERT INTO {index}({index}) VALUES('optimize')")
    _statements(feed, 0, 1, 1)
    before = _pieces()
    _statements(feed, 100, 40, 1)
    assert [now - then for now, then in zip(_pieces(), before, strict=True)] == [1, 1]


FULL_TEXT = ("wire_messageindex", "delivery_searchindex")


def _pieces() -> list[int]:
    counts = []
    for index in FULL_TEXT:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(DISTINCT segid) FROM {index}_idx")  # noqa: S608
            counts.append(cursor.fetchone()[0])
    return counts
