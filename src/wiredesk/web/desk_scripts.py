"""Lets the desk's own inline scripts run, and no others.

Wagtail starts its choosers and panels by short inline scripts: one call with plain data.
Scripts of just that shape get a nonce that the desk's policy names; whatever else
stands in a page, an injected script above all, has none and doesn't run.
"""

from __future__ import annotations

import json
import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

_DATA = r'(?:"(?:[^"\\<]|\\.)*"|[\s\[\]{}:,.\d-]|true|false|null)*'
_NAME = r"(?:new [A-Z]?\w*(?:Chooser|Panel)|(?:init|create)\w+Chooser)"
_CALL = rf"{_NAME}\((?:JSON\.parse\({_DATA}\)|{_DATA})\);?"
_WRAPPED = rf"\(function\(\) \{{\s*var panel = {_CALL}\s*\}}\)\(\);"
# In a form's template the end tag is spelled "<-/script>".
STARTS = re.compile(rf"<script>(?=\s*(?:{_WRAPPED}|{_CALL})\s*<-*/script>)")


def nonce_of(request: HttpRequest) -> str:
    """Give the nonce of a session: a window that opens later must know the same."""
    key = request.session.session_key or ""
    return salted_hmac("wiredesk.web.desk_scripts", key).hexdigest()[:32]


def allow_scripts(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the scripts that start Wagtail's widgets the session's nonce."""
    if not isinstance(response, HttpResponse) or "<script>" not in _text(response):
        return
    mark = f'<script nonce="{nonce_of(request)}">'
    if response.headers.get("Content-Type", "").startswith("application/json"):
        # A window's content comes as JSON, its page below "html".
        told = json.loads(response.content)
        if not isinstance(told, dict) or not isinstance(told.get("html"), str):
            return
        told["html"] = STARTS.sub(mark, told["html"])
        response.content = json.dumps(told).encode()
    else:
        response.content = STARTS.sub(mark, _text(response)).encode()
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))


def _text(response: HttpResponse) -> str:
    kind = response.headers.get("Content-Type", "")
    if not kind.startswith(("text/html", "application/json")):
        return ""
    return response.content.decode("utf-8", "replace")
