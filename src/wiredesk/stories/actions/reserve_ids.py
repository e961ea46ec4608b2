"""Reserve ids for new stories, so that an address with its id in it is written once."""

from __future__ import annotations

from django.db import connection

from wiredesk.stories.models import Story


def reserve_ids(*, count: int) -> list[int]:
    """Give ``count`` ids no story has or will get otherwise.

    Call inside the transaction that uses them. SQLite has one writer, whose
    transaction began IMMEDIATE, so reading its counter is enough; inserting an id
    moves the counter on.
    """
    if not count:
        return []
    table = Story._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            last = int(row[0]) if row else 0
            return list(range(last + 1, last + 1 + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) "
            "FROM generate_series(1, %s)",
            [table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
