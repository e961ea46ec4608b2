"""One web process: uvicorn on the shared socket, Django behind it."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import Any, cast

import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connections
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wiredesk.config.server.edge import Application, Edge, Receive, Scope, Send

logger = logging.getLogger(__name__)

THREADS = 4  # requests of a lane a process works on at once; more wait in the loop
DESK = "/desk/"
SAFE = {"GET", "HEAD", "OPTIONS"}
WATCH = 10.0  # seconds between looks for the worker's heartbeat
GRACE = 4  # seconds an answer under way may take once the process must stop


class Lanes:
    """Gives readers, the desk and all else that writes threads of their own.

    A write may have to wait half a minute for the database. It must not have the
    threads that answer readers, who need no lock.
    """

    def __init__(
        self, pages: Application, desk: Application, writes: Application
    ) -> None:
        self.pages = pages
        self.desk = desk
        self.writes = writes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._lane_of(scope)(scope, receive, send)

    def _lane_of(self, scope: Scope) -> Application:
        if scope["path"].startswith(DESK):
            return self.desk
        return self.pages if scope["method"] in SAFE else self.writes


def _threads(handler: WSGIHandler) -> Application:
    # The libraries describe the same two protocols in types of their own.
    return cast("Application", WSGIMiddleware(cast("Any", handler), workers=THREADS))


def serve(listener: socket.socket, protocol: type[HttpToolsProtocol]) -> None:
    """Answer requests on ``listener`` until SIGTERM, speaking through ``protocol``."""
    handler = WSGIHandler()
    lanes = Lanes(*(_threads(handler) for _ in range(3)))
    edge = Edge(lanes, proxies=settings.WIREDESK_PROXIES)
    config = uvicorn.Config(
        cast("Any", edge),
        loop="uvloop",
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    threading.Thread(target=_watch_worker, name="watch", daemon=True).start()
    uvicorn.Server(config).run(sockets=[listener])


def _watch_worker() -> None:
    """Look every few seconds whether the worker lives: it can't tell that itself."""
    from wiredesk.wire.actions.watch_worker import watch_worker

    while True:
        time.sleep(WATCH)
        try:
            watch_worker()
        except DatabaseError as error:
            # A locked database or a full disk: looked at again at the next turn.
            logger.warning("Whether the worker lives can't be noted: %s", error)
        finally:
            connections.close_all()
