"""What every answer passes on its way out, and what only the desk's needs.

A public page is the same for everyone: it sets no cookie, varies on none and costs no
query for a session. So sessions, signing in and messages exist under ``/desk/`` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import parse_http_date_safe

from wiredesk.web.desk_scripts import allow_scripts, nonce_of

DESK = "/desk/"

Respond = Callable[[HttpRequest], HttpResponseBase]

PUBLIC_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
# The editors' screens set style attributes from script libraries of their own and show
# previews in a frame of the same origin; nothing may come from elsewhere.
DESK_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "script-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def is_desk(request: HttpRequest) -> bool:
    """Tell whether the request is for the desk, the only place with sessions."""
    return request.path_info.startswith(DESK)


def desk_policy(request: HttpRequest) -> str:
    """Give the desk's policy with the nonce of the request's session, if it has one."""
    if not hasattr(request, "session"):
        return DESK_POLICY
    own = f"script-src 'self' 'nonce-{nonce_of(request)}'"
    return DESK_POLICY.replace("script-src 'self'", own)


class SecurityHeaders:
    """Say to browsers what a page may do: strict for the public, workable for the desk.

    Stands outermost, so that static files and errors carry the headers too. What the
    desk shows in its preview frame passes here twice; the desk's word is the last.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        if is_desk(request):
            headers["Content-Security-Policy"] = desk_policy(request)
            headers["X-Frame-Options"] = "SAMEORIGIN"
        else:
            headers.setdefault("Content-Security-Policy", PUBLIC_POLICY)
            headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class Revalidated(ConditionalGetMiddleware):
    """Let browsers keep a public page but ask before showing it again.

    ``no-cache`` with a strong ETag: a withdrawn story is gone at the next click, and an
    unchanged page costs a 304. A view that sets ``Cache-Control`` itself keeps its own.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_desk(request):
            response.headers.setdefault("Cache-Control", "no-cache")
        if request.method != "HEAD":
            return super().process_response(request, response)
        # Django's takes no notice of HEAD, whose answer must be that of GET without
        # its body (RFC 9110, 9.3.2 and 13.1.2).
        if self.needs_etag(response) and not response.has_header("ETag"):
            set_response_etag(response)
        etag = response.headers.get("ETag")
        modified = response.headers.get("Last-Modified")
        if not (etag or modified):
            return response
        conditional = get_conditional_response(
            request,
            etag=etag,
            last_modified=parse_http_date_safe(modified) if modified else None,
            response=cast("HttpResponse", response),
        )
        return conditional or response


# Innermost first.
DESK_LAYERS = (
    MessageMiddleware,
    AuthenticationMiddleware,
    LocaleMiddleware,
    SessionMiddleware,
)


class DeskOnly:
    """Sessions, signing in, messages and the editor's language, under ``/desk/`` alone.

    Elsewhere everybody is anonymous, whatever cookie the browser sends.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        chain = get_response
        for layer in DESK_LAYERS:
            # Django's classes answer awaitables only where they are given one.
            chain = cast("Respond", layer(chain))
        self.desk_response = chain

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_desk(request):
            response = self.desk_response(request)
            allow_scripts(request, response)
            return response
        request.user = AnonymousUser()
        # Nor may one be read by anything further in: Django answers a token's cookie
        # that is out of shape by setting a new one.
        request.COOKIES = {}
        return self.get_response(request)
