"""What the page store draws, without a store around it."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from wiredesk.delivery.store.drawing import draw


def drawn(path: str) -> tuple[int, str]:
    """Have a page drawn for the store, on the test's own connection."""
    signals = (request_started, request_finished)
    # As Django's own client does: a closed connection takes the test's rows with it.
    was_heard = [each.disconnect(close_old_connections) for each in signals]
    try:
        answer = draw(WSGIHandler(), "testserver", path)
    finally:
        for each, heard in zip(signals, was_heard, strict=True):
            if heard:
                each.connect(close_old_connections)
    return answer.status, answer.body.decode()
