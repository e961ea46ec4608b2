"""Public search on PostgreSQL's tsvector: keys of search entries, and their number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
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
_IN_ORDER = (
    f"SELECT e.key, {{rank}} AS rank {_LOOKED_INTO} ORDER BY e.key DESC LIMIT {{most}}"
)
# Of a short span of keys: with an end of its own the gate is asked of one after another.
# Joined, the planner would read through the standings of all stories for a thousand.
_IN_SPAN = f"""
    SELECT e.key, {{rank}} AS rank {_MATCHES} AND EXISTS ({{gate}} OFFSET 0)
    ORDER BY e.key DESC LIMIT {{most}}
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

# What ends before it is found apart from counting, which wants no order unless it is common.
_FAR = 100
# A word of years ago may be a common one, and none of the newest has it: the planner
# would look into tens of thousands, 4 µs each. Where fewer of the newest have it, all
# matches are gathered; before ``_FAR`` not so many need be looked into.
_NEWEST, _FEW, _FEW_BEFORE_FAR = 500, 25, 3
# "Best first" of a word that fewer of the newest have than so would look at thousands, 2 µs
# each, until it has a thousand: it is found by the index of words and that of keys, among
# as many as it is expected in and some more (16 ms at a tenth of 100,000 stories, not 26).
_SELDOM = 60
_AND_MORE = 1.3
# Where so many of the newest have it, counting ends after a few thousand of them: sooner
# than the index of words has found all that match (13 ms for 28, of 33,000).
_COMMON = 100


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest ``_NEWEST`` stories: their keys, and how many match, public or not."""

    matching: int
    first: int
    last: int

    def low_for(self, most: int) -> int:
        """Give the key from which on ``most`` are expected to match, and some more."""
        span = (self.last - self.first) * most / max(self.matching, 1)
        return self.last - round(_AND_MORE * span)


def page(
    plan: Plan, order: str, limit: int, offset: int, *, most: int
) -> tuple[list[int], int]:
    """Give a page of matches, and how many there are, counted no further than one more.

    ``most`` is what is counted to; the newest ``most`` and one more are weighed.
    """
    if limit <= 0:
        return [], count(plan, most + 1)
    is_near = order == "newest" and offset + limit <= _FAR
    newest = _look_at_newest(plan)
    is_rare = newest.matching < (_FEW_BEFORE_FAR if is_near else _FEW)
    if is_near and not is_rare and newest.matching < _COMMON:
        return _newest(plan, limit, offset), count(plan, most + 1)
    weighed = partial(_counted, most=most + 1, is_weighed=order == "best")
    source = _IN_ORDER
    if is_rare:
        source = _GATHERED_AND_RANKED if order == "best" else _GATHERED
    elif order == "best" and newest.matching < _SELDOM:
        near = replace(plan, low=max(plan.low, newest.low_for(most + 1)))
        if near.low > plan.low:
            keys, counted = weighed(_IN_SPAN, near, limit, offset)
            if counted > most:
                return keys, counted
            # There are fewer further on than at the end, or at all.
        else:
            source = _IN_SPAN
    keys, counted = weighed(source, plan, limit, offset)
    if offset and not keys:
        counted = count(plan, most + 1)
    return keys, counted


def count(plan: Plan, most: int) -> int:
    """Give how many stories match, counting no further than ``most``."""
    sql = f"SELECT count(*) FROM (SELECT 1 {_LOOKED_INTO} LIMIT %s) matches"  # noqa: S608
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
    source: str, plan: Plan, limit: int, offset: int, *, most: int, is_weighed: bool
) -> tuple[list[int], int]:
    """Give the newest ``most`` matches in order, and how many these are.

    Nothing and 0 where the page would begin beyond them.
    """
    match, values = expression(plan) if is_weighed else ("", [])
    rank = f"ts_rank('{{{_WEIGHTS}}}', e.vector, ({match}))" if match else "0"
    source = source.replace("{rank}", rank).replace("{most}", f"{most:d}")
    sql = f"""
        SELECT key, count(*) OVER ()
        FROM ({source}) newest
        ORDER BY rank DESC, key DESC LIMIT %s OFFSET %s
    """  # noqa: S608  (only constants of this module are put in)
    rows = _rows(plan, sql, [limit, offset], before=values)
    return [int(key) for key, _ in rows], int(rows[0][1]) if rows else 0


def _look_at_newest(plan: Plan) -> _Newest:
    match, values = expression(plan)
    sql = f"""
        SELECT count(*) FILTER (WHERE vector @@ ({match})), min(key), max(key)
        FROM (
            SELECT key, vector FROM delivery_searchentry WHERE key BETWEEN %s AND %s
            ORDER BY key DESC LIMIT {_NEWEST}
        ) newest
    """  # noqa: S608  (only constants of this module are put in)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, plan.low, plan.high])
        matching, first, last = cursor.fetchone()
    return _Newest(matching, first or 0, last or 0)


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
