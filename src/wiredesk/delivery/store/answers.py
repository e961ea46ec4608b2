"""Answers as bytes: what goes to the client for a page, decided once and sent often."""

from __future__ import annotations

import re
from email.utils import formatdate
from http import HTTPStatus

from django.utils.http import parse_http_date_safe

from wiredesk.delivery.store.heads import Fields
from wiredesk.delivery.store.page import Page
from wiredesk.lib.encodings import BROTLI, GZIP, IDENTITY, tag_in

STATUS = {
    status: f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    for status in (200, 301, 304, 404, 410)
}
_TAGS = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# What a 304 repeats (RFC 9110, 15.4.5); of the rest the client has its own.
_IN_304 = re.compile(
    rb"^(?:cache-control|expires|last-modified|content-location): [^\r]*\r\n",
    re.IGNORECASE | re.MULTILINE,
)
CLOSE = b"Connection: close\r\n"
_VARY = b"Vary: Accept-Encoding\r\n"
_CODING = {
    IDENTITY: _VARY,
    GZIP: b"Content-Encoding: gzip\r\n" + _VARY,
    BROTLI: b"Content-Encoding: br\r\n" + _VARY,
}


def date_line(now: float) -> bytes:
    """Give the Date header of that time."""
    return f"Date: {formatdate(now, usegmt=True)}\r\n".encode()


def whole(page: Page, coding: str) -> tuple[bytes, bytes]:
    """Give the header lines, with the empty one, and the body in ``coding``."""
    body = page.body(coding)
    lines = b"%b%bContent-Length: %d\r\n\r\n"
    return lines % (
        page.heads,
        _of_coding(page, coding, names_it=True),
        len(body),
    ), body


def not_modified(page: Page, coding: str) -> bytes:
    """Give a whole 304 after its Date line."""
    kept = b"".join(_IN_304.findall(page.heads))
    return kept + _of_coding(page, coding, names_it=False) + b"\r\n"


def is_unmodified(page: Page, fields: Fields) -> bool:
    """Tell whether the client has the page already (RFC 9110, 13.2.2)."""
    if page.status != HTTPStatus.OK:
        return False
    if fields.none_match is not None:
        if fields.none_match.strip() == "*":
            return True
        tags = _TAGS.findall(fields.none_match.encode("latin-1"))
        return bool(page.etag) and page.etag in tags
    if fields.modified_since is None:
        return False
    since = parse_http_date_safe(fields.modified_since)
    changed = parse_http_date_safe(header_of(page.heads, "Last-Modified"))
    return since is not None and changed is not None and changed <= since


def header_of(heads: bytes, name: str) -> str:
    """Give the value of a header; "" where there is none."""
    found = re.search(
        rb"^%b: ([^\r]*)\r" % name.encode(), heads, re.IGNORECASE | re.MULTILINE
    )
    return found[1].decode("latin-1") if found else ""


def _of_coding(page: Page, coding: str, *, names_it: bool) -> bytes:
    """Give the header lines that another coding has otherwise."""
    if not page.compressible:
        return b"ETag: %b\r\n" % page.etag if page.etag else b""
    lines = _CODING[coding] if names_it else _VARY
    if page.etag:
        lines += b"ETag: %b\r\n" % tag_in(page.etag.decode(), coding).encode()
    return lines
