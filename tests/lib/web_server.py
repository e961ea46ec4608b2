"""A small web server whose answers a test decides, on an address of this machine."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Reply:
    """One answer. ``pieces`` are sent one by one, with ``before_each`` called before."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: list[bytes] | None = None
    before_each: Callable[[], None] = lambda: None


class WebServer:
    """Answers by path from ``replies``; ``asked`` has each request's path and headers."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.asked.append((self.path, headers))
                server.reply(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        """Send what was decided for the path."""
        reply = self.replies.get(handler.path, Reply(status=404))
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.pieces is None:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        try:
            for piece in reply.pieces or [reply.body]:
                reply.before_each()
                handler.wfile.write(piece)
                handler.wfile.flush()
        except OSError:
            return  # the client had enough, as some tests want

    def address(self, path: str = "/") -> str:
        """Give the address of a path."""
        return f"http://localhost:{self.port}{path}"

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
