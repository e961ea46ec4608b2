"""Public search on PostgreSQL's tsvector. Every function gives keys of search entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from wiredesk.delivery.search.plan import Plan

WEIGHED = 1000  # as on SQLite: see there
# body, nothing, subheadline and names and topics, headline: PostgreSQL's D, C, B, A
_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"

_FROM = """
    FROM delivery_searchentry e
    WHERE e.vector @@ ({match}) AND e.key BETWEEN %s AND %s AND EXISTS ({gate})
"""


def newest(plan: Plan, limit: int, offset: int) -> list[int]:
    """Give the matches by time of publication, newest first."""
    sql = f"SELECT e.key {_FROM} ORDER BY e.key DESC LIMIT %s OFFSET %s"
    return _run(plan, sql, limit, offset)


def best(plan: Plan, limit: int, offset: int) -> tuple[list[int], int]:
    """Give the newest ``WEIGHED`` matches, the best first, and how many were looked at.

    As on SQLite.
    """
    match, values = expression(plan)
    inner = f"SELECT e.key, e.vector {_FROM} ORDER BY e.key DESC LIMIT {WEIGHED + 1}"
    sql = f"""
        SELECT m.key, count(*) OVER () FROM ({inner}) m
        ORDER BY ts_rank('{{{_WEIGHTS}}}', m.vector, ({match})) DESC, m.key DESC
        LIMIT %s OFFSET %s
    """  # noqa: S608  (only constants of this module are put in)
    rows = _rows(plan, sql, *values, limit, offset)
    return [int(key) for key, _ in rows], int(rows[0][1]) if rows else 0


def count(plan: Plan, most: int) -> int:
    """Give how many stories match, counting no further than ``most``."""
    sql = f"SELECT count(*) FROM (SELECT 1 {_FROM} LIMIT %s) matches"  # noqa: S608
    return _run(plan, sql, most)[0]


def expression(plan: Plan) -> tuple[str, list[str]]:
    """Give the query as SQL that makes a tsquery, and its values."""
    parts = ["%s::tsquery"] * len(plan.marks)
    values = [f"'{mark}'" for mark in plan.marks]
    for term in plan.query.wanted:
        parts.append("phraseto_tsquery('wiredesk', %s)")
        values.append(" ".join(term.words))
    for term in plan.query.unwanted:
        parts.append("!! phraseto_tsquery('wiredesk', %s)")
        values.append(" ".join(term.words))
    return " && ".join(parts), values


def _run(plan: Plan, sql: str, *values: Any) -> list[int]:
    return [int(row[0]) for row in _rows(plan, sql, *values)]


def _rows(plan: Plan, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    match, match_values = expression(plan)
    gate, gate_values = plan.gate("e.story_id")
    everything = [*match_values, plan.low, plan.high, *gate_values, *values]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(gate=gate, match=match), everything)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
