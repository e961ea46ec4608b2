"""When an answer stops being true by the clock alone.

Whoever decides something by the clock says when the decision will be another one; what
keeps answers then knows how long this one holds, and nothing has to hand it through.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Truth:
    """What was said while one answer was made. ``until``: ``None`` for no end known."""

    until: datetime | None = None


_answer: ContextVar[Truth | None] = ContextVar("wiredesk.truth", default=None)


def true_until(moment: datetime | None) -> None:
    """Say that the answer being made is another one from ``moment`` on.

    The earliest moment counts; ``None`` is no moment. Outside of an answer it is unheard.
    """
    answer = _answer.get()
    if answer is None or moment is None:
        return
    if answer.until is None or moment < answer.until:
        answer.until = moment


@contextmanager
def answering() -> Iterator[Truth]:
    """Listen to what is said while an answer is made."""
    truth = Truth()
    token = _answer.set(truth)
    try:
        yield truth
    finally:
        _answer.reset(token)
