"""Whether an answer is being made for the page store: for nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_by_store: ContextVar[bool] = ContextVar("wiredesk.asked-by-store", default=False)


def asked_by_store() -> bool:
    """Tell whether what is being made is for the store; the clock ends its truth."""
    return _by_store.get()


@contextmanager
def drawing_for_store() -> Iterator[None]:
    """Say that what this thread makes meanwhile is for the store."""
    token = _by_store.set(True)
    try:
        yield
    finally:
        _by_store.reset(token)
