"""Leave nothing in a full-text index of words that no row has any longer."""

from __future__ import annotations

from django.db import connection, transaction

from wiredesk.lib.overwriting import overwriting
from wiredesk.wire.pace import TARGET, turn

PAGES = 200  # of the index merged in one transaction
_MOST = 10_000  # transactions; an index of many gigabytes needs fewer


def forget_deleted(index: str) -> int:
    """Merge an FTS5 index until no deleted entry is left in it; gives how many steps.

    FTS5 only marks what is deleted; its words go when segments are merged. Each step
    is a short transaction of its own. PostgreSQL keeps words in the rows.
    """
    if connection.vendor != "sqlite":
        return 0
    # Negative: begin to merge all segments into one. Positive: go on with that.
    pages = -PAGES
    for step in range(1, _MOST):
        with turn(TARGET), overwriting(), transaction.atomic():
            if not _merge(index, pages):
                return step
        pages = PAGES
    return _MOST


def _merge(index: str, pages: int) -> bool:
    """Merge so many pages; tells whether there was anything to merge."""
    name = connection.ops.quote_name(index)
    statement = f"INSERT INTO {name}({name}, rank) VALUES ('merge', %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute(statement, [pages])
        cursor.execute("SELECT total_changes()")
        # SQLite counts one change where there was nothing to do.
        return bool(cursor.fetchone()[0] - before >= 2)
