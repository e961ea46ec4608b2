"""Have Django draw a page for the store, and find out what makes it stale."""

from __future__ import annotations

import io
import logging
import re
import sys
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.utils import timezone

from wiredesk.delivery.purge.keys import (
    FRAME,
    PICTURE_PATH,
    STORY_PATH,
    list_key,
    picture_key,
    stories_asked,
    story_key,
)
from wiredesk.delivery.store.asked import drawing_for_store
from wiredesk.delivery.store.clock import EVERYTHING, slots_of
from wiredesk.delivery.store.page import header_lines
from wiredesk.lib.batches import in_batches
from wiredesk.lib.encodings import is_compressible
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import StoryStanding

logger = logging.getLogger(__name__)

# Where a fragment of its own belongs; drawn apart, so that it can change alone.
PIECE = re.compile(rb"<!--piece (/-/[!-=?-~]*)(?: without=([0-9]+) most=([0-9]+))?-->")

LARGEST = 1024 * 1024  # bytes of a body that is kept
_KEPT_STATUS = frozenset({200, 301, 404, 410})
# Said anew with each answer, or of the bytes as they happened to be sent.
_NOT_KEPT = frozenset(
    {"connection", "content-length", "date", "etag", "transfer-encoding", "vary"}
)
_AGE = re.compile(r"max-age=(\d+)")
# Of most stories nothing ends, and there may be thousands on a page.
_ends = PreparedQuery(
    lambda stories, began: (
        StoryStanding.objects.filter(pk__in=stories)
        .filter(
            Q(visible_from__gt=began)
            | Q(visible_until__gt=began)
            | Q(listed_until__gt=began)
        )
        .values_list("visible_from", "visible_until", "listed_until")
    ),
    has_moment=True,
)
_next = PreparedQuery(
    lambda now: (
        StoryStanding.objects.filter(visible_from__gt=now)
        .order_by("visible_from")
        .values_list("visible_from")[:1]
    ),
    lists=0,
    has_moment=True,
)

Handler = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Drawn:
    """What Django answered. ``may_be_kept``: anybody may get the same again.

    ``strict`` and ``lazy`` are slots of the clock, ``until`` seconds since 1970.
    """

    status: int
    heads: bytes
    body: bytes
    etag: bytes
    may_be_kept: bool
    compressible: bool
    until: float = 0.0
    strict: array[int] = field(default_factory=lambda: array("I"))
    lazy: array[int] = field(default_factory=lambda: array("I"))


def draw(handler: Handler, host: str, target: str) -> Drawn:
    """Ask Django for ``target`` on ``host``, as somebody it knows nothing of would."""
    path, _, query = target.partition("?")
    began = timezone.now()
    with drawing_for_store():
        response = handler(_environment(host, path, query), lambda *_: None)
    assert isinstance(response, HttpResponseBase)  # noqa: S101 - for the type checker
    try:
        body = b"".join(bytes(part) for part in response)
        return _drawn(response, path, query, body, began)
    finally:
        response.close()


def _environment(host: str, path: str, query: str) -> dict[str, Any]:
    name, port = split_domain_port(host)
    environment = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": name,
        "SERVER_PORT": port or ("443" if settings.BEHIND_TLS else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if settings.BEHIND_TLS else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if settings.BEHIND_TLS:
        # The store answers only what came by a proxy of ours that says so.
        environment["HTTP_X_FORWARDED_PROTO"] = "https"
    return environment


def _drawn(
    response: HttpResponseBase, path: str, query: str, body: bytes, began: datetime
) -> Drawn:
    drawn = Drawn(
        status=response.status_code,
        heads=header_lines(
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in _NOT_KEPT
        ),
        body=body,
        etag=response.headers.get("ETag", "").encode(),
        may_be_kept=_may_be_kept(response, path, body),
        compressible=is_compressible(response.headers.get("Content-Type", "")),
    )
    if drawn.may_be_kept:
        try:
            _find_ends(drawn, response, path, query, began)
        except DatabaseError as error:
            logger.warning("What ends %s can't be found out now: %s", path, error)
            drawn.may_be_kept = False
    return drawn


def _may_be_kept(response: HttpResponseBase, path: str, body: bytes) -> bool:
    if response.status_code != 200 and PICTURE_PATH.match(path.encode()):
        return False  # it may come back with any story, and nobody would say so
    control = response.headers.get("Cache-Control", "")
    varies = {
        name.strip().lower() for name in response.headers.get("Vary", "").split(",")
    }
    return (
        response.status_code in _KEPT_STATUS
        and not response.cookies
        and varies <= {"", "accept-encoding"}
        and "Content-Encoding" not in response.headers
        and "private" not in control
        # Of what is gone nobody else may keep the answer; it stays so until it changes.
        and ("no-store" not in control or response.status_code == HTTPStatus.GONE)
        and len(body) <= LARGEST
    )


def _find_ends(
    drawn: Drawn, response: HttpResponseBase, path: str, query: str, began: datetime
) -> None:
    where = path.encode()
    stories = {int(number) for number in stories_asked(where)}
    is_list = not stories and not path.startswith("/static/")
    if drawn.compressible:
        stories.update(int(n) for n in STORY_PATH.findall(drawn.body))
    leads_to = response.headers.get("Location", "").encode()
    stories.update(int(n) for n in STORY_PATH.findall(leads_to))
    pictures = {int(n) for n in PICTURE_PATH.findall(where + b" " + drawn.body)}
    strict = [FRAME, *map(story_key, stories), *map(picture_key, pictures)]
    strict += getattr(response, "strict_keys", ())
    lazy = list(getattr(response, "lazy_keys", ()))
    # Further down a list what is new may come a little later.
    (lazy if query else strict).append(list_key(path))
    drawn.strict = array("I", [EVERYTHING, *slots_of(strict)])
    drawn.lazy = slots_of(lazy)
    drawn.until = _until(response, stories, began, is_list=is_list)


def _until(
    response: HttpResponseBase, stories: set[int], began: datetime, *, is_list: bool
) -> float:
    """Give the time from which the clock alone makes it untrue; infinite for never."""
    # What ended while it was drawn counts: who knows which side of it was seen.
    moments: list[datetime | None] = [getattr(response, "true_until", None)]
    for batch in in_batches(sorted(stories)):
        for row in _ends(batch, at=began):
            moments += row
    if is_list:
        # One that appears by the clock may belong here.
        moments += (appears for (appears,) in _next(at=began))
    nearest = min(
        (each.timestamp() for each in moments if each is not None and each > began),
        default=float("inf"),
    )
    stated = _AGE.search(response.headers.get("Surrogate-Control", ""))
    # A cache that hears "300 seconds" must hear it 300 seconds before the end at latest.
    return nearest - int(stated[1]) if stated else nearest
