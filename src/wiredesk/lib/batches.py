"""Many values in groups that each engine takes in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")

# Below what Django lets SQLite have in a query (999), with room for the query's own.
MOST = 500


def in_batches(values: Sequence[Value]) -> Iterator[list[Value]]:
    """Give the values in order, at most ``MOST`` at a time."""
    for start in range(0, len(values), MOST):
        yield list(values[start : start + MOST])
