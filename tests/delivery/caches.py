"""A small cache whose answers a test decides: what it is told, it writes down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Told:
    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class SmallCache:
    """Answers everything with ``status`` and ``body``; ``told`` has what came."""

    port: int = 0
    status: int = 200
    body: bytes = b""
    told: list[Told] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asked_keys(self) -> list[list[str]]:
        """Give the keys of each request that Varnish would have got."""
        return [told.headers["surrogate-keys"].split() for told in self.told]


@contextmanager
def small_cache() -> Iterator[SmallCache]:
    """Run a small cache on a free port."""
    cache = SmallCache()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            cache.told.append(Told(self.command, self.path, headers, body))
            self.send_response(cache.status)
            self.send_header("Content-Length", str(len(cache.body)))
            self.end_headers()
            self.wfile.write(cache.body)

        do_GET = do_POST = do_BAN = do_PURGE = answer  # noqa: N815 - its base's way

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    cache.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield cache
    finally:
        server.shutdown()
        server.server_close()
