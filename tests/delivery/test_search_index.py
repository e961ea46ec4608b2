"""What a search looks through on PostgreSQL is in step with the entries, whoever writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.delivery.test_search import find, headlines
from wiredesk.delivery.models import SearchEntry
from wiredesk.delivery.search import postgresql
from wiredesk.delivery.store.asked import remembering

if TYPE_CHECKING:
    from pathlib import Path

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


def test_the_index_isnt_asked_for_what_most_stories_have(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_SOME", 3)
    for body in (
        "Quay.",
        "Quay, harbour.",
        "Harbour, barge, fog.",
        "Fog.",
        "Fog, quay.",
    ):
        newsroom.story("Ferry returns", body=f"<p>{body}</p>")
    for query, total, site, is_apart in (
        ("barge", 1, newsroom.site, True),
        ("ferry barge", 1, newsroom.site, True),
        ("quay barge", 0, newsroom.site, True),
        ("ferry barge", 1, None, False),  # nothing is usual but the site
        ("harbour barge -mill", 1, newsroom.site, False),
        ("ferry -quay -harbour", 1, newsroom.site, False),
        ('"ferry returns" barge', 1, newsroom.site, False),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert find(query, site=site).total == total, query
        (gathered,) = (each["sql"] for each in asked if "MATERIALIZED" in each["sql"])
        assert ("IS TRUE" in gathered) is is_apart, query


def test_what_is_rare_here_and_rarer_there_is_left_to_the_index(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of five are in a section, two have the barge, none both: it isn't rare."""
    monkeypatch.setattr(postgresql, "_SOME", 2)
    for _ in range(3):
        newsroom.story("Ferry returns")
    for _ in range(2):
        newsroom.story("Barge returns", section=newsroom.other_section)
    section, site = newsroom.section, newsroom.site
    with CaptureQueriesContext(connection) as asked:
        assert find("barge", section=section, site=site).total == 0
    (gathered,) = (each["sql"] for each in asked if "MATERIALIZED" in each["sql"])
    assert "IS TRUE" not in gathered


QUERIES = (
    *(
        "ferry",
        "ferry harbour",
        "harbour barge",
        "-barge",
        "ferry -barge",
        "ferry -fog",
    ),
    *('"harbour barge"', 'ferry -"harbour barge"', "12e3ab ferry", "ferry -12e3ab"),
    # Neither is a word to PostgreSQL, whose parser sees blanks.
    *("\u09f4", "\u09f4 ferry", "\u0bf0 harbour barge"),
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


@pytest.mark.django_db(transaction=True)
def test_the_newest_are_looked_at_once_for_all_pages_of_a_search(
    newsroom: Newsroom, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WIREDESK_RUN = tmp_path
    for number in range(4):
        newsroom.story(f"Ferry {number}")

    def looks(query: str, now: Any, **wanted: Any) -> int:
        with remembering(), CaptureQueriesContext(connection) as asked:
            assert find(query, now=now, **wanted).total == 4
        return sum("AS matches" in each["sql"] for each in asked)

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
