"""A story of the station's own goes live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wiredesk.stories.actions.fill_summary import fill_summary
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.models import Order, Story

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def publish_station_story(
    *, story: Story, by: AbstractBaseUser | None, note: str = ""
) -> Order:
    """Order a story without a wire message published; gives the order.

    It gets its address, a place on the default site unless it has one, and a summary
    from its first paragraph unless somebody wrote one. Safe to
    repeat. Raises ``PermissionDenied``, and ``ValidationError`` for a wire's story: an
    order on one must name the message that it answers.
    """
    if story.identities.exists():
        raise ValidationError(
            _("This story came by wire; publish one of its messages.")
        )
    fill_summary(story=story)
    return give_order(story=story, verb=Order.Verb.PUBLISH, by=by, note=note)
