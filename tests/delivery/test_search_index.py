"""What a search looks through on PostgreSQL is in step with the entries, whoever writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from tests.delivery.test_search import find, headlines
from wiredesk.delivery.models import SearchEntry
from wiredesk.delivery.search import postgresql
from wiredesk.delivery.store.asked import remembering

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


def gathered(query: str, **narrowed: Any) -> tuple[int, str]:
    """Give how many were found, and the statement that gathered them."""
    with CaptureQueriesContext(connection) as asked:
        total = find(query, **narrowed).total
    (sql,) = (each["sql"] for each in asked if "MATERIALIZED" in each["sql"])
    return total, sql


def test_the_index_isnt_asked_for_the_site_of_what_is_rare(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_SOME", 3)
    for body in ("Quay.", "Quay, harbour.", "Harbour, barge.", "Fog.", "Fog, quay."):
        newsroom.story("Ferry returns", body=f"<p>{body}</p>")
    site = newsroom.site
    for query, narrowed, total, is_apart in (
        ("barge", {"site": site}, 1, True),
        ("ferry barge", {"site": site}, 1, True),
        ("quay barge", {"site": site}, 0, True),
        ("ferry -quay -barge", {"site": site}, 1, True),
        ("barge", {}, 1, False),
        ('"ferry returns" barge', {"site": site}, 1, False),
        # Then nothing would be left that is there.
        ("-ferry", {"site": site}, 0, False),
        # One station's readers look for what others have a lot of.
        ("ferry", {"site": Site(pk=site.pk + 1)}, 0, False),
    ):
        found, sql = gathered(query, **narrowed)
        assert found == total, query
        assert ("IS TRUE" in sql) is is_apart, query


QUERIES = (
    "ferry",
    "ferry harbour",
    "harbour barge",
    "-barge",
    "ferry -barge",
    "ferry -fog",
    '"harbour barge"',
    'ferry -"harbour barge"',
    "12e3ab ferry",
    "ferry -12e3ab",
    # A word to us, a blank to PostgreSQL's parser.
    "\u09f4",
    "\u09f4 ferry",
    "\u0bf0 harbour barge",
)
TOTALS = {"ferry harbour": 3, '"harbour barge"': 1, "ferry -fog": 3, "-barge": 3}


@pytest.mark.parametrize("query", QUERIES)
def test_whichever_way_it_is_found_the_answer_is_the_same(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    for body in ("Fog.", "Fog, harbour.", "Harbour barge.", "Barge, harbour", "12e3ab"):
        newsroom.story("Ferry returns", body=f"<p>{body}</p>")
    newsroom.withdraw(newsroom.story("Ferry harbour barge"))
    for order in ("newest", "best"):
        for where in (None, newsroom.site):
            answers = []
            for ways in ({"_SOME": 0, "_MANY": 0}, {"_SOME": 0}, {"_SOME": 9}):
                for name, value in {"_MANY": 30, **ways}.items():
                    monkeypatch.setattr(postgresql, name, value)
                found = find(query, order=order, site=where)
                answers.append((found.stories, found.total))
            assert answers == answers[:1] * 3
            assert answers[0][1] == TOTALS.get(query, answers[0][1])


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_the_newest_are_looked_at_once_for_all_pages_of_a_search(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        newsroom.story(f"Ferry {number}")

    def looks(query: str, now: Any, **wanted: Any) -> int:
        with remembering(), CaptureQueriesContext(connection) as asked:
            assert find(query, now=now, **wanted).total == 4
        return sum("FILTER" in each["sql"] for each in asked)

    now = timezone.now()
    assert [looks("ferry", now), looks("ferry", now)] == [1, 1]  # too few to tell
    monkeypatch.setattr(postgresql, "_NEWEST", 4)
    assert looks("ferry", now - timedelta(minutes=11)) == 1
    assert looks("ferry", now, limit=2) == 1
    assert looks("ferry", now, limit=2, offset=2) == 0
    assert looks("ferry", now, order="best") == 0
    assert looks("ferry", now, until=now + timedelta(days=1)) == 1
    later = now + timedelta(minutes=5)
    newsroom.story("Barge")
    assert looks("ferry -barge", later) == 1
    assert looks("ferry", later) == 0
