"""How much of an SQLite database each connection keeps in memory for itself."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

SMALL = 8 * 1024  # KiB; a reader's pages are few, and the system's cache has the rest
MAPPED = 256 * 1024 * 1024  # bytes of the file; what is mapped counts as its memory


def keep_small_caches() -> None:
    """Let every connection made from now on keep little: for many threads that read.

    A connection that writes a lot is better off with what the settings give it. Does
    nothing on other databases, which have one cache for all.
    """
    connection_created.connect(_shrink, dispatch_uid="small caches")


def _shrink(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size=-{SMALL}")
            cursor.execute(f"PRAGMA mmap_size={MAPPED}")
