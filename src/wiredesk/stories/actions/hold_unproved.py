"""Hold every wire story after a restore that no journal follows, and lift that again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from wiredesk.logbook.actions.keep_in_journal import keep_in_journal
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.journaled import note_of
from wiredesk.stories.models import Order, Story, StoryStanding

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from wiredesk.wire.models import Feed

logger = logging.getLogger(__name__)

# How such an order is known again; never translated.
NOTE = "Restored from a backup without a newer journal: it may have been killed since."
MOST = 200  # stories in one transaction


@transaction.atomic
def hold_unproved(*, after: int = 0, most: int = MOST) -> tuple[int, int]:
    """Hold the next live wire stories; gives how many, and the last one's id.

    Call again with ``after`` that id until none is left. The order is the system's,
    names the message whose words it holds, and is lifted as any hold is.
    """
    now = timezone.now()
    stories = list(
        Story.objects.filter(
            pk__gt=after,
            standing__state=StoryStanding.State.LIVE,
            standing__expired_at=None,
        )
        .exclude(source="")
        .only("pk", "wire_message_id")
        .order_by("pk")[:most]
    )
    if not stories:
        return 0, after
    orders = Order.objects.bulk_create(
        [
            Order(
                story=story,
                verb=Order.Verb.HOLD,
                message_id=story.wire_message_id,
                at=now,
                note=NOTE,
            )
            for story in stories
        ]
    )
    write_many(
        acts=[
            Act("order-hold", f"story:{order.story_id}", {"order": order.pk})
            for order in orders
        ],
        at=now,
    )
    keep_in_journal(notes=[note_of(order) for order in orders])
    settle_stories([story.pk for story in stories], now=now)
    return len(stories), stories[-1].pk


def lift_hold(
    *, feed: Feed, by: AbstractBaseUser, after: int = 0, most: int = MOST
) -> tuple[int, int, bool]:
    """Publish the next of the feed's stories that only such a hold keeps dark.

    Gives how many, the last one's id, and whether there may be more: then call again
    with ``after`` that id. Each is an order of its own, signed by ``by``. A story whose
    words an editor must choose first stays held. Raises ``PermissionDenied``.
    """
    found = held_unproved().filter(pk__gt=after, wire_message__feed=feed)
    stories = list(found.select_related("wire_message").order_by("pk")[:most])
    lifted = 0
    for story in stories:
        try:
            give_order(
                story=story, verb=Order.Verb.PUBLISH, by=by, message=story.wire_message
            )
        except ValidationError as error:
            logger.info("Story %s stays held: %s", story.pk, error)
        else:
            lifted += 1
    return lifted, stories[-1].pk if stories else after, len(stories) == most


def held_unproved() -> QuerySet[Story]:
    """Give the stories whose last order of the desk is such a hold."""
    last = Order.objects.filter(story=OuterRef("pk")).order_by("-at", "-pk")
    return Story.objects.annotate(
        last_note=Subquery(last.values("note")[:1]),
        last_verb=Subquery(last.values("verb")[:1]),
    ).filter(last_note=NOTE, last_verb=Order.Verb.HOLD)
