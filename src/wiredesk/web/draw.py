"""Draws a page: the frame, the station's language and clock, one template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from wiredesk.lib import places
from wiredesk.web.frame import Frame, frame_for
from wiredesk.web.places import IN_FRAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django.utils.safestring import SafeString


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
    return HttpResponse(_drawn(request, template, context or {}, frame), status=status)


def draw_once(
    request: HttpRequest, template: str, *, status: int, frame: Frame
) -> HttpResponse:
    """Give a page with the same words at every address, drawn once while its frame is kept.

    Unless others draw into the frame: what they have may differ from page to page.
    """
    if not places.names().isdisjoint(IN_FRAME.values()):
        return draw(request, template, status=status, frame=frame)
    here = template, "", 0
    if here not in frame.drawn:
        frame.drawn[here] = _drawn(request, template, {}, frame)
    return HttpResponse(frame.drawn[here], status=status)


def _drawn(
    request: HttpRequest, template: str, context: Mapping[str, Any], frame: Frame
) -> SafeString:
    with translation.override(frame.language), timezone.override(frame.zone):
        return render_to_string(template, {**context, "frame": frame}, request)
