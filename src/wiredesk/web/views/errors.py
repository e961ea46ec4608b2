"""What a reader sees where there is nothing to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string

from wiredesk.web.draw import draw

if TYPE_CHECKING:
    from django.http import HttpRequest


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page; the same words for all that never was public."""
    try:
        response = draw(request, "web/not_found.html", status=404)
    except Http404:  # not even a site answers to that host
        response = HttpResponse(render_to_string("web/bare.html"), status=404)
    response["X-Robots-Tag"] = "noindex"
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """Say that a story was here, with no word of it; nobody may keep this answer."""
    response = draw(request, "web/gone.html", status=410)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke, from one file: the database may be what broke."""
    response = HttpResponseServerError(render_to_string("web/server_error.html"))
    response["Cache-Control"] = "no-store"
    return response
