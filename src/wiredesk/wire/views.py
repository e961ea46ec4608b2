"""``POST /wire/FEED``: an agency pushes copy."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wiredesk.wire import originals, worker
from wiredesk.wire.transports import push

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

RETRY_AFTER = 10  # seconds a sender should wait when we can't keep anything


# csrf_exempt: no browser and no cookie is involved; the bearer token is the proof.
@csrf_exempt
@never_cache
@require_POST
def push_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Receive the raw body; 202 with ``delivery`` and ``sha256`` once it is committed.

    401 without the feed's token, also where there is no such feed; 413 over the feed's
    cap, 415 for a Content-Encoding that can't be undone, 400 for a body cut short and
    503 with Retry-After where nothing can be kept just now. The declared type is not
    looked at: the format is found from the bytes.
    """
    try:
        feed = push.feed_for(slug, request.headers.get("Authorization", ""))
        raw = push.read_body(
            _body(request),
            feed,
            announced=_announced(request),
            coding=request.headers.get("Content-Encoding", ""),
        )
        name = request.headers.get("Content-Location", "").rpartition("/")[2]
        receipt = push.accept(feed, raw, name=name)
    except push.NotAuthorizedError as error:
        return _refuse(401, error, {"WWW-Authenticate": 'Bearer realm="wire"'})
    except push.PushTooLargeError as error:
        # What wasn't read would be taken for the next request on this connection.
        return _refuse(413, error, {"Connection": "close"})
    except push.NotUndoneError as error:
        return _refuse(415, error, {"Accept-Encoding": "gzip, deflate, br"})
    except (push.BadBodyError, UnreadablePostError) as error:
        return _refuse(400, error, {"Connection": "close"})
    except (originals.OriginalError, OperationalError, InterfaceError) as error:
        logger.error("A pushed delivery could not be kept: %s", error)  # noqa: TRY400
        return _refuse(503, error, {"Retry-After": str(RETRY_AFTER)})
    worker.nudge()
    return JsonResponse(
        {"delivery": receipt.delivery_id, "sha256": receipt.delivery.sha256},
        status=202,
    )


def _refuse(status: int, error: Exception, headers: dict[str, str]) -> HttpResponse:
    # What went wrong in here is for the log, but that the disk is full is no secret.
    if status < 500:
        text = str(error)
    elif _is_full(error):
        text = "There is no room to keep the delivery just now; send it again later."
    else:
        text = "The delivery can't be kept just now; send it again later."
    return JsonResponse({"error": text}, status=status, headers=headers)


def _is_full(error: Exception) -> bool:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    return getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL"


def _announced(request: HttpRequest) -> int | None:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        return None
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    # 18 digits are more than any cap; int() refuses thousands of them.
    return int(text[:18]) if text.isascii() and text.isdigit() else 0


def _body(request: HttpRequest) -> push.Stream:
    """Give the stream of the body.

    Django ends a body at its announced length, which for one in chunks is 0; so that
    one is read from the server's own stream, which ends where the chunks end.
    """
    environ = getattr(request, "environ", None)
    if request.META.get("HTTP_TRANSFER_ENCODING") and environ is not None:
        return cast("push.Stream", environ["wsgi.input"])
    return cast("push.Stream", request)
