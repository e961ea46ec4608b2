"""Public search on SQLite's FTS5. Every function gives keys of search entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from wiredesk.delivery.models.search_entry import STORY_MASK
from wiredesk.delivery.search.plan import WEIGHED

if TYPE_CHECKING:
    from wiredesk.delivery.search.plan import Plan

# headline, subheadline, body, names, topics, filters
_WEIGHTS = "10.0, 4.0, 1.0, 4.0, 4.0, 0.0"

STORY_OF_ROW = f"(f.rowid & {STORY_MASK})"
_FROM = """
    FROM delivery_searchindex f
    WHERE delivery_searchindex MATCH %s AND f.rowid BETWEEN %s AND %s AND EXISTS ({gate})
"""


def page(
    plan: Plan, order: str, limit: int, offset: int, *, most: int
) -> tuple[list[int], int]:
    """Give a page of matches, and how many there are, counted no further than one more.

    ``most`` is what is counted to.
    """
    keys: list[int] = []
    counted = 0
    if limit > 0 and order == "best":
        keys, counted = best(plan, limit, offset)
    elif limit > 0:
        keys = newest(plan, limit, offset)
    if not counted and (keys or offset or not limit):
        is_last = 0 < len(keys) < limit  # which tells by itself
        counted = offset + len(keys) if is_last else count(plan, most + 1)
    return keys, counted


def newest(plan: Plan, limit: int, offset: int) -> list[int]:
    """Give the matches by time of publication, newest first."""
    sql = f"SELECT f.rowid {_FROM} ORDER BY f.rowid DESC LIMIT %s OFFSET %s"
    return _run(plan, sql, limit, offset)


def best(plan: Plan, limit: int, offset: int) -> tuple[list[int], int]:
    """Give the newest matches, the best first, and how many were weighed.

    These are ``WEIGHED`` at most, and one more, which tells that there are more. Nothing
    and 0 beyond the last of them.
    """
    sql = f"""
        SELECT key, count(*) OVER () FROM (
            SELECT f.rowid AS key, bm25(delivery_searchindex, {_WEIGHTS}) AS weight
            {_FROM} ORDER BY f.rowid DESC LIMIT {WEIGHED + 1}
        ) ORDER BY weight, key DESC LIMIT %s OFFSET %s
    """  # noqa: S608  (only constants of this module are put in)
    rows = _rows(plan, sql, limit, offset)
    return [int(key) for key, _ in rows], int(rows[0][1]) if rows else 0


def count(plan: Plan, most: int) -> int:
    """Give how many stories match, counting no further than ``most``."""
    sql = f"SELECT count(*) FROM (SELECT 1 {_FROM} LIMIT %s)"  # noqa: S608
    return _run(plan, sql, most)[0]


def expression(plan: Plan) -> str:
    """Give the query in FTS5's syntax: every word quoted, so that none is syntax."""
    parts = [_quoted(mark) for mark in plan.marks]
    parts.extend(_quoted(term.text) for term in plan.query.wanted)
    wanted = " AND ".join(parts)
    if not plan.query.unwanted:
        return wanted
    unwanted = " OR ".join(_quoted(term.text) for term in plan.query.unwanted)
    return f"({wanted}) NOT ({unwanted})"


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _run(plan: Plan, sql: str, *numbers: int) -> list[int]:
    return [int(row[0]) for row in _rows(plan, sql, *numbers)]


def _rows(plan: Plan, sql: str, *numbers: int) -> list[tuple[Any, ...]]:
    gate, gate_values = plan.gate(STORY_OF_ROW)
    values = [expression(plan), plan.low, plan.high, *gate_values, *numbers]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(gate=gate), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
