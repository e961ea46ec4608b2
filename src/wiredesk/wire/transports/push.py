"""HTTP push: what must be right about a request before its bytes are received.

Plain functions: the view in ``wire.views`` turns what they raise into status codes.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Protocol

from wiredesk.lib.decoding import (
    NotDecodableError,
    OverCapError,
    UnknownCodingError,
    decode,
)
from wiredesk.wire.actions.issue_token import digest_of_token
from wiredesk.wire.actions.receive import Payload, cap_of, receive
from wiredesk.wire.models import Feed

if TYPE_CHECKING:
    from wiredesk.wire.models import Receipt

TRANSPORT = "push"
_STEP = 65536
_NOBODYS = "0" * 64


class Stream(Protocol):
    """A request's body, read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes, none at the end."""


class PushError(Exception):
    """The request isn't accepted; the text may be told to the sender."""


class NotAuthorizedError(PushError):
    """No such feed, no token, or not this feed's: the sender isn't told which."""


class PushTooLargeError(PushError):
    """The body is larger than the feed may bring."""


class NotUndoneError(PushError):
    """The Content-Encoding is none that can be undone."""


class BadBodyError(PushError):
    """The body isn't what its headers promise."""


def feed_for(slug: str, authorization: str) -> Feed:
    """Give the feed that this Authorization header (RFC 6750, 2.1) may push to.

    Raises ``NotAuthorizedError``. A feed that isn't there costs the same time as one
    that is.
    """
    feed = Feed.objects.filter(slug=slug, active=True).first()
    scheme, _, token = authorization.strip().partition(" ")
    given = digest_of_token(token.strip()) if scheme.lower() == "bearer" else ""
    expected = feed.token_digest if feed is not None else ""
    fits = hmac.compare_digest(given.ljust(64, "-"), expected or _NOBODYS)
    if feed is None or not expected or not fits:
        raise NotAuthorizedError(
            "This needs the feed's bearer token, as made by “wiredesk wire token”."
        )
    return feed


def read_body(
    stream: Stream, feed: Feed, *, announced: int | None, coding: str
) -> bytes:
    """Give the body with its Content-Encoding undone, reading no more than is allowed.

    ``announced`` is the Content-Length, ``None`` where the body comes in chunks. Raises
    ``PushTooLargeError``, ``NotUndoneError`` and ``BadBodyError``.
    """
    cap = cap_of(feed)
    if announced is not None and announced > cap:
        raise PushTooLargeError(_too_large(cap))
    body = bytearray()
    while announced is None or len(body) < announced:
        left = cap + 1 if announced is None else announced
        piece = stream.read(min(_STEP, left - len(body)))
        if not piece:
            break
        body += piece
        if len(body) > cap:
            raise PushTooLargeError(_too_large(cap))
    if announced is not None and len(body) < announced:
        raise BadBodyError("The body ended before its announced length.")
    try:
        return decode(bytes(body), coding, cap=cap)
    except OverCapError as error:
        raise PushTooLargeError(_too_large(cap)) from error
    except UnknownCodingError as error:
        raise NotUndoneError(str(error)) from error
    except NotDecodableError as error:
        raise NotUndoneError(str(error)) from error


def accept(feed: Feed, raw: bytes, *, name: str) -> Receipt:
    """Receive the body; when this returns, it is committed."""
    payload = Payload(raw=raw, name=name)
    return receive(feed=feed, payloads=[payload], transport=TRANSPORT)[0]


def _too_large(cap: int) -> str:
    return f"A delivery of this feed may have {cap} bytes."
