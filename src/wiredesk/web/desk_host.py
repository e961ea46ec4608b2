"""The desk on a host of its own, where the engineer gave it one."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from wiredesk.web.views.errors import not_found

Respond = Callable[[HttpRequest], HttpResponseBase]

DESK = "/desk/"
# What every host answers: is the process alive, and the files that pages are made of.
EVERYWHERE = ("/healthz", "/readyz", settings.STATIC_URL)


class DeskHost:
    """With ``WIREDESK_DESK_HOST`` the desk answers there alone, and nothing else does.

    So no page of readers shares an origin with an editor's session. Who follows a link
    of the desk to a public page is led to the public address.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        own: str = settings.WIREDESK_DESK_HOST
        path = request.path_info
        if not own or path.startswith(EVERYWHERE):
            return self.get_response(request)
        is_desk = path.startswith(DESK)
        if _host(request) != own:
            if is_desk:
                return not_found(request, Http404())
            return self.get_response(request)
        if is_desk:
            return self.get_response(request)
        return _not_the_desk(request)


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]


def _not_the_desk(request: HttpRequest) -> HttpResponse:
    """Answer on the desk's host for what isn't the desk's."""
    if request.path_info == "/robots.txt":
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
    if request.method not in ("GET", "HEAD"):
        return not_found(request, Http404())
    if request.path_info == "/":
        response = HttpResponseRedirect(DESK)
    else:
        response = HttpResponseRedirect(
            f"{settings.WIREDESK_BASE_URL}{request.get_full_path()}"
        )
    response["Cache-Control"] = "no-store"
    return response
