"""Deleting so that nothing is left in the database's file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def overwriting() -> Iterator[None]:
    """Have SQLite write zeros over what is deleted or replaced; around a transaction.

    Else the bytes would stay in free pages until something else needs them. PostgreSQL
    does that when it vacuums.
    """
    if connection.vendor != "sqlite":
        yield
        return
    _set("ON")
    try:
        yield
    finally:
        _set("OFF")


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA secure_delete = {value}")
