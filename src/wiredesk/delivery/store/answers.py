"""Answers as bytes: what goes to the client for a page, decided once and sent often."""

from __future__ import annotations

import re
from email.utils import formatdate
from http import HTTPStatus

from django.utils.http import parse_http_date_safe

from wiredesk.delivery.store.heads import Fields
from wiredesk.delivery.store.page import Page
from wiredesk.lib.encodings import IDENTITY, tag_in

STATUS = {
    status: f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    for status in (200, 301, 304, 404, 410)
}
_TAGS = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# What a 304 repeats (RFC 9110, 15.4.5); of the rest the client has its own.
_IN_304 = frozenset(
    {"cache-control", "expires", "last-modified", "vary", "content-location"}
)
CLOSE = b"Connection: close\r\n"


def date_line(now: float) -> bytes:
    """Give the Date header of that time."""
    return f"Date: {formatdate(now, usegmt=True)}\r\n".encode()


def whole(page: Page, coding: str) -> tuple[bytes, bytes]:
    """Give the header lines, with the empty one, and the body in ``coding``."""
    body = page.body(coding)
    lines = list(page.headers)
    if page.compressible:
        if coding != IDENTITY:
            lines.append(("Content-Encoding", coding))
        lines.append(("Vary", "Accept-Encoding"))
    if page.etag:
        shown = tag_in(page.etag, coding) if page.compressible else page.etag
        lines.append(("ETag", shown))
    lines.append(("Content-Length", str(len(body))))
    return _lines(lines), body


def not_modified(page: Page, coding: str) -> bytes:
    """Give a whole 304 after its Date line."""
    lines = [pair for pair in page.headers if pair[0].lower() in _IN_304]
    if page.compressible:
        lines.append(("Vary", "Accept-Encoding"))
    if page.etag:
        shown = tag_in(page.etag, coding) if page.compressible else page.etag
        lines.append(("ETag", shown))
    return _lines(lines)


def is_unmodified(page: Page, fields: Fields) -> bool:
    """Tell whether the client has the page already (RFC 9110, 13.2.2)."""
    if page.status != HTTPStatus.OK:
        return False
    if fields.none_match is not None:
        if fields.none_match.strip() == "*":
            return True
        return bool(page.etag) and page.etag in _TAGS.findall(fields.none_match)
    if fields.modified_since is None:
        return False
    since = parse_http_date_safe(fields.modified_since)
    changed = parse_http_date_safe(header_of(page, "last-modified"))
    return since is not None and changed is not None and changed <= since


def header_of(page: Page, wanted: str) -> str:
    """Give the value of a header, by its name in lower case; "" where there is none."""
    return next((value for name, value in page.headers if name.lower() == wanted), "")


def _lines(pairs: list[tuple[str, str]]) -> bytes:
    return ("".join(f"{name}: {value}\r\n" for name, value in pairs) + "\r\n").encode(
        "latin-1"
    )
