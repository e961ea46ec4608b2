"""HTTP poll: asks a feed's address when it is due, and only for what is new."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from wiredesk.lib.outbound import Answer, OutboundError, fetch
from wiredesk.lib.prepared import PreparedObjects
from wiredesk.wire import originals
from wiredesk.wire.actions.note_poll import note_failure, note_success
from wiredesk.wire.actions.receive import Payload, cap_of, receive
from wiredesk.wire.models import Feed, Poll

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

TRANSPORT = "poll"
SECONDS = 15.0  # the longest one server may keep us


def poll_due(stop: Callable[[], bool] = lambda: False) -> int:
    """Poll every feed that is due; gives how many brought something new."""
    polls = {poll.feed_id: poll for poll in _polls()}
    new = 0
    for feed in _polled():
        if stop():
            break
        poll = polls.get(feed.pk)
        moved = poll is not None and poll.address != feed.address and not poll.failures
        if poll is None or moved or poll.next_at <= timezone.now():
            new += poll_feed(feed, poll)
    return new


# Asked each second, also while nothing is going on.
_polls = PreparedObjects(Poll.objects.all, lists=0)
_polled = PreparedObjects(
    lambda: Feed.objects.filter(active=True, transport=Feed.Transport.POLL).exclude(
        address=""
    ),
    lists=0,
)


def poll_feed(feed: Feed, poll: Poll | None) -> bool:
    """Ask once; tells whether a delivery came. What goes wrong is noted, not raised.

    But for a body that can't be kept (``OriginalError``, ``DatabaseError``): then the
    cursor stays, and the same body comes again.
    """
    cursor = poll if poll is not None and poll.address == feed.address else None
    try:
        answer = fetch(
            feed.address,
            headers=_conditions(cursor),
            size_cap=cap_of(feed),
            seconds=SECONDS,
        )
    except OutboundError as error:
        note_failure(feed=feed, reason=str(error))
        return False
    if answer.status == 304 and cursor is not None:
        note_success(
            feed=feed,
            etag=cursor.etag,
            modified=cursor.modified,
            sha256=cursor.sha256,
        )
        return False
    if answer.status != 200:
        note_failure(
            feed=feed,
            reason=f"the server answered {answer.status}.",
            wait=_wait(answer),
        )
        return False
    return _take_in(feed, cursor, answer)


def _take_in(feed: Feed, cursor: Poll | None, answer: Answer) -> bool:
    digest = originals.digest_of(answer.body)
    # The same document again is no new delivery: most servers know no conditions.
    is_new = cursor is None or digest != cursor.sha256
    if is_new:
        name = answer.address.partition("?")[0].rstrip("/").rpartition("/")[2]
        payload = Payload(answer.body, name=name, origin=answer.address)
        receive(feed=feed, payloads=[payload], transport=TRANSPORT)
    note_success(
        feed=feed,
        etag=answer.headers.get("etag", ""),
        modified=answer.headers.get("last-modified", ""),
        sha256=digest,
    )
    return is_new


def _conditions(cursor: Poll | None) -> dict[str, str]:
    headers = {
        "Accept": "application/rss+xml, application/atom+xml, application/xml, "
        "application/json, */*;q=0.5"
    }
    if cursor is not None and cursor.etag:
        headers["If-None-Match"] = cursor.etag
    if cursor is not None and cursor.modified:
        headers["If-Modified-Since"] = cursor.modified
    return headers


def _wait(answer: Answer) -> int:
    text = answer.headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
