"""Nobody holds a connection or a thread for as long as he likes, nor harms who leaves."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import live
from tests.http.conftest import Made
from tests.http.raw import Reader, ask
from tests.http.sites import HOST, Station, copy_of, station
from tests.workers import web_processes

pytestmark = pytest.mark.processes

LARGE = "/static/wagtailadmin/js/core.js"  # more than sockets hold


@pytest.fixture(scope="module")
def hasty(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Give a station with little patience."""
    home = copy_of(made.home, tmp_path_factory.mktemp("hasty") / "home")
    settings = {"DJANGO_SETTINGS_MODULE": "tests.http.hasty_settings"}
    with station(home, **settings) as running:
        running.words = dict(made.words)
        yield running


def head(line: str, *lines: str) -> bytes:
    return "\r\n".join((line, f"Host: {HOST}", *lines, "", "")).encode()


def leave(reader: Reader) -> None:
    """Reset the connection, as a phone does that lost its network."""
    reader.socket.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    reader.socket.close()


def ended(reader: Reader, limit: float = 20.0) -> bool:
    """Tell whether the server ends the connection by itself."""
    reader.socket.settimeout(limit)
    try:
        while reader.socket.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return True


def test_a_head_that_comes_byte_by_byte_is_ended_and_holds_up_nobody(
    hasty: Station,
) -> None:
    slow, story = Reader(hasty.site.port), hasty.words["{story}"]
    slow.socket.setblocking(False)
    asked = 0
    for byte in head("GET / HTTP/1.1", "X-Slow: " + "a" * 400):
        # Listened to first: who sends on after the end gets no more than a reset.
        try:
            slow.buffer += slow.socket.recv(1000)
            break
        except BlockingIOError:
            slow.socket.send(bytes([byte]))
        assert hasty.get(story).status == 200
        asked += 1
        time.sleep(0.05)
    assert slow.buffer.startswith(b"HTTP/1.1 408 ")
    assert asked
    slow.socket.setblocking(True)
    assert ended(slow)


def test_a_connection_that_is_silent_is_ended_and_one_in_use_is_not(
    hasty: Station,
) -> None:
    story = hasty.words["{story}"]
    silent, fresh, used = (Reader(hasty.site.port) for _ in range(3))
    silent.socket.sendall(head(f"GET {story} HTTP/1.1"))
    assert silent.answer()
    silent.socket.setblocking(False)
    while True:
        used.socket.sendall(head(f"GET {story} HTTP/1.1"))
        answer = used.answer()
        assert answer
        assert answer.status == 200
        try:
            assert silent.socket.recv(1000) == b""
            break
        except BlockingIOError:
            time.sleep(0.2)
    assert ended(fresh), "nor may one say nothing at all"
    used.socket.sendall(head(f"GET {story} HTTP/1.1"))
    assert used.answer()


def test_bodies_that_never_come_hold_no_thread_and_are_ended(hasty: Station) -> None:
    lines = ("Content-Length: 100", "Content-Type: text/plain")
    waiting = [Reader(hasty.site.port) for _ in range(12)]
    for number, reader in enumerate(waiting):
        reader.socket.sendall(head("POST /search/ HTTP/1.1", *lines) + b"a" * number)
    whole = head("POST /search/ HTTP/1.1", *lines) + b"a" * 100
    for _ in range(5):
        exchange = ask(hasty.site.port, whole, host=HOST)
        assert exchange.statuses == (403,), "Django heard it, and asks for a token"
    for reader in waiting:
        assert ended(reader)


def test_a_large_body_comes_through_whole_and_one_too_large_is_refused(
    hasty: Station,
) -> None:
    token = hasty.site.run("wire", "token", "direct").stdout.split()[-1]
    lines = (f"Authorization: Bearer {token}", "Content-Type: application/json")
    for body in (b'{"large": "' + b"a" * 3_000_000 + b'"}', b"{}"):
        chunks = b"".join(
            b"%x\r\n%b\r\n" % (len(body[at : at + 9999]), body[at : at + 9999])
            for at in range(0, len(body), 9999)
        )
        line = head("POST /wire/direct/ HTTP/1.1", *lines, "Transfer-Encoding: chunked")
        exchange = ask(hasty.site.port, line + chunks + b"0\r\n\r\n", host=HOST)
        assert exchange.statuses == (202,), exchange.answers
    line = head("POST /wire/direct/ HTTP/1.1", *lines, f"Content-Length: {1 << 40}")
    reader = Reader(hasty.site.port)
    reader.socket.sendall(line)
    answer = reader.answer()
    assert answer
    assert answer.status == 413


@pytest.mark.parametrize("piece", [b"X-Trailer: a\r\n", b"X-Trailer", b"1;extension="])
def test_what_stands_beside_a_body_is_bounded(hasty: Station, piece: bytes) -> None:
    line = head("POST /search/ HTTP/1.1", "Transfer-Encoding: chunked")
    start = b"1\r\na\r\n" + (b"" if piece[:1] == b"1" else b"0\r\n")
    reader = Reader(hasty.site.port)
    sent = 0
    try:
        reader.socket.sendall(line + start + piece)
        while sent < 1_000_000:
            filling = piece if piece.endswith(b"\n") else b"a"
            block = filling * (8192 // len(filling))
            sent += reader.socket.send(block)
            time.sleep(0.01)
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert sent < 1_000_000
    assert hasty.get("/").status == 200


def test_a_trailer_is_no_header(hasty: Station) -> None:
    line = head("POST /search/ HTTP/1.1", "Transfer-Encoding: chunked")
    trailers = b"0\r\nHost: elsewhere.example\r\n\r\n"
    exchange = ask(hasty.site.port, line + b"1\r\na\r\n" + trailers, host=HOST)
    assert exchange.statuses == (403,)
    assert exchange.kept


def test_who_leaves_in_the_middle_of_an_answer_leaves_no_trace(alone: Station) -> None:
    before = alone.site.output
    for count in (1, 2, 6) * 4:
        leaving = Reader(alone.site.port, buffer=2048)
        leaving.socket.sendall(head(f"GET {LARGE} HTTP/1.1") * count)
        assert leaving.socket.recv(2000)
        leave(leaving)
    for _ in range(6):
        assert alone.get("/").status == 200
    assert alone.site.output == before


def test_a_store_whose_folder_goes_away_leaves_pages_that_are_drawn(
    made: Made, tmp_path: Path
) -> None:
    home = copy_of(made.home, tmp_path / "home")
    with station(home) as running:
        path = made.words["{story}"]
        for _ in range(3):
            assert running.get(path).status == 200
        drawn = running.reached_django(path)
        running.get(path)
        assert running.reached_django(path) == drawn, "it is answered from the store"
        (home / "run" / "store").rename(home / "run" / "elsewhere")

        def is_drawn() -> bool:
            before = running.reached_django(path)
            for _ in range(3):
                running.get(path)
            return running.reached_django(path) == before + 3

        live.wait_for(is_drawn)
        # Changes are said in a new folder now, which this process's pages know not of.
        running.site.python(
            "from wiredesk.stories.models import Story\n"
            "from wiredesk.stories.actions.write_correction import write_correction\n"
            f"story = Story.objects.get(path={path!r})\n"
            "write_correction(story=story, text='It was another ferry.', by=None)"
        )
        assert b"It was another ferry." in running.get(path).decoded
        assert web_processes(running.site)
