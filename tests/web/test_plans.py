"""A list's first page costs the same in an archive of any size."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.newsroom import Newsroom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans alone"),
]
_CUT = re.compile(r" ORDER BY .* LIMIT \d+( OFFSET \d+)?(\) part_\d+)?$")
LISTS = (
    "/",
    "/local/",
    "/topics/{topic}/",
    "/authors/{author}/",
    "/feed.rss",
    "/local/feed.atom",
    "/topics/{topic}/feed.json",
    "/authors/{author}/feed.rss",
    "/sitemap.xml",
    "/sitemaps/news.xml",
)


@pytest.mark.parametrize("path", LISTS)
def test_no_list_sorts_the_archive(
    client: Client, newsroom: Newsroom, path: str
) -> None:
    for _ in range(3):
        newsroom.wire_story(authors=[newsroom.author, newsroom.desk])
    path = path.format(topic=newsroom.topic.slug, author=newsroom.author.slug)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    lists = [each["sql"] for each in queries if _is_a_list(each["sql"])]
    assert lists, "a list must ask for stories"
    for sql in lists:
        plan = _plan(sql)
        # Sorting within one moment ("FOR RIGHT PART OF ORDER BY") ends after a page.
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (sql, plan)


def test_a_storys_history_is_found_by_the_story_not_in_the_whole_site(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.wire_story()
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{story.path}history/")
    asked = [each["sql"] for each in queries if '"stories_placement"' in each["sql"]]
    assert asked
    for sql in asked:
        # A list of all that stands on the site, made for one story.
        assert not any("LIST SUBQUERY" in line for line in _plan(sql)), sql


def _is_a_list(sql: str) -> bool:
    return 'FROM "stories_story"' in sql and bool(_CUT.search(sql))


def _plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        rows: list[Any] = cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    return [str(row[3]) for row in rows]
