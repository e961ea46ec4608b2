"""Where Django looks for the engine ``wiredesk.lib.databases.postgresql``."""

from __future__ import annotations

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from wiredesk.lib.databases.ending import SaysHowItEnds


class DatabaseWrapper(SaysHowItEnds, base.DatabaseWrapper):
    """PostgreSQL."""

    def is_in_transaction(self) -> bool:
        """Tell whether a transaction is under way in which nothing has failed."""
        if not super().is_in_transaction():
            return False
        status = self.connection.info.transaction_status
        return bool(status == TransactionStatus.INTRANS)
