"""Whether an answer is being made for the page store, and what may be remembered of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings

from wiredesk.delivery.store.changes import clock


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the clock of changes."""

    era: int
    change: int


_for_store: ContextVar[bool] = ContextVar("wiredesk.drawn-for-store", default=False)
_begun: ContextVar[Moment | None] = ContextVar("wiredesk.drawing-begun", default=None)


def asked_by_store() -> bool:
    """Tell whether what is being made is for the store; the clock ends its truth."""
    return _for_store.get()


def begun() -> Moment | None:
    """Give when the drawing under way began: whatever it has read was true since then.

    ``None`` where nothing is to be remembered of it, or known from before.
    """
    return _begun.get()


@contextmanager
def drawing_for_store() -> Iterator[None]:
    """Say that what this thread makes meanwhile is for the store."""
    token = _for_store.set(True)
    try:
        with _remembering():
            yield
    finally:
        _for_store.reset(token)


@contextmanager
def remembering() -> Iterator[None]:
    """Use what is known, and keep it, for an answer that isn't kept itself.

    As little as where nothing is kept at all where there is no store: nobody tells the
    clock then; or where the clock can't be read.
    """
    try:
        is_told = settings.WIREDESK_STORE_MEMORY and clock().era
    except OSError:
        is_told = False
    if is_told:
        with _remembering():
            yield
    else:
        yield


@contextmanager
def _remembering() -> Iterator[None]:
    present = clock()
    token = _begun.set(Moment(present.era, present.head))
    try:
        yield
    finally:
        _begun.reset(token)
