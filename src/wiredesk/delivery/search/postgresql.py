"""Public search on PostgreSQL's tsvector: keys of search entries, and their number.

The index has a short row a story, its lexemes; their places are in the entry itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from wiredesk.delivery.store.known import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wiredesk.delivery.search.plan import Plan
    from wiredesk.delivery.search.words import Term

_Part = tuple[str, str]  # SQL that makes a tsquery of a value, and the value
_Sql = tuple[str, list[str]]  # and its values

# body, nothing, subheadline and names and topics, headline: PostgreSQL's D, C, B, A
_WEIGHTS = "0.1, 0.1, 0.4, 1.0"

_MATCHES = "FROM delivery_searchindex e WHERE {match} AND e.key BETWEEN %s AND %s"
_PUBLIC = f"{_MATCHES} AND EXISTS ({{gate}})"
# In the order of time, each story looked into until there are enough.
_IN_ORDER = f"SELECT e.key {_PUBLIC} ORDER BY e.key DESC LIMIT {{most}}"
# Of a short span of keys: with an end of its own the gate is asked of one after another.
# Joined, the planner would read through the standings of all stories for a thousand.
_IN_SPAN = f"""
    SELECT e.key {_MATCHES} AND EXISTS ({{gate}} OFFSET 0)
    ORDER BY e.key DESC LIMIT {{most}}
"""
# All matches at once, as the index of words has them.
_GATHERED = f"""
    SELECT e.key FROM (
        WITH found AS MATERIALIZED (SELECT e.key, e.story_id {_MATCHES})
        SELECT * FROM found
    ) e WHERE EXISTS ({{gate}}) ORDER BY e.key DESC LIMIT {{most}}
"""  # noqa: S608  (only constants of this module are put in)
# With an end of its own, or the vectors themselves would be carried on and sorted.
_RANKED = f"""
    SELECT key, ts_rank('{{{{{_WEIGHTS}}}}}', w.vector, ({{exact}})) AS rank
    FROM ({{source}}) newest JOIN delivery_searchentry w USING (key) OFFSET 0
"""  # noqa: S608  (only constants of this module are put in)
# Not a join: that would be looked up in all entries before it is looked for in one.
_IN_A_ROW = """
    EXISTS (SELECT 1 FROM delivery_searchentry w
            WHERE w.key = e.key AND w.vector @@ ({exact}) OFFSET 0)
"""

# How many of the newest match tells where a thousand are found soonest. Where many do, in
# the order of time: among ten thousand, 0.8 µs each. Where some do, by the index of words
# and that of keys, among as many as a thousand are expected in and some more. Where few do,
# all matches are gathered: a word of years ago may be a common one, and in the order of
# time all stories would be looked into.
_NEWEST, _MANY, _SOME = 300, 30, 15
_AND_MORE = 1.3


class _Wanted(NamedTuple):
    """The page that is wanted; ``most`` is how many are counted and weighed."""

    order: str
    limit: int
    offset: int
    most: int


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest ``_NEWEST`` stories: their keys, and how many match, public or not.

    ``seen`` is how many there are; ``is_rare`` whether few match on any site.
    """

    seen: int
    matching: int
    is_rare: bool
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
    keys, counted = _page(plan, _Wanted(order, limit, offset, most + 1))
    if offset and not keys:
        counted = count(plan, most + 1)
    return keys, counted


def _page(plan: Plan, wanted: _Wanted) -> tuple[list[int], int]:
    newest = _newest_for(plan)
    if newest.matching < _SOME:
        match = _match(plan, is_apart=newest.is_rare)
        return _counted(_GATHERED, plan, match, wanted)
    match = _match(plan)
    if newest.matching < _MANY:
        near = replace(plan, low=max(plan.low, newest.low_for(wanted.most)))
        keys, counted = _counted(_IN_SPAN, near, match, wanted)
        if counted >= wanted.most or near.low == plan.low:
            return keys, counted
        # There are fewer further on than at the end, or at all.
    return _counted(_IN_ORDER, plan, match, wanted)


def count(plan: Plan, most: int) -> int:
    """Give how many stories match, counting no further than ``most``."""
    sql = f"SELECT count(*) FROM (SELECT 1 {_PUBLIC} LIMIT {most:d}) matches"  # noqa: S608
    return int(_rows(plan, sql, _match(plan))[0][0])


def exact(plan: Plan) -> list[_Part]:
    """Give the query as parts that make tsqueries for an entry's vector.

    A story is looked into from the left on until something isn't in it. So the site's
    mark, which nearly all stories have, is last.
    """
    mark, wanted = "%s::tsquery", "phraseto_tsquery('wiredesk', %s)"
    return [
        *((mark, f"'{each}'") for each in plan.marks[:-1]),
        *((wanted, " ".join(term.words)) for term in plan.query.wanted),
        *((f"!! {wanted}", " ".join(term.words)) for term in plan.query.unwanted),
        *((mark, f"'{each}'") for each in plan.marks[-1:]),
    ]


