"""What Django's own answers need to be the same as the store's: codings, and their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.cache import patch_vary_headers

from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib.encodings import (
    IDENTITY,
    choose,
    encode,
    is_compressible,
    plain_tags,
    tag_in,
)

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

Respond = Callable[["HttpRequest"], "HttpResponseBase"]
DESK = "/desk/"
_NONE_MATCH = "HTTP_IF_NONE_MATCH"


class Encoded:
    """Compress public answers as the client likes, with an entity tag for each coding.

    The desk's are left alone: a secret beside what a stranger can write mustn't be
    compressed with it.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(DESK) or asked_by_store():
            return self.get_response(request)
        if _NONE_MATCH in request.META:
            request.META[_NONE_MATCH] = plain_tags(request.META[_NONE_MATCH])
        response = self.get_response(request)
        if not response.streaming and "Content-Encoding" not in response.headers:
            _encode(response, choose(request.headers.get("Accept-Encoding")))
        return response


def _encode(response: HttpResponseBase, coding: str) -> None:
    # A 304 has no type, and is of what would have been compressed.
    kind = response.headers.get("Content-Type", "")
    if response.status_code != 304 and not is_compressible(kind):
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    if coding == IDENTITY:
        return
    etag = response.headers.get("ETag")
    if etag:
        response.headers["ETag"] = tag_in(etag, coding)
    content = getattr(response, "content", b"")
    if content:
        content = response.content = encode(content, coding)  # type: ignore[attr-defined]
        response.headers["Content-Encoding"] = coding
        response.headers["Content-Length"] = str(len(content))
