"""What a search looks through on PostgreSQL is in step with the entries, whoever writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection

from tests.delivery.test_search import headlines
from wiredesk.delivery.models import SearchEntry

if TYPE_CHECKING:
    from tests.delivery.conftest import Newsroom

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's index is FTS5's own"
)


def indexed() -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, story_id FROM delivery_searchindex")
        return set(cursor.fetchall())


def entered() -> set[tuple[int, int]]:
    return set(SearchEntry.objects.values_list("key", "story_id"))


def test_an_entry_that_is_written_moved_deleted_or_emptied_is_so_in_the_index(
    newsroom: Newsroom,
) -> None:
    for name in ("Ferry returns", "Barge returns", "Ferry sinks"):
        newsroom.story(name)
    assert indexed() == entered()
    first, second, _third = SearchEntry.objects.order_by("key")
    SearchEntry.objects.filter(pk=first.pk).update(key=first.pk - 1)
    assert (first.pk - 1, first.story_id) in indexed()
    second.delete()
    assert indexed() == entered()
    assert len(indexed()) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE delivery_searchentry")
    assert indexed() == set()


@pytest.mark.django_db(transaction=True)
def test_a_newsroom_that_has_stories_already_finds_them_after_an_update(
    newsroom: Newsroom,
) -> None:
    newsroom.story("Ferry returns")
    newsroom.story("Ferry sinks")
    call_command("migrate", "delivery", "0007", verbosity=0)
    try:
        newsroom.story("Barge returns")
    finally:
        call_command("migrate", "delivery", verbosity=0)
    assert headlines("returns") == ["Barge returns", "Ferry returns"]
    assert headlines('"ferry sinks"') == ["Ferry sinks"]
    assert indexed() == entered()
