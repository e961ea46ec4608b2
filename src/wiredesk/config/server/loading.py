"""Django behind the store: it loads the desk while stored pages are answered already."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse


class LoadingHandler:
    """Django's WSGI handler; whoever asks it before all addresses are known waits.

    ``load`` is to be called once, before anybody asks: it returns at once. Until it is
    done no other thread asks Django for anything, since two that load halves of the same
    could meet. What loading raised is raised to each who asks.
    """

    def __init__(self) -> None:
        self._handler = WSGIHandler()
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._begun: Future[Future[None]] = Future()

    def load(self) -> None:
        """Begin to load in a thread."""
        self._begun.set_result(self._loader.submit(_load))
        self._loader.shutdown(wait=False)

    def __call__(
        self, environment: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        self._begun.result().result()
        return self._handler(environment, start_response)


def _load() -> None:
    # Finding one address by its name loads them all, and with the desk's all its screens.
    reverse("healthz")
    gc.freeze()
