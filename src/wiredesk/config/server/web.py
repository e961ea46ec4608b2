"""One web process: uvicorn on the shared socket, Django behind it."""

from __future__ import annotations

import logging
import socket
import threading
import time
from pathlib import Path
from typing import Any, cast

import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.db import DatabaseError, connections

from wiredesk.config.boot import collect_seldom
from wiredesk.config.server.access_log import AccessLog, Logged
from wiredesk.config.server.bodies import SAFE, WholeBodies
from wiredesk.config.server.edge import Application, Edge, Receive, Scope, Send
from wiredesk.config.server.front import Front
from wiredesk.config.server.loading import LoadingHandler
from wiredesk.config.server.protocol import IDLE, StoreProtocol
from wiredesk.delivery.store.open import open_store, reader, tend
from wiredesk.lib.page_cache import keep_small_caches
from wiredesk.wire.actions.watch_worker import watch_worker

logger = logging.getLogger(__name__)

THREADS = 4  # requests of a lane a process works on at once; more wait in the loop
DESK = "/desk/"
PICTURES = "/pictures/"
WATCH = 10.0  # seconds between looks for the worker's heartbeat
TICKS = 10  # of uvicorn's, a second
BESIDE = 1024 * 1024  # bytes of a form around the file in it
GRACE = 4  # seconds an answer under way may take once the process must stop


class Lanes:
    """Gives readers, pictures, the desk and all else that writes threads of their own.

    A write may have to wait half a minute for the database, a picture's first drawing
    takes a second. They must not have the threads that answer readers, who need no lock.
    """

    def __init__(
        self,
        pages: Application,
        desk: Application,
        writes: Application,
        pictures: Application,
    ) -> None:
        self.pages = pages
        self.desk = desk
        self.writes = writes
        self.pictures = pictures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._lane_of(scope)(scope, receive, send)

    def _lane_of(self, scope: Scope) -> Application:
        if scope["path"].startswith(DESK):
            return self.desk
        if scope["path"].startswith(PICTURES):
            return self.pictures
        return self.pages if scope["method"] in SAFE else self.writes


def _threads(handler: LoadingHandler) -> Application:
    # The libraries describe the same two protocols in types of their own.
    return cast("Application", WSGIMiddleware(cast("Any", handler), workers=THREADS))


def serve(listener: socket.socket) -> None:
    """Answer requests on ``listener`` until SIGTERM."""
    keep_small_caches()
    handler = LoadingHandler()
    lanes = Lanes(*(_threads(handler) for _ in range(4)))
    path = settings.WIREDESK_ACCESS_LOG
    log = AccessLog(Path(path)) if path else None
    whole = WholeBodies(lanes, largest=_largest_body())
    application = Logged(whole, log) if log else whole
    store = open_store(handler, wait=handler.wait)
    StoreProtocol.front = Front(store, reader(), log, settings.WIREDESK_PROXIES)
    config = uvicorn.Config(
        cast("Any", Edge(application, proxies=settings.WIREDESK_PROXIES)),
        loop="uvloop",
        http=StoreProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(IDLE),
        timeout_graceful_shutdown=GRACE,
    )
    collect_seldom()
    threading.Thread(target=_watch_worker, name="watch", daemon=True).start()
    if store is not None:
        threading.Thread(target=tend, args=(store,), name="store", daemon=True).start()
    handler.load()
    _Server(config).run(sockets=[listener])


def _largest_body() -> int:
    uploads: int = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    return max(settings.WIREDESK_DELIVERY_CAP, uploads) + BESIDE


class _Server(uvicorn.Server):
    """uvicorn with what has to be done once a second."""

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS == 0:
            now = time.time()
            StoreProtocol.front.tick(now)
            for connection in list(self.server_state.connections):
                cast("StoreProtocol", connection).look(now)
        return await super().on_tick(counter)


def _watch_worker() -> None:
    """Look every few seconds whether the worker lives: it can't tell that itself."""
    while True:
        time.sleep(WATCH)
        try:
            watch_worker()
        except DatabaseError as error:
            # A locked database or a full disk: looked at again at the next turn.
            logger.warning("Whether the worker lives can't be noted: %s", error)
        finally:
            connections.close_all()
