"""Public search on PostgreSQL's tsvector: keys of search entries, and their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wiredesk.delivery.search.plan import Plan

# body, nothing, subheadline and names and topics, headline: PostgreSQL's D, C, B, A
_WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"

_MATCHES = """
    FROM delivery_searchentry e
    WHERE e.vector @@ ({match}) AND e.key BETWEEN %s AND %s
"""
# In the order that is wanted, each story looked into until there are enough.
_LOOKED_INTO = f"{_MATCHES} AND EXISTS ({{gate}})"
_RANKED = f"""
    SELECT e.key, {{rank}} AS rank {_LOOKED_INTO} ORDER BY e.key DESC LIMIT {{most}}
"""
# All matches at once, as the index of words has them.
_GATHERED = f"""
    SELECT e.key, 0 AS rank FROM (
        WITH found AS MATERIALIZED (SELECT e.key, e.story_id {_MATCHES})
        SELECT * FROM found
    ) e WHERE EXISTS ({{gate}}) ORDER BY e.key DESC LIMIT {{most}}
"""  # noqa: S608  (only constants of this module are put in)

_GATHERED_AND_RANKED = f"""
    SELECT e.key, {{rank}} AS rank FROM ({_GATHERED}) newest
    JOIN delivery_searchentry e ON e.key = newest.key
"""  # noqa: S608  (only constants of this module are put in)

_FAR = 100  # what ends before it is found apart from counting, which wants no order
# A word of years ago may be a common one, and none of the newest has it: the planner
# would look into tens of thousands, 4 µs each. Where fewer of the newest have it, all
# matches are gathered; before ``_FAR`` not so many need be looked into.
_NEWEST, _FEW, _FEW_BEFORE_FAR = 500, 25, 3
# Where so many of the newest have it, counting ends after a few thousand of them: sooner
# than the index of words has found all that match (13 ms for 28, of 33,000).
_COMMON = 100


def page(
    plan: Plan, order: str, limit: int, offset: int, *, most: int
) -> tuple[list[int], int]:
    """Give a page of matches, and how many there are, counted no further than one more.

    ``most`` is what is counted to; the newest ``most`` and one more are weighed.
    """
    if limit <= 0:
        return [], count(plan, most + 1)
    is_near = order == "newest" and offset + limit <= _FAR
    have = _newest_have(plan)
    is_rare = have < (_FEW_BEFORE_FAR if is_near else _FEW)
    if is_near and not is_rare:
        counted = count(plan, most + 1, are_common=have >= _COMMON)
        return _newest(plan, limit, offset), counted
    keys, counted = _counted(plan, order, limit, offset, most + 1, is_rare=is_rare)
    if offset and not keys:
        counted = count(plan, most + 1)
    return keys, counted


def count(plan: Plan, most: int, *, are_common: bool = False) -> int:
    """Give how many stories match, counting no further than ``most``.

    ``are_common``: so many of the newest that they are counted from there on.
    """
    order = "ORDER BY e.key DESC" if are_common else ""
    sql = f"SELECT count(*) FROM (SELECT 1 {_LOOKED_INTO} {order} LIMIT %s) matches"  # noqa: S608
    return int(_rows(plan, sql, [most])[0][0])


def expression(plan: Plan) -> tuple[str, list[str]]:
    """Give the query as SQL that makes a tsquery, and its values.

    A story is looked into from the left on until something isn't in it. So the site's
    mark, which nearly all stories have, is last.
    """
    mark, wanted = "%s::tsquery", "phraseto_tsquery('wiredesk', %s)"
    parts = [
        *((mark, f"'{each}'") for each in plan.marks[:-1]),
        *((wanted, " ".join(term.words)) for term in plan.query.wanted),
        *((f"!! {wanted}", " ".join(term.words)) for term in plan.query.unwanted),
        *((mark, f"'{each}'") for each in plan.marks[-1:]),
    ]
    return " && ".join(sql for sql, _ in parts), [value for _, value in parts]


def _newest(plan: Plan, limit: int, offset: int) -> list[int]:
    """Give matches, the newest first."""
    sql = f"SELECT e.key {_LOOKED_INTO} ORDER BY e.key DESC LIMIT %s OFFSET %s"
    return [int(key) for (key,) in _rows(plan, sql, [limit, offset])]


def _counted(
    plan: Plan, order: str, limit: int, offset: int, most: int, *, is_rare: bool
) -> tuple[list[int], int]:
    """Give the newest ``most`` matches in order, and how many these are.

    Nothing and 0 where the page would begin beyond them.
    """
    match, values = expression(plan) if order == "best" else ("", [])
    source = _RANKED
    if is_rare:
        source = _GATHERED_AND_RANKED if match else _GATHERED
    rank = f"ts_rank('{{{_WEIGHTS}}}', e.vector, ({match}))" if match else "0"
    source = source.replace("{rank}", rank).replace("{most}", f"{most:d}")
    sql = f"""
        SELECT key, count(*) OVER ()
        FROM ({source}) newest
        ORDER BY rank DESC, key DESC LIMIT %s OFFSET %s
    """  # noqa: S608  (only constants of this module are put in)
    rows = _rows(plan, sql, [limit, offset], before=values)
    return [int(key) for key, _ in rows], int(rows[0][1]) if rows else 0


def _newest_have(plan: Plan) -> int:
    """Give how many of the newest stories match, public or not."""
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


def _rows(
    plan: Plan, sql: str, values: list[Any], *, before: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Give the rows of a statement that has one source in it.

    ``before`` are the values of what it selects, ``values`` those after it.
    """
    match, match_values = expression(plan)
    gate, gate_values = plan.gate("e.story_id")
    everything = [*before, *match_values, plan.low, plan.high, *gate_values, *values]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(gate=gate, match=match), everything)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
