"""Where Django looks for the engine ``wiredesk.lib.databases.sqlite3``."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from wiredesk.lib.databases.ending import SaysHowItEnds


class DatabaseWrapper(SaysHowItEnds, base.DatabaseWrapper):
    """SQLite."""
