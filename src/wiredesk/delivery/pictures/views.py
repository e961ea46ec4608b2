"""The gated address of a picture."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from wiredesk.delivery.pictures import gate
from wiredesk.delivery.pictures.renditions import (
    BusyError,
    NotDrawableError,
    rendition,
)
from wiredesk.delivery.pictures.sizes import (
    CONTENT_TYPES,
    WIDTHS,
    Shape,
    filter_spec,
)
from wiredesk.delivery.purge.keys import story_key
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.lib.truth import true_until
from wiredesk.stories.models import Picture

AGE = 300  # seconds a browser or cache may keep a picture unasked

log = logging.getLogger(__name__)


@require_safe
def picture(
    request: HttpRequest, picture_id: int, width: int, kind: str, shape: str = ""
) -> HttpResponseBase:
    """Give a picture in one size while the public may see it.

    410 for one that was public once, 404 for any other and for sizes not on the list.
    """
    if not _is_offered(width, kind, shape):
        return _nothing(404)
    now = timezone.now()
    verdict = gate.ask(picture_id, now)
    if verdict.picture is None:
        return _nothing(410 if verdict.was_public else 404)
    age = AGE
    end = verdict.picture.ends_at()
    if end is not None:
        age = min(age, int((end - now).total_seconds()))
        # What states its age may be kept here no longer than that age before the end.
        true_until(end - timedelta(seconds=age))
    cache = f"public, max-age={age}"
    answer = _serve(request, verdict.picture, width, kind, Shape(shape), cache)
    if asked_by_store():
        _name_what_shows_it(answer, picture_id, now)
    return answer


def _name_what_shows_it(
    answer: HttpResponseBase, picture_id: int, now: datetime
) -> None:
    """Let the page store drop the picture with the story that it is public by."""
    shown = gate.shown_by(picture_id, now)
    if shown is not None:
        true_until(shown.visible_until)
        answer.strict_keys = [story_key(shown.pk)]  # type: ignore[attr-defined]


@require_safe
def desk_picture(
    request: HttpRequest, picture_id: int, width: int, kind: str, shape: str = ""
) -> HttpResponseBase:
    """Give an editor a picture in one size, public or not; for previews at the desk."""
    found = Picture.objects.filter(pk=picture_id).first()
    if found is None or not _is_offered(width, kind, shape):
        return _nothing(404)
    return _serve(request, found, width, kind, Shape(shape), "private, max-age=60")


def _is_offered(width: int, kind: str, shape: str) -> bool:
    shapes = {entry.value for entry in Shape}
    return width in WIDTHS and kind in CONTENT_TYPES and shape in shapes


def _serve(
    request: HttpRequest,
    found: Picture,
    width: int,
    kind: str,
    shape: Shape,
    cache: str,
) -> HttpResponseBase:
    try:
        made = rendition(found, filter_spec(width, kind, shape))
        with made.file.open("rb") as file:
            content = file.read()
    except BusyError:
        response = _nothing(503)
        response["Retry-After"] = "2"
        return response
    except (NotDrawableError, OSError) as error:
        log.warning("picture %s can't be drawn: %s", found.pk, error)
        return _nothing(404)
    etag = f'"{found.pk}-{made.pk}-{found.file_hash[:16]}"'
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    answer["Cache-Control"] = cache
    answer["ETag"] = etag
    answer["X-Content-Type-Options"] = "nosniff"
    conditional = get_conditional_response(request, etag=etag, response=answer)
    return conditional or answer


def _nothing(status: int) -> HttpResponse:
    response = HttpResponse(b"", status=status, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
