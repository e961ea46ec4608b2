"""A process with many threads that read doesn't keep the database in each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from wiredesk.lib.page_cache import MAPPED, SMALL, keep_small_caches


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's caches alone")
def test_connections_made_from_now_on_keep_little(tmp_path: Path) -> None:
    keep_small_caches()
    other = connection.copy()
    other.settings_dict["NAME"] = tmp_path / "a.sqlite3"  # only a file is mapped
    try:
        with other.cursor() as cursor:
            (size,) = cursor.execute("PRAGMA cache_size").fetchone()
            (mapped,) = cursor.execute("PRAGMA mmap_size").fetchone()
    finally:
        other.close()
        connection_created.disconnect(dispatch_uid="small caches")
    assert (size, mapped) == (-SMALL, MAPPED)
