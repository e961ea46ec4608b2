"""The same rows by bare ``sqlite3``: what this machine could do at most.

Takes the tables a run has filled, with their indexes, triggers and full-text index, and
writes the same rows into an empty file: ``executemany`` in as many transactions, at
synchronous=FULL.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# ruff: noqa: S608  (names come from the database's own list of tables)

OURS = ("wire_", "stories_", "delivery_", "logbook_")
MOST = 10_000  # messages whose rows are written again


def rate(filled: Path, empty: Path, *, messages: int, group: int) -> float:
    """Give messages a second; ``group`` messages' rows are one transaction."""
    source = sqlite3.connect(f"file:{filled}?mode=ro", uri=True)
    share = min(1.0, MOST / messages)
    tables = _filled_tables(source)
    rows = {name: _rows(source, name, share) for name in tables}
    target = sqlite3.connect(empty, isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    target.execute("PRAGMA cache_size=-65536")
    for _kind, _name, statement in _own_objects(source):
        target.execute(statement)
    count = int(messages * share)
    groups = max(1, count // group)
    began = time.perf_counter()
    for number in range(groups):
        target.execute("BEGIN IMMEDIATE")
        for statement, of_table in rows.values():
            if part := _part(of_table, number, groups):
                target.executemany(statement, part)
        target.execute("COMMIT")
    seconds = time.perf_counter() - began
    target.close()
    source.close()
    return count / seconds


def _own_objects(source: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Give (type, name, statement) of everything but what full-text tables make."""
    found = source.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid"
    ).fetchall()
    virtual = [name for _, name, sql in found if sql.startswith("CREATE VIRTUAL")]
    made = ("sqlite_", *(f"{name}_" for name in virtual))
    return [row for row in found if not row[1].startswith(made)]


def _filled_tables(source: sqlite3.Connection) -> list[str]:
    """Give the tables of ours with rows; a trigger fills the full-text ones."""
    names = [
        name
        for kind, name, statement in _own_objects(source)
        if kind == "table"
        and name.startswith(OURS)
        and not statement.startswith("CREATE VIRTUAL")
    ]
    return [name for name in names if _count(source, name)]


def _count(source: sqlite3.Connection, name: str) -> int:
    return int(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])


def _rows(
    source: sqlite3.Connection, name: str, share: float
) -> tuple[str, list[tuple[object, ...]]]:
    limit = max(1, int(_count(source, name) * share))
    found = source.execute(f'SELECT * FROM "{name}" LIMIT {limit}')
    columns = ", ".join(f'"{column[0]}"' for column in found.description)
    marks = ", ".join("?" for _ in found.description)
    return f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', found.fetchall()


def _part(
    rows: list[tuple[object, ...]], number: int, groups: int
) -> list[tuple[object, ...]]:
    start, end = len(rows) * number // groups, len(rows) * (number + 1) // groups
    return rows[start:end]
