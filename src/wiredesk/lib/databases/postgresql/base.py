"""Where Django looks for the engine ``wiredesk.lib.databases.postgresql``."""

from __future__ import annotations

from django.db.backends.postgresql import base

from wiredesk.lib.databases.ending import SaysHowItEnds


class DatabaseWrapper(SaysHowItEnds, base.DatabaseWrapper):
    """PostgreSQL."""
