"""What a reader sees where there is nothing to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wiredesk.web.draw import draw, draw_once

if TYPE_CHECKING:
    from django.http import HttpRequest

    from wiredesk.web.frame import Frame


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page; the same words for all that never was public."""
    try:
        response = draw(request, "web/not_found.html", status=404)
    except Http404:  # not even a site answers to that host
        response = HttpResponse(render_to_string("web/bare.html"), status=404)
    response["X-Robots-Tag"] = "noindex"
    return response


def gone(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Say that a story was here, with no word of it; nobody may keep this answer."""
    response = draw_once(request, "web/gone.html", status=410, frame=frame)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def refused(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    """Say that something may not be done; also Django's ``CSRF_FAILURE_VIEW``."""
    return _alone(
        403,
        _("This was not accepted"),
        _(
            "You may not do this here, or the form was open for too long. If you sent "
            "a form, go back, load the page again and send it once more."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke."""
    return _alone(
        500,
        _("Something broke on our side"),
        _("We have been told. Please try again in a minute."),
    )


def _alone(status: int, title: str, words: str) -> HttpResponse:
    """Draw a page that needs nothing but its file: the database may be what broke."""
    message = {"status": status, "title": title, "words": words}
    text = render_to_string("web/alone.html", message)
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
