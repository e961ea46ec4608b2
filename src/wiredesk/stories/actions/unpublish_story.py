"""An editor takes a story down from Wagtail's own "unpublish"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction

from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.models import Order, Story, StoryStanding

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def unpublish_story(
    *,
    story: Story,
    user: AbstractBaseUser | None,
    set_expired: bool = False,
    log_action: bool | str = True,
) -> None:
    """Order ``story`` withdrawn and bring Wagtail's own marks in line.

    Raises ``PermissionDenied`` where ``user`` may not.
    """
    # Read again under the lock: whatever the wire wrote meanwhile must not be undone.
    story = Story.objects.select_for_update().get(pk=story.pk)
    has_draft = story.has_unpublished_changes
    UnpublishAction(
        story, set_expired=set_expired, user=user, log_action=log_action
    ).execute()
    if story.wire_message_id is not None and not has_draft:
        # Wagtail calls what it took down a draft; the wire's words are none, and a later
        # message must not stand behind them in the editor.
        Story.objects.filter(pk=story.pk).update(has_unpublished_changes=False)
    standing = StoryStanding.objects.filter(pk=story.pk).first()
    give_order(
        story=story,
        verb=Order.Verb.WITHDRAW,
        by=user,
        message=standing.shows if standing and standing.shows else story.wire_message,
    )
