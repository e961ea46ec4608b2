"""Heads: what is plain is read right, everything else is left to the parser."""

from __future__ import annotations

import pytest

from wiredesk.delivery.store.heads import Line, Reader

READER = Reader(("news.example", "[::1]"))
HOST = b"Host: news.example\r\n"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"GET / HTTP/1.1", Line("/", is_head=False, is_old=False)),
        (b"HEAD /local/ HTTP/1.1", Line("/local/", is_head=True, is_old=False)),
        (b"GET /local/?page=3 HTTP/1.0", Line("/local/?page=3", False, True)),
        (b"GET /local/?page=1 HTTP/1.1", Line("/local/", False, False)),
        (
            b"GET /a-b_c~1.css?utm_source=x&fbclid=1 HTTP/1.1",
            Line("/a-b_c~1.css", False, False),
        ),
        (b"GET /local/?utm=1&page=2 HTTP/1.1", Line("/local/?page=2", False, False)),
    ],
)
def test_a_plain_request_line_is_read(raw: bytes, line: Line) -> None:
    assert READER.line(raw) == line


@pytest.mark.parametrize(
    "raw",
    [
        b"POST / HTTP/1.1",
        b"get / HTTP/1.1",
        b"GET  / HTTP/1.1",
        b"GET / HTTP/1.1 ",
        b"GET / HTTP/2.0",
        b"GET http://news.example/ HTTP/1.1",
        b"GET * HTTP/1.1",
        b"GET //local/ HTTP/1.1",
        b"GET /../x HTTP/1.1",
        b"GET /./x HTTP/1.1",
        b"GET /a%2fb HTTP/1.1",
        b"GET /a\\b HTTP/1.1",
        b"GET /a;b=1/ HTTP/1.1",
        b"GET /a#b HTTP/1.1",
        b"GET /\xc3\xa9/ HTTP/1.1",
        b"GET /desk/ HTTP/1.1",
        b"GET /" + b"a" * 512 + b"/ HTTP/1.1",
        b'GET /a"b HTTP/1.1',
        b"GET /search/?q=harbour HTTP/1.1",
        b"GET /-/related/ HTTP/1.1",
        b"GET /?page=0 HTTP/1.1",
        b"GET /?page=02 HTTP/1.1",
        b"GET /?page=2&page=3 HTTP/1.1",
        b"GET /?page HTTP/1.1",
        b"GET /?%70age=2 HTTP/1.1",
        b"GET /a\x00b HTTP/1.1",
    ],
)
def test_any_other_request_line_is_left_alone(raw: bytes) -> None:
    assert READER.line(raw) is None


def test_the_fields_that_matter_are_read() -> None:
    fields = READER.fields(
        HOST + b"accept-encoding: gzip, br;q=0.5\r\nCookie: a=b\r\nUser-Agent: x\r\n"
        b'If-None-Match: "abc-gzip", W/"d"\r\nConnection: Close\r\n\r\n'
    )
    assert fields is not None
    assert (fields.host, fields.coding, fields.closes) == ("news.example", "gzip", True)
    assert fields.none_match == '"abc", W/"d"'
    assert not fields.is_plain


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Accept: */*\r\n\r\n",
        HOST + b"Host: news.example\r\n\r\n",
        b"Host: evil.example\r\n\r\n",
        b"Host: NEWS.example\r\n\r\n",
        b"Host: news.example.\r\n\r\n",
        b"Host: news.example:8123\r\n\r\n",
        b"Host: news.example@evil.example\r\n\r\n",
        HOST + b"Content-Length: 0\r\n\r\n",
        HOST + b"Transfer-Encoding: chunked\r\n\r\n",
        HOST + b"Range: bytes=0-1\r\n\r\n",
        HOST + b"Expect: 100-continue\r\n\r\n",
        HOST + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        HOST + b"Authorization: Basic eDp5\r\n\r\n",
        HOST + b"X: a\r\n b\r\n\r\n",
        HOST + b"X : a\r\n\r\n",
        HOST + b"X: a\nY: b\r\n\r\n",
        HOST + b"X: a\x00\r\n\r\n",
        HOST + b"no colon\r\n\r\n",
        HOST + b"\r\nGET / HTTP/1.1\r\n\r\n",
        HOST,
    ],
)
def test_doubtful_fields_are_left_alone(raw: bytes) -> None:
    assert READER.fields(raw) is None


def test_behind_tls_only_what_the_proxy_vouches_for_is_answered() -> None:
    reader = Reader(("news.example",), behind_tls=True)
    assert reader.fields(HOST + b"\r\n") is None
    assert reader.fields(HOST + b"X-Forwarded-Proto: http\r\n\r\n") is None
    twice = b"X-Forwarded-Proto: https\r\n" * 2
    assert reader.fields(HOST + twice + b"\r\n") is None
    assert reader.fields(HOST + b"X-Forwarded-Proto: https\r\n\r\n") is not None
