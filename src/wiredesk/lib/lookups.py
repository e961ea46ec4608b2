"""Lookups that tell the database how a column is to be read."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler


@CharField.register_lookup
class Unindexed(Exact[Any]):
    """``column__unindexed=value``: equal to it, but never found through an index.

    For a value that nearly all rows have. SQLite, which counts no rows before it plans,
    takes an index for such a column first and sorts what it finds, where reading off
    another index in order ends after a page. A plus before the column keeps it from
    that (https://www.sqlite.org/optoverview.html, section 2).
    """

    lookup_name = "unindexed"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        """Give the comparison with a plus before it."""
        sql, params = self.as_sql(compiler, connection)
        return f"+{sql}", params

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        """Compare as ``exact`` does."""
        return f"= {rhs}"
