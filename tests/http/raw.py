"""Raw HTTP/1 over a socket: bytes out as they stand, answers read one by one."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import brotli

LIMIT = 60.0  # seconds the server may say nothing
PROBE = b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
BODILESS = {204, 304}


@dataclass(frozen=True)
class Answer:
    """One answer: names of headers in lower case, the body without its framing."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give a header's value, several joined as HTTP joins them."""
        found = [value for key, value in self.headers if key == name]
        return ", ".join(found) if found else None

    @property
    def decoded(self) -> bytes:
        """Give the body without its content encoding."""
        encoding = self.header("content-encoding")
        if not self.body or encoding is None:
            return self.body
        if encoding == "gzip":
            return gzip.decompress(self.body)
        assert encoding == "br", f"an encoding nobody asked for: {encoding}"
        return bytes(brotli.decompress(self.body))


@dataclass
class Exchange:
    """What came back on a connection. ``kept``: it went on to answer the probe."""

    answers: list[Answer] = field(default_factory=list)
    kept: bool = False
    rest: bytes = b""  # what is no whole answer

    @property
    def statuses(self) -> tuple[int, ...]:
        return tuple(answer.status for answer in self.answers)


def ask(
    port: int,
    *chunks: bytes,
    methods: Sequence[str] = ("GET",),
    host: str = "localhost",
    pause: float = 0.0,
    ends: bool = False,
) -> Exchange:
    """Send ``chunks``, read an answer for each of ``methods``, then probe the connection.

    The probe is a request of its own: it is answered where the server kept the
    connection and holds it for the next request, so nothing waits for silence.
    ``ends``: the client says that it has no more to say, and no probe is sent.
    """
    reader = Reader(port)
    with reader.socket:
        try:
            for number, chunk in enumerate(chunks):
                if number and pause:
                    time.sleep(pause)
                reader.socket.sendall(chunk)
            if ends:
                reader.socket.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it answered before it had heard everything
        exchange = Exchange()
        for method in methods:
            answer = reader.answer(method)
            if answer is None:
                break
            exchange.answers.append(answer)
        if not ends and not reader.ended:
            probe = PROBE.replace(b"{host}", host.encode())
            _probe(reader, exchange, probe)
        exchange.rest = reader.buffer
    return exchange


def _probe(reader: Reader, exchange: Exchange, probe: bytes) -> None:
    """Ask once more; what comes before the probe's own answer is the exchange's."""
    try:
        reader.socket.sendall(probe)
    except (BrokenPipeError, ConnectionResetError):
        pass
    while (answer := reader.answer("GET")) is not None:
        if answer.body == b'{"alive": true}':
            exchange.kept = True
        else:
            exchange.answers.append(answer)


class Reader:
    """A connection whose answers are read one by one."""

    def __init__(
        self, port: int, *, buffer: int | None = None, limit: float = LIMIT
    ) -> None:
        self.socket = socket.socket()
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(limit)
        self.socket.connect(("127.0.0.1", port))
        self.buffer = b""
        self.ended = False

    def answer(self, method: str = "GET") -> Answer | None:
        """Give the next whole answer, None where the connection ends before one."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ", 2)[1])
        pairs = [line.split(":", 1) for line in lines]
        headers = tuple((name.lower(), value.strip()) for name, value in pairs)
        answer = Answer(status, headers, b"")
        body = self._body(answer, method)
        return None if body is None else Answer(status, headers, body)

    def _body(self, answer: Answer, method: str) -> bytes | None:
        if method == "HEAD" or answer.status in BODILESS or answer.status < 200:
            return b""
        if answer.header("transfer-encoding") == "chunked":
            return self._chunks()
        length = answer.header("content-length")
        if length is not None:
            return self._exactly(int(length))
        while self._more():
            pass
        body, self.buffer = self.buffer, b""
        return body

    def _chunks(self) -> bytes | None:
        body = b""
        while True:
            line = self._until(b"\r\n")
            if line is None:
                return None
            size = int(line, 16)
            piece = self._exactly(size + 2)
            if piece is None:
                return None
            if size == 0:
                return body
            body += piece[:-2]

    def _until(self, mark: bytes) -> bytes | None:
        while mark not in self.buffer:
            if not self._more():
                return None
        head, _, self.buffer = self.buffer.partition(mark)
        return head

    def _exactly(self, size: int) -> bytes | None:
        while len(self.buffer) < size:
            if not self._more():
                return None
        piece, self.buffer = self.buffer[:size], self.buffer[size:]
        return piece

    def _more(self) -> bool:
        try:
            data = self.socket.recv(262144)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        self.ended = self.ended or not data
        return bool(data)
