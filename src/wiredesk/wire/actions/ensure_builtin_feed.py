"""See that the built-in feed is there: for copy that somebody takes by hand."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.write import write
from wiredesk.wire.models import Feed

SLUG = "direct"


@transaction.atomic
def ensure_builtin_feed() -> Feed:
    """Give the feed ``direct``, which publishes at once; made where it isn't there.

    A newsroom may change it like any other feed: it is never set back.
    """
    feed, is_new = Feed.objects.get_or_create(
        slug=SLUG,
        defaults={
            "name": _("Taken by hand"),
            "source": SLUG,
            "publish": Feed.Publish.NOW,
        },
    )
    if is_new:
        write(verb="create feed", thing=f"feed:{SLUG}")
    return feed
