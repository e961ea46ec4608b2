"""Whether an answer is being made for the page store: for nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from wiredesk.delivery.store.changes import clock


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the clock of changes."""

    era: int
    change: int


_begun: ContextVar[Moment | None] = ContextVar("wiredesk.drawing-begun", default=None)


def asked_by_store() -> bool:
    """Tell whether what is being made is for the store; the clock ends its truth."""
    return _begun.get() is not None


def begun() -> Moment | None:
    """Give when the drawing under way began: whatever it has read was true since then.

    ``None`` for what isn't drawn for the store.
    """
    return _begun.get()


@contextmanager
def drawing_for_store() -> Iterator[None]:
    """Say that what this thread makes meanwhile is for the store."""
    present = clock()
    token = _begun.set(Moment(present.era, present.head))
    try:
        yield
    finally:
        _begun.reset(token)
