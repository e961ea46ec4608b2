"""HTTP on one connection: pages from the store at once, everything else by uvicorn.

Whole heads only are handed on, in the order in which they came, and never while an
earlier one is being answered: so no answer can overtake another.
"""

from __future__ import annotations

import asyncio
import re
import time
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

from wiredesk.config.server.front import Front, Known
from wiredesk.delivery.store.heads import END, Line
from wiredesk.delivery.store.page import Page

LONGEST_HEAD = 64 * 1024  # bytes
IDLE = 65.0  # seconds a connection may be silent between requests
SLOW = 10.0  # seconds a head may take to arrive
STUCK = 30.0  # seconds in which nothing of a body may come
# Bytes of a body's own framing between two pieces of it: sizes of chunks, trailers.
LONGEST_BESIDE = 64 * 1024
_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
_STARTS = (b"GET /", b"HEAD /")
_BARE_LINE_END = re.compile(rb"(?<!\r)\n")
_now = time.time


def _leads_on_with_all(page: Page, line: bytes) -> bool:
    """Tell whether it is a redirect that takes along what was asked: Django puts it together."""
    return page.status == HTTPStatus.MOVED_PERMANENTLY and b"?" in line


class StoreProtocol(HttpToolsProtocol):
    """One connection. ``front`` is set once, before the first is made."""

    front: ClassVar[Front]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Whether uvicorn has nothing of ours: neither a request nor half a head.
        self._is_free = True
        self._is_mid_message = False
        self._is_mid_head = False
        self._head_bytes = 0
        self._bytes_beside = 0
        self._answering: RequestResponseCycle | None = None
        self._held = b""  # bytes whose turn hasn't come
        self._is_waiting = False  # for a page that is being drawn
        self._ends = False
        self._since = _now()  # the last answer, or the first byte that is held
        self._peer = b"-"

    # --- asyncio's side ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        if self.client:
            self._peer = self.client[0].encode()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everything that answers here that nobody hears it any more."""
        self._tell_of_the_end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Answer at once what is known by its bytes; look closer at the rest."""
        if self._is_free and not self._held:
            line, _, rest = data.partition(b"\r\n")
            front = self.front
            known = front.known.get(rest)
            if known is not None:
                answer = known.answers.get(line)
                if answer is not None:
                    kept, now = answer.kept, _now()
                    if (
                        kept.seen == front.words[0] and now < kept.good_until
                    ) or front.store.is_true(kept, now):
                        kept.used = True
                        self._since = now
                        if self.timeout_keep_alive_task is not None:
                            self._unset_keepalive_if_required()
                        self.transport.write(
                            b"".join((front.ok, answer.lines, answer.body))
                        )
                        log = front.log
                        if log is not None:
                            log.parts += (
                                known.peer or self._peer,
                                log.stamp,
                                line,
                                answer.logged,
                                known.logged,
                            )
                            if log.is_full:
                                log.flush()
                        return
        self._take(data)

    def pause_writing(self) -> None:
        """Hear no more of a client that reads slower than it asks."""
        super().pause_writing()
        self.flow.pause_reading()

    def resume_writing(self) -> None:
        """Go on with what it asked."""
        super().resume_writing()
        if self._is_free:
            self.flow.resume_reading()
            self._work()
        elif not self.pipeline:
            self.flow.resume_reading()

    def shutdown(self) -> None:
        """End after the answer under way."""
        if self._is_waiting:
            self._ends = True
        else:
            super().shutdown()

    def look(self, now: float) -> None:
        """End a connection that is silent, or sends its head too slowly."""
        silent = now - self._since
        if self._is_waiting:
            return
        if self.flow.write_paused or self.transport.is_closing():
            if silent > IDLE:
                self._abort()  # it hears nothing of what it asked for
            return
        if not self._is_free:
            if self._is_stuck and silent > STUCK:
                self._abort()
            return
        if self._held and silent > SLOW:
            self._refuse(_TOO_SLOW)
        elif silent > IDLE:
            self.transport.close()

    def _abort(self) -> None:
        self._tell_of_the_end()
        self.transport.abort()

    def _tell_of_the_end(self) -> None:
        """Uvicorn tells the last request alone, which needn't be the one being answered.

        What would write on is stopped where it is, without a word: readers leave.
        """
        for cycle in (self._answering, *(cycle for cycle, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    @property
    def _is_stuck(self) -> bool:
        """Tell whether uvicorn waits for the client, and not the client for it."""
        cycle: RequestResponseCycle | None = self.cycle
        return self._is_mid_message or cycle is None or cycle.response_complete

    # --- requests in their order ------------------------------------------------------

    def _take(self, data: bytes) -> None:
        if not self._is_free:
            self._hand_on(data)
            return
        if not self._held:
            self._since = _now()
        self._held += data
        if self._is_waiting:
            if len(self._held) > LONGEST_HEAD:
                self.flow.pause_reading()
            return
        self._work()

    def _work(self) -> None:
        """Answer what is held, until something has to wait or goes to Django."""
        while self._held and self._is_free and not self._is_waiting:
            if self.flow.write_paused or self.transport.is_closing():
                return
            end = self._held.find(END)
            if end < 0:
                self._wait_for_the_rest()
                return
            if end > LONGEST_HEAD:
                self._refuse(_TOO_LONG)
                return
            head = self._held[: end + len(END)]
            line, _, rest = head.partition(b"\r\n")
            found = self.front.read(line, rest)
            if found is None or not self._answer(*found, head, line):
                self._hand_on_held()

    def _wait_for_the_rest(self) -> None:
        if len(self._held) > LONGEST_HEAD:
            self._refuse(_TOO_LONG)
        elif not any(start.startswith(self._held[: len(start)]) for start in _STARTS):
            # Whatever it is, the parser says so.
            self._hand_on_held()
        elif _BARE_LINE_END.search(self._held):
            self._hand_on_held()

    def _answer(self, asked: Line, known: Known, head: bytes, line: bytes) -> bool:
        """Answer from the store, or begin to wait; ``False``: it isn't the store's."""
        store, host, now = self.front.store, known.fields.host, _now()
        kept = store.find(host, asked.target, known.fields.coding, now)
        if kept is not None:
            if _leads_on_with_all(kept.page, line):
                return False
            self._held = self._held[len(head) :]
            self._send(self.front.answer(asked, known, kept, line), asked, known, line)
            return True
        if store.refuses(host, asked.target, now):
            return False
        self._is_waiting = True
        task = self.loop.create_task(self._fetch(asked, known, head, line))
        self.tasks.add(task)
        task.add_done_callback(self._note_end)
        return True

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.logger.error("A request broke off.", exc_info=error)
            self.transport.close()

    async def _fetch(self, asked: Line, known: Known, head: bytes, line: bytes) -> None:
        """Wait for the page, answer, and go on with what came meanwhile."""
        host, coding = known.fields.host, known.fields.coding
        try:
            made = await self.front.store.fetch(host, asked.target, coding)
        except OSError as error:
            self.logger.warning("A page can't be drawn for the store: %s", error)
            made = None
        self._is_waiting = False
        kept = self.front.store.keep(host, asked.target, made) if made else None
        if self.transport.is_closing():
            return
        page = made.page if made else None
        if page is None or _leads_on_with_all(page, line):
            self._hand_on_held()
        else:
            self._held = self._held[len(head) :]
            if kept is not None:
                parts = self.front.answer(asked, known, kept, line)
            else:
                parts = self.front.once(asked, known, page)
            self._send(parts, asked, known, line)
            if self._ends:
                self.transport.close()
        if not self.flow.write_paused:
            self.flow.resume_reading()
        self._since = _now()
        self._work()

    def _send(
        self, parts: tuple[bytes, ...], asked: Line, known: Known, line: bytes
    ) -> None:
        self._unset_keepalive_if_required()
        self._since = _now()
        self.transport.write(b"".join(parts))
        log = self.front.log
        if log is not None:
            status = parts[0][9:12]
            size = len(parts[3]) if len(parts) > 3 else 0
            sent = b'" %b %d ' % (status, size)
            peer = known.peer or self._peer
            log.parts += (peer, log.stamp, line, sent, known.logged)
        if asked.is_old or known.fields.closes:
            self._held = b""
            self.transport.close()

    def _refuse(self, answer: bytes) -> None:
        self._held = b""
        self.transport.write(answer)
        self.transport.close()

    # --- uvicorn's side -----------------------------------------------------------------

    def _hand_on_held(self) -> None:
        data, self._held = self._held, b""
        self._hand_on(data)
        if self._ends:
            super().shutdown()

    def _hand_on(self, data: bytes) -> None:
        self._is_free = False
        self._since = _now()
        if self._is_mid_head:
            self._head_bytes += len(data)
            if self._head_bytes > LONGEST_HEAD:
                # An earlier answer may be half out, so nothing is said.
                self._abort()
                return
        self._bytes_beside += len(data)
        super().data_received(data)
        if self._is_mid_message and self._bytes_beside > LONGEST_BESIDE:
            self._abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_free = False
        self._is_mid_message = self._is_mid_head = True
        self._head_bytes = self._bytes_beside = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        # A trailer is no header, and must not pass for one (RFC 9110, 6.5.1).
        if self._is_mid_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._bytes_beside = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        self._is_mid_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_mid_message = False
        self._be_free()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._since = _now()
        self._be_free()

    def _be_free(self) -> None:
        if (
            not self._is_mid_message
            and not self.pipeline
            and self.cycle.response_complete
        ):
            self._is_free = True
