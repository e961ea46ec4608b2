"""The key by which search engines know that it is this site that tells them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """Give the IndexNow key at its own address, as the protocol asks; else 404."""
    ours = settings.WIREDESK_INDEXNOW_KEY
    if not ours or not constant_time_compare(key, ours):
        raise Http404
    return HttpResponse(ours, content_type="text/plain; charset=utf-8")
