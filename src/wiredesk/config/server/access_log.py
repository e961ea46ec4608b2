"""The access log: a line a request in the combined format, written in blocks."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from wiredesk.config.server.edge import Application, Receive, Scope, Send

logger = logging.getLogger(__name__)

BLOCK = 64 * 1024  # bytes; written when so many wait, or after a second
_PARTS = 4096


class AccessLog:
    """Appends to ``path``. Each process has the file open for itself; blocks stay whole.

    ``parts`` are the pieces of lines that wait; whoever adds some then looks whether it ``is_full``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: list[bytes] = []
        self._file = self._open()
        self.tick(time.time())

    def tick(self, now: float) -> None:
        """Bring the time to the second, and write what waits; call it once a second."""
        self.flush()
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now))
        self.stamp = f' - - [{stamp}] "'.encode()
        if not self._is_still_there():
            # Rotated: the old file is somebody else's now.
            os.close(self._file)
            self._file = self._open()

    @property
    def is_full(self) -> bool:
        """Tell whether it is time to write."""
        return len(self.parts) > _PARTS

    def flush(self) -> None:
        """Write what waits. A full disk costs the lines and is said, nothing else."""
        if not self.parts:
            return
        block = b"".join(self.parts)
        self.parts.clear()
        try:
            os.write(self._file, block)
        except OSError as error:
            logger.warning("The access log can't be written: %s", error)

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)

    def _is_still_there(self) -> bool:
        try:
            return os.stat(self.path).st_ino == os.fstat(self._file).st_ino
        except FileNotFoundError:
            return False


class Logged:
    """Notes what is answered. Stands inside of what knows the client's address.

    A sender who left before his request was whole has no answer, and no line.
    """

    def __init__(self, application: Application, log: AccessLog) -> None:
        self.application = application
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = size = 0

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        await self.application(scope, receive, noted)
        if scope["type"] == "http" and status:
            self.log.parts += self._line(scope, status, size)
            if self.log.is_full:
                self.log.flush()

    def _line(self, scope: Scope, status: int, size: int) -> tuple[bytes, ...]:
        fields = dict(scope["headers"])
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        request = b"%b %b HTTP/%b" % (
            scope["method"].encode(),
            target.replace(b'"', b"%22"),
            scope["http_version"].encode(),
        )
        sent = b'" %d %d ' % (status, size)
        return (
            (scope["client"] or ("-",))[0].encode(),
            self.log.stamp,
            request,
            sent,
            logged_fields(fields.get(b"referer"), fields.get(b"user-agent")),
        )


def logged_fields(referer: bytes | None, agent: bytes | None) -> bytes:
    """Give the end of a line. A quote in a header can't end its place in the line."""
    parts = [(each or b"-").replace(b'"', b"%22") for each in (referer, agent)]
    return b'"%b" "%b"\n' % tuple(parts)
