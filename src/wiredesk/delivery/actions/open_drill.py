"""See that the feed of drills is there."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.write import write
from wiredesk.wire.models import Feed

SLUG = "kill-drill"


@transaction.atomic
def open_drill(*, section: str, in_feeds: bool, guid: str) -> Feed:
    """Give the feed that a drill's copy comes by, and write down that one begins.

    It is never active, so nobody else can send by it; what it brings is kept out of
    search engines and ends by itself.
    """
    mode = Feed.FeedMode.FULL if in_feeds else Feed.FeedMode.NONE
    feed, _is_new = Feed.objects.update_or_create(
        slug=SLUG,
        defaults={
            "name": _("Kill drill"),
            "source": SLUG,
            "active": False,
            "transport": Feed.Transport.PUSH,
            "publish": Feed.Publish.NOW,
            "noindex": True,
            "hard_expiry": True,
            "feed_mode": mode,
            "section": section,
        },
    )
    write(verb="drill", thing=f"feed:{SLUG}", detail={"guid": guid})
    return feed
