"""Draws a page: the frame, the station's language and clock, one template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from wiredesk.web.frame import Frame, frame_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


def draw(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    frame: Frame | None = None,
) -> HttpResponse:
    """Give the page as the station says it: its words, its zone, whoever asks."""
    frame = frame or frame_for(request)
    with translation.override(frame.language), timezone.override(frame.zone):
        html = render_to_string(template, {**(context or {}), "frame": frame}, request)
    return HttpResponse(html, status=status)
