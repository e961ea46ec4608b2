"""The two databases of a replay: the site's, only read, and an empty one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SOURCE = "source"
FILE = "wiredesk.sqlite3"


def place_of(into: str) -> str:
    """Give the address of a database from what an engineer wrote: an address or a path.

    A path names an SQLite file, or a folder in which it gets the site's own name.
    """
    if "://" in into:
        return into
    path = Path(into).expanduser().absolute()
    if path.is_dir() or not path.suffix:
        path = path / FILE
    return f"sqlite:///{path}"


def parse(address: str, sqlite_options: dict[str, Any]) -> Any:
    """Give Django's settings of the database that a replay writes to."""
    try:
        wanted: dict[str, Any] = dict(dj_database_url.parse(address))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{address} names no database: {error}. Name an SQLite file, or an address "
            "such as postgres://user@host/name."
        ) from error
    if wanted["ENGINE"].endswith("sqlite3"):
        Path(wanted["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # Nobody relies on it before it is whole: no write is waited for.
        quick = sqlite_options["init_command"].replace(
            "PRAGMA synchronous=FULL", "PRAGMA synchronous=OFF"
        )
        wanted["OPTIONS"] = {**sqlite_options, "init_command": quick}
    else:
        wanted["OPTIONS"] = {"options": "-c synchronous_commit=off"}
    return wanted


def only_read(site: Any) -> Any:
    """Give Django's settings of the site's database, from which nothing but reading goes.

    All of it is read as it is at one moment, however long it takes.
    """
    wanted: dict[str, Any] = {**site, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    if wanted["ENGINE"].endswith("sqlite3"):
        wanted["NAME"] = f"{Path(wanted['NAME']).as_uri()}?mode=ro"
        wanted["OPTIONS"] = {
            "transaction_mode": "DEFERRED",
            "timeout": 30,
            "init_command": "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; "
            "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
        }
    else:
        from psycopg import IsolationLevel

        wanted["OPTIONS"] = {
            **wanted.get("OPTIONS", {}),
            "isolation_level": IsolationLevel.REPEATABLE_READ,
            "options": "-c default_transaction_read_only=on",
        }
    return wanted


@contextmanager
def reading_the_site() -> Iterator[None]:
    """Let everything that asks the usual database ask the site's meanwhile."""
    from django.db import DEFAULT_DB_ALIAS, connections

    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[SOURCE]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = own