def _together(parts: Iterable[_Part]) -> _Sql:
    """Give parts as the SQL of one tsquery, and its values."""
    kept = list(parts)
    return " && ".join(sql for sql, _ in kept), [value for _, value in kept]


def _loose(plan: Plan) -> list[_Part]:
    """Give the parts for the index, which knows no places: each word of a phrase."""
    query = plan.query
    unwanted = tuple(term for term in query.unwanted if _is_one(term))
    parts = exact(replace(plan, query=replace(query, unwanted=unwanted)))
    return [
        (sql.replace("phraseto_tsquery", "plainto_tsquery"), value)
        for sql, value in parts
    ]


def _is_plain(plan: Plan) -> bool:
    return all(map(_is_one, (*plan.query.wanted, *plan.query.unwanted)))


def _is_one(term: Term) -> bool:
    """Tell whether a term is one lexeme; PostgreSQL takes 12e3ab for two in a row."""
    return len(term.words) == 1 and (
        term.words[0].isalpha() or term.words[0].isdecimal()
    )


def _may_be_apart(plan: Plan) -> bool:
    """Tell whether there is something for the index to find without the last mark.

    Each word must be a lexeme: of one that PostgreSQL takes for a blank it finds nothing.
    """
    return _is_plain(plan) and bool(
        plan.marks and (plan.query.wanted or plan.marks[1:])
    )


def _match(plan: Plan, *, is_apart: bool = False) -> _Sql:
    """Give the condition on an entry of the index, and its values.

    ``is_apart``: the last mark, the site's, is looked for in the row alone. Without it the
    index takes a sixth of the time for a rare word.
    """
    *parts, last = _loose(plan)
    loose, values = _together(parts if is_apart else [*parts, last])
    sql = f"e.words @@ ({loose})"
    if is_apart:
        # No index knows whether it is true.
        sql = f"{sql} AND (e.words @@ ({last[0]})) IS TRUE"
        values = [*values, last[1]]
    if not _is_plain(plan):
        in_a_row, more = _together(exact(plan))
        sql = f"{sql} AND {_IN_A_ROW.format(exact=in_a_row)}"
        values = [*values, *more]
    return sql, values


def _counted(
    source: str, plan: Plan, match: _Sql, wanted: _Wanted
) -> tuple[list[int], int]:
    """Give a page of the newest ``most`` matches in order, and how many these are.

    Nothing and 0 where the page would begin beyond them.
    """
    rank, values = "", list[str]()
    if wanted.order == "best":
        query, values = _together(exact(plan))
        source = _RANKED.replace("{exact}", query).replace("{source}", source)
        rank = "rank DESC,"
    sql = f"""
        SELECT key, count(*) OVER () FROM ({source}) newest
        ORDER BY {rank} key DESC LIMIT {wanted.limit:d} OFFSET {wanted.offset:d}
    """  # noqa: S608  (only constants of this module are put in)
    sql = sql.replace("{most}", f"{wanted.most:d}")
    rows = _rows(plan, sql, match, before=values)
    return [int(key) for key, _ in rows], int(rows[0][1]) if rows else 0


# Tells where to look, not what is found: nothing need be said when it changes. The next
# page of a search, and one that many ask for, need not look again.
_known: Known[tuple[Any, ...], _Newest] = Known(most=1_000)
_AS_LONG = timedelta(minutes=10)


def _newest_for(plan: Plan) -> _Newest:
    asked = plan.query, plan.marks, plan.low, plan.high
    newest = _known.find(asked)
    if newest is None:
        newest = _look_at_newest(plan)
        # Of an archive that is being filled little can be told, and soon another thing.
        if newest.seen >= _NEWEST:
            _known.keep(asked, newest, of=(), until=plan.now + _AS_LONG)
    return newest


def _look_at_newest(plan: Plan) -> _Newest:
    match, values = _match(plan)
    anywhere, more = match, values
    if _may_be_apart(plan):
        anywhere, more = _match(replace(plan, marks=plan.marks[:-1]))
    sql = f"""
        SELECT count(*), count(*) FILTER (WHERE {match}),
               count(*) FILTER (WHERE {anywhere}), min(key), max(key)
        FROM (
            SELECT key, words FROM delivery_searchindex WHERE key BETWEEN %s AND %s
            ORDER BY key DESC LIMIT {_NEWEST}
        ) e
    """  # noqa: S608  (only constants of this module are put in)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *more, plan.low, plan.high])
        seen, matching, elsewhere_too, first, last = cursor.fetchone()
    is_rare = elsewhere_too < _SOME and _may_be_apart(plan)
    return _Newest(seen, matching, is_rare, first or 0, last or 0)


def _rows(
    plan: Plan, sql: str, match: _Sql, *, before: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Give the rows of a statement that has one source in it.

    ``before`` are the values of what stands before the source.
    """
    condition, values = match
    gate, gate_values = plan.gate("e.story_id")
    everything = [*before, *values, plan.low, plan.high, *gate_values]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(gate=gate, match=condition), everything)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
