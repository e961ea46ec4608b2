"""Public search on PostgreSQL's tsvector. Every function gives keys of search entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from wiredesk.delivery.search.plan import WEIGHED

if TYPE_CHECKING:
    from wiredesk.delivery.search.plan import Plan

# body, nothing, subheadline and names and topics, headline: PostgreSQL's D, C, B, A
_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"

# A row's vector lies apart from it, so looking into one takes 9 µs: with a hundred
# thousand stories the planner, who doesn't know, would have a rare word take a second.
_MATCHES = """
    FROM delivery_searchentry e
    WHERE e.vector @@ ({match}) AND e.key BETWEEN %s AND %s
"""
_FROM = f"{_MATCHES} AND EXISTS ({{gate}})"
# All matches at once, as the index has them.
_GATHERED = f"""
    FROM (
        WITH found AS MATERIALIZED (SELECT e.key, e.story_id, e.vector {_MATCHES})
        SELECT * FROM found
    ) e WHERE EXISTS ({{gate}})
"""  # noqa: S608  (only constants of this module are put in)
# Of the newest so many stories, so many at most are matches: then all of them are sooner
# gathered than found from the newest on. It is asked for what is wanted from far below.
_NEWEST, _FEW, _FAR = 1000, 100, 100


def page(
    plan: Plan, order: str, limit: int, offset: int, *, most: int
) -> tuple[list[int], int]:
    """Give a page of matches, and how many there are, counted no further than one more.

    ``most`` is what is counted to, and tells how the page is best found.
    """
    counted = count(plan, most + 1)
    if limit <= 0 or offset >= counted:
        return [], counted
    needed = WEIGHED if order == "best" else offset + limit
    is_rare = counted <= most or (needed > _FAR and _newest_have(plan) <= _FEW)
    source = _GATHERED if is_rare else _FROM
    if order == "best":
        return best(plan, source, limit, offset), counted
    return newest(plan, source, limit, offset), counted


def newest(plan: Plan, source: str, limit: int, offset: int) -> list[int]:
    """Give the matches by time of publication, newest first."""
    sql = f"SELECT e.key {source} ORDER BY e.key DESC LIMIT %s OFFSET %s"
    return _run(plan, sql, limit, offset)


def best(plan: Plan, source: str, limit: int, offset: int) -> list[int]:
    """Give the newest ``WEIGHED`` matches, the best first."""
    match, values = expression(plan)
    inner = f"SELECT e.key, e.vector {source} ORDER BY e.key DESC LIMIT {WEIGHED}"
    sql = f"""
        SELECT m.key FROM ({inner}) m
        ORDER BY ts_rank('{{{_WEIGHTS}}}', m.vector, ({match})) DESC, m.key DESC
        LIMIT %s OFFSET %s
    """  # noqa: S608  (only constants of this module are put in)
    return _run(plan, sql, *values, limit, offset)


def _newest_have(plan: Plan) -> int:
    """Give how many of the newest stories match."""
    match, values = expression(plan)
    sql = f"""
        SELECT count(*) FROM (
            SELECT vector FROM delivery_searchentry WHERE key BETWEEN %s AND %s
            ORDER BY key DESC LIMIT {_NEWEST}
        ) newest WHERE vector @@ ({match})
    """  # noqa: S608  (only constants of this module are put in)
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.low, plan.high, *values])
        return int(cursor.fetchone()[0])


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
    match, match_values = expression(plan)
    gate, gate_values = plan.gate("e.story_id")
    everything = [*match_values, plan.low, plan.high, *gate_values, *values]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(gate=gate, match=match), everything)
        return [int(row[0]) for row in cursor.fetchall()]
