"""What the page store draws, without a store around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from wiredesk.delivery.store.drawing import Drawn, draw


@contextmanager
def on_the_tests_connection() -> Iterator[None]:
    """Have no answer's end close the connection: the test's rows would go with it.

    Django's own client does the same.
    """
    signals = (request_started, request_finished)
    was_heard = [each.disconnect(close_old_connections) for each in signals]
    try:
        yield
    finally:
        for each, heard in zip(signals, was_heard, strict=True):
            if heard:
                each.connect(close_old_connections)


def drawing(path: str) -> Drawn:
    """Have a page drawn for the store, on the test's own connection."""
    with on_the_tests_connection():
        return draw(WSGIHandler(), "testserver", path)


def drawn(path: str) -> tuple[int, str]:
    """Have a page drawn; give its status and what it says."""
    answer = drawing(path)
    return answer.status, answer.body.decode()


def text_of(path: str) -> str:
    """Have a page drawn that must be there; give what it says."""
    status, text = drawn(path)
    assert status == 200, path
    return text
