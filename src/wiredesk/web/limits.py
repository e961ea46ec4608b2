"""Who asks for what is dear, or guesses a secret, may do so only so often.

A client is known by the address our outermost proxy saw: ``WIREDESK_PROXIES`` says how
many forwarding headers are believed, and ``config.server.edge`` drops every other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext

from wiredesk.lib.allowance import Allowance, counter

Respond = Callable[[HttpRequest], HttpResponseBase]

SEARCH = Allowance("search", at_once=60, seconds=1.0)
SIGN_IN = Allowance("sign-in", at_once=10, seconds=6.0)
# Only what was refused counts, for that feed alone: copy with its token is never late.
TOKEN = Allowance("token", at_once=30, seconds=2.0)
_FOR_PROGRAMS = ("/api/", "/wire/")
_SIGN_IN_PATHS = ("/desk/login/", "/desk/password_reset/")
# A whole household or office has one of these at least; one machine has all of it.
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class _Rule:
    allowance: Allowance
    per_path: bool = False
    only_refused: bool = False


class Limits:
    """Answer 429 to a client that has used up its allowance, before anything is done.

    What comes from this machine itself isn't limited: it is a proof of ours, or a proxy
    whose clients can't be told apart.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        rule = _rule(request)
        client = _client(request) if rule else ""
        if rule is None or not client:
            return self.get_response(request)
        who = f"{client} {request.path_info}" if rule.per_path else client
        if rule.only_refused:
            wait = counter.wait(rule.allowance, who)
        else:
            wait = counter.take(rule.allowance, who)
        if wait:
            return _too_many(request, wait)
        response = self.get_response(request)
        if rule.only_refused and response.status_code == 401:
            counter.take(rule.allowance, who)
        return response


def _rule(request: HttpRequest) -> _Rule | None:
    path = request.path_info
    if path == "/search/" or path.startswith("/api/"):
        return _Rule(SEARCH)
    if request.method != "POST":
        return None
    if path in _SIGN_IN_PATHS:
        return _Rule(SIGN_IN)
    if path.startswith("/wire/"):
        return _Rule(TOKEN, per_path=True, only_refused=True)
    return None


def _client(request: HttpRequest) -> str:
    """Give the client by its address; "" for one that isn't limited."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            if address.is_loopback:
                return ""
            return str(ip_network((address, _IPV6_PREFIX), strict=False))
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)


def _too_many(request: HttpRequest, wait: float) -> HttpResponse:
    seconds = math.ceil(wait)
    response: HttpResponse
    if request.path_info.startswith(_FOR_PROGRAMS):
        error = gettext("Too many questions; ask again in %(seconds)s seconds.")
        response = JsonResponse({"error": error % {"seconds": seconds}}, status=429)
    else:
        page = render_to_string("web/too_many.html", {"seconds": seconds})
        response = HttpResponse(page, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
