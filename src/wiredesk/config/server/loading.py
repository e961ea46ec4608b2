"""Django behind the store: it loads the desk while stored pages are answered already."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse


class LoadingHandler:
    """Django's WSGI handler; whoever asks it before all addresses are known waits.

    ``load`` is to be called once, before anybody asks: it returns at once. Until it is
    done no other thread asks Django for anything, since two that load halves of the same
    could meet. Where it failed, the log says so, and Django tries again for each who asks.
    """

    def __init__(self) -> None:
        self._handler = WSGIHandler()
        self._is_done = threading.Event()

    def load(self) -> None:
        """Begin to load in a thread."""
        threading.Thread(target=self._load, name="load", daemon=True).start()

    def wait(self) -> None:
        """Return once loading is over."""
        self._is_done.wait()

    def __call__(
        self, environment: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        self.wait()
        return self._handler(environment, start_response)

    def _load(self) -> None:
        try:
            # Finding one address by its name loads them all, and with the desk's all its
            # screens.
            reverse("healthz")
            gc.freeze()
        finally:
            self._is_done.set()
