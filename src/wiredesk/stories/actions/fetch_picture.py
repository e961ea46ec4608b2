"""Fetch the pictures that wire stories name, and give them to their stories.

The table is the queue: a use of a picture without a file waits until it has one or has
failed for good. ``attempts`` counts how often it was tried, so that no restart makes
trying endless; when to try again is known to this process alone, since a restart may
as well try at once.
"""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import F, Q, QuerySet

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.text import shorten
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.keep_picture import keep_picture
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.models import StoryPicture, StoryStanding
from wiredesk.stories.picture_files import (
    NotThereYetError,
    RefusedPictureError,
    UnreadablePictureError,
    read_picture,
)

# Seconds to wait after each failed try: pictures often come some minutes after the
# copy. With the last one used up, the picture has failed.
WAITS = (1, 2, 4, 8, 15, 30, 60, 60, 120, 300, 900)
# A file that can't be read may be half written: so many tries are allowed for that.
_HALF_WRITTEN = 3
_ROUND = 5.0  # seconds after which a round begins no further picture

_NETWORK = Q(href__istartswith="http") | Q(
    story__wire_message__delivery__origin__istartswith="http"
)
# When a picture that failed is due again, on the monotonic clock.
_due: dict[int, float] = {}


def fetch_pictures_from_folders() -> int:
    """Fetch what waits and lies beside its copy; gives how many were tried.

    A step of the worker. Apart from the network, so that an agency's slow server
    never holds up a picture that is here already.
    """
    return _round(_in_folders())


def fetch_pictures_from_network() -> int:
    """Fetch what waits and lies at an address; gives how many were tried."""
    return _round(_on_the_network())


def _round(waiting: list[tuple[int]]) -> int:
    now = time.monotonic()
    due = [number for (number,) in waiting if _due.get(number, 0.0) <= now]
    tried = 0
    for number in due:
        if time.monotonic() - now > _ROUND:
            break
        fetch_picture(story_picture_id=number)
        tried += 1
    return tried


def fetch_picture(*, story_picture_id: int) -> bool:
    """Fetch one picture and give it to its story; tells whether it has it now.

    Safe to repeat, and for two to call at once: only one claims the attempt. A failure
    is written down as such when it is final, else the picture waits for its next turn.
    """
    use = _waiting().filter(pk=story_picture_id).first()
    if use is None:
        _due.pop(story_picture_id, None)
        return False
    # Counted before it is tried: a picture that kills the worker is not tried for ever.
    _due[use.pk] = time.monotonic() + WAITS[min(use.attempts, len(WAITS) - 1)]
    claimed = StoryPicture.objects.filter(
        pk=use.pk, attempts=use.attempts, picture=None
    ).update(attempts=F("attempts") + 1)
    if not claimed:
        return False
    try:
        _bring(use)
    except (NotThereYetError, RefusedPictureError) as error:
        if _is_final(error, use.attempts):
            _fail(use, f"after {use.attempts + 1} tries: {error}")
            _due.pop(use.pk, None)
        return False
    _due.pop(use.pk, None)
    return True


def _is_final(error: Exception, attempts: int) -> bool:
    if isinstance(error, UnreadablePictureError):
        return attempts >= _HALF_WRITTEN
    return isinstance(error, RefusedPictureError) or attempts >= len(WAITS)


def _waiting() -> QuerySet[StoryPicture]:
    shown = (StoryStanding.State.LIVE, StoryStanding.State.HELD)
    return (
        StoryPicture.objects.filter(
            picture=None,
            failure="",
            attempts__lte=len(WAITS),
            story__standing__state__in=shown,
            # What has ended is not kept any longer, and not begun to be kept.
            story__standing__expired_at__isnull=True,
        )
        .exclude(href="")
        .select_related("story__wire_message__delivery")
        .order_by("-pk")  # what has just come is what readers open now
    )


# Asked each second, also while nothing is going on.
_in_folders = PreparedQuery(
    lambda: _waiting().exclude(_NETWORK).values_list("pk"), lists=0
)
_on_the_network = PreparedQuery(
    lambda: _waiting().filter(_NETWORK).values_list("pk"), lists=0
)


def _bring(use: StoryPicture) -> None:
    message = use.story.wire_message
    origin = message.delivery.origin if message else ""
    content = read_picture(use.href, origin)
    picture = keep_picture(
        content=content,
        title=use.caption or use.alt or use.story.headline,
        source=use.story.source,
        feed_id=message.feed_id if message else None,
        guid=use.guid,
        alt=use.alt,
        caption=use.caption,
        credit=use.credit,
    )
    with transaction.atomic():
        given = StoryPicture.objects.filter(pk=use.pk, picture=None)
        if given.update(picture=picture, failure=""):
            announce([use.story_id])
        if picture.withdrawn_at is not None:
            # A story that brings again what the desk released is leave to show it.
            settle_pictures(picture_ids=[picture.pk])


def _fail(use: StoryPicture, reason: str) -> None:
    with transaction.atomic():
        StoryPicture.objects.filter(pk=use.pk, picture=None).update(
            failure=shorten(reason, 500)
        )
        write(
            verb="picture-failed",
            thing=f"story:{use.story_id}",
            detail={"href": use.href, "reason": shorten(reason, 500)},
        )
