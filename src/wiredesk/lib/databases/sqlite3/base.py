"""Where Django looks for the engine ``wiredesk.lib.databases.sqlite3``."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from wiredesk.lib.databases.ending import SaysHowItEnds


class DatabaseWrapper(SaysHowItEnds, base.DatabaseWrapper):
    """SQLite."""

    def is_in_transaction(self) -> bool:
        """Tell whether a transaction is under way; SQLite ends one by itself on errors."""
        with self.wrap_database_errors:
            return super().is_in_transaction() and self.connection.in_transaction
