"""Public pages, drawn as a reader would get them, without a server between."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import resolve, reverse
from wagtail.models import Site

from wiredesk.config.replay.databases import SOURCE
from wiredesk.stories.models import SectionPage, StoryStanding


def pages() -> Iterator[tuple[str, str]]:
    """Give host and path of each story's page that was ever public, then of the lists."""
    hosts = dict(Site.objects.values_list("pk", "hostname"))
    default = Site.objects.filter(is_default_site=True).values_list(
        "hostname", flat=True
    )
    usual = default.first() or "localhost"
    shown = StoryStanding.objects.using(SOURCE).filter(was_public=True).order_by("pk")
    rows = shown.exclude(story__path=None).values_list("pk", "story__path")
    for _pk, path in rows.iterator():
        yield usual, str(path)
    for host in sorted(set(hosts.values())):
        yield host, "/"
        yield host, reverse("corrections")
    for slug in SectionPage.objects.order_by("pk").values_list("slug", flat=True):
        yield usual, reverse("wagtail_serve", args=(f"{slug}/",))


def page_digest(host: str, path: str) -> str:
    """Give the status of a page and the SHA-256 of its bytes, in hex."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    request.META = {"SERVER_NAME": host, "SERVER_PORT": "80", "REQUEST_METHOD": "GET"}
    found = resolve(path)
    try:
        # The view alone: what stands around it on the way out is the same for both.
        response = found.func(request, *found.args, **found.kwargs)
    except Http404:
        return "404"
    return f"{response.status_code} {hashlib.sha256(_bytes(response)).hexdigest()}"


def _bytes(response: Any) -> bytes:
    if hasattr(response, "render"):
        response.render()
    return bytes(response.content)
