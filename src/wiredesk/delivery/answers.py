"""Answers for machines, which ask again and again whether anything changed."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from wiredesk.delivery.freshness import SETTLED, last_change
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib.truth import true_until


def revalidated(
    request: HttpRequest, content: bytes, content_type: str
) -> HttpResponseBase:
    """Give the content, or 304 to one who has it; search results don't show it itself."""
    response = HttpResponse(content, content_type=content_type)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    # It is no search result; the stories it leads to may be.
    response["X-Robots-Tag"] = "noindex"
    now = timezone.now()
    changed = last_change(now)
    if changed is None and asked_by_store():
        true_until(now + SETTLED)  # it's another answer once it has a date
    modified = int(changed.timestamp()) if changed else None
    if modified:
        response["Last-Modified"] = http_date(modified)
    conditional = get_conditional_response(
        request, etag=etag, last_modified=modified, response=response
    )
    return conditional or response
