"""Bodies of requests, waited for where waiting costs nothing.

A thread that reads a body is held for as long as the sender likes; there are few of them.
So a body is gathered here, in the loop, and a thread is taken once it is whole.
"""

from __future__ import annotations

import json
import logging
from collections.abc import MutableMapping
from contextlib import suppress
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from wiredesk.config.server.edge import Application, Receive, Scope, Send
from wiredesk.wire.views import RETRY_AFTER

logger = logging.getLogger(__name__)

SAFE = {"GET", "HEAD", "OPTIONS"}
IN_MEMORY = 1024 * 1024  # bytes; what is more is kept in a file meanwhile
_PIECE = 64 * 1024
_NO_ROOM = json.dumps(
    {"error": "There is no room to keep what you sent just now; send it again later."}
).encode()


class WholeBodies:
    """Pass a request on with all of its body, or not at all where the sender leaves.

    ``largest`` is what anybody takes, in bytes: of a body that is larger so much is
    gathered, so that whoever refuses it says why.
    """

    def __init__(self, application: Application, *, largest: int) -> None:
        self.application = application
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] in SAFE
            or self._is_hopeless(scope)
        ):
            await self.application(scope, receive, send)
            return
        body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed below
        try:
            try:
                more = await self._gather(body, receive)
            except OSError as error:
                logger.error("A request's body can't be kept: %s", error)  # noqa: TRY400
                await _refuse(send)
                return
            if more is not None:
                await self.application(scope, _Again(body, receive, more=more), send)
        finally:
            # What is still to be written is of no use to anybody by now.
            with suppress(OSError):
                body.close()

    async def _gather(self, body: IO[bytes], receive: Receive) -> bool | None:
        """Fill ``body``; gives whether more is to come, ``None`` where the sender left.

        Raises ``OSError`` where there is no room for it.
        """
        more = True
        while more and body.tell() <= self.largest:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body.write(message.get("body", b""))
            more = message.get("more_body", False)
        body.flush()
        return more

    def _is_hopeless(self, scope: Scope) -> bool:
        """Tell whether it says itself that it is too large: nobody reads such a one."""
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value) > self.largest
        return False


async def _refuse(send: Send) -> None:
    """Say that it may be sent again; the rest of it is not read."""
    await send(
        {
            "type": "http.response.start",
            "status": HTTPStatus.SERVICE_UNAVAILABLE,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(_NO_ROOM)).encode()),
                (b"cache-control", b"no-store"),
                (b"retry-after", str(RETRY_AFTER).encode()),
                (b"connection", b"close"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": _NO_ROOM})


class _Again:
    """Gives what was gathered, then what the connection has to say."""

    def __init__(self, body: IO[bytes], receive: Receive, *, more: bool) -> None:
        self.body = body
        self.receive = receive
        self.more = more  # behind what was gathered
        self.left = body.tell()
        self.is_told = False
        body.seek(0)

    async def __call__(self) -> MutableMapping[str, Any]:
        if self.is_told:
            return await self.receive()
        piece = self.body.read(_PIECE)
        self.left -= len(piece)
        self.is_told = self.left <= 0
        return {
            "type": "http.request",
            "body": piece,
            "more_body": self.left > 0 or self.more,
        }
