"""The desk gives an order about a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.gather_cases import gather_for_stories
from wiredesk.stories.actions.keep_journal import journal_order
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.models import Order, Reference, Story

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from wiredesk.wire.models import Message

PERMISSIONS = {
    Order.Verb.PUBLISH: "stories.publish_story",
    Order.Verb.HOLD: "stories.publish_story",
    Order.Verb.WITHDRAW: "stories.publish_story",
    Order.Verb.RELEASE: "stories.release_story",
    Order.Verb.ASK: "stories.release_story",
}


@transaction.atomic
def give_order(
    *,
    story: Story,
    verb: Order.Verb | str,
    by: AbstractBaseUser | AnonymousUser | None,
    message: Message | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Order:
    """Write the desk's order on ``story`` and bring the story to what follows from it.

    ``message`` is the one that the order answers; a release must name a kill. ``by`` is
    who gave it, ``None`` for a schedule that somebody set earlier. The same order given
    twice in a row is one. Gives the order; what it led to is the story's standing: an
    order never beats a kill it doesn't release, a withheld item, an embargo or an expiry.
    Where a release takes two people (``WIREDESK_RELEASE_TAKES_TWO``), the first one's
    becomes an order that only asks, whoever calls; another's for the same kill releases.
    Raises ``PermissionDenied``, or ``ValidationError`` for a message of another story,
    and for one that asks an editor to choose words first. ``at`` is this moment unless
    the caller did more at the same one: whatever follows has that time.
    """
    verb = Order.Verb(verb)
    if by is not None and not _may(by, PERMISSIONS[verb]):
        raise PermissionDenied(PERMISSIONS[verb])
    # The row's lock puts orders of one story in a row; SQLite has one writer anyway.
    story = Story.objects.select_for_update().get(pk=story.pk)
    _check(story, verb, message)
    at = at or timezone.now()
    if verb is Order.Verb.RELEASE:
        asked = story.orders.filter(verb=Order.Verb.ASK, message=message)
        if not is_confirmed(asked, by):
            verb = Order.Verb.ASK
    last = story.orders.order_by("at", "id").last()
    if last is None or (last.verb, last.message_id) != (verb, message and message.pk):
        last = Order.objects.create(
            story=story,
            verb=verb,
            message=message,
            by_id=by.pk if by is not None else None,
            at=at,
            note=note,
        )
        write(
            verb=f"order-{verb}",
            thing=f"story:{story.pk}",
            detail={"order": last.pk, "message": last.message_id},
            person=by if isinstance(by, AbstractBaseUser) else None,
            at=at,
        )
        journal_order(order=last)
    # Also after a repeat: words that an editor changed in between are settled, too.
    settle_stories([story.pk], now=at)
    return last


def _may(account: AbstractBaseUser | AnonymousUser, permission: str) -> bool:
    return bool(getattr(account, "has_perm", lambda _name: False)(permission))


def _check(story: Story, verb: Order.Verb, message: Message | None) -> None:
    identities = set(story.identities.values_list("source", "guid"))
    if message is None:
        if verb in (Order.Verb.RELEASE, Order.Verb.ASK):
            raise ValidationError(_("A release must name the kill that it answers."))
        return
    if verb is Order.Verb.PUBLISH:
        _check_words(story, message)
    own = (message.source, message.guid) in identities
    if verb in (Order.Verb.RELEASE, Order.Verb.ASK):
        kills = own and message.status == "canceled"
        verbs = (Reference.Verb.KILLS, Reference.Verb.DOUBTS)
        named = Reference.objects.filter(message=message, verb__in=verbs)
        if not kills and not identities.intersection(
            named.values_list("source", "guid")
        ):
            raise ValidationError(_("That message is not a kill of this story."))
    elif not own:
        raise ValidationError(_("That message is not one of this story's."))


def _check_words(story: Story, message: Message) -> None:
    """Refuse to publish over the desk's words where somebody must choose first."""
    (case,) = gather_for_stories([story.pk])
    if message.pk in case.asks:
        raise ValidationError(
            _(
                "The agency and the desk changed the same words in this version: "
                "choose first which stand."
            ),
            code="conflict",
        )


def is_confirmed(
    asked: QuerySet[Any], by: AbstractBaseUser | AnonymousUser | None
) -> bool:
    """Tell whether a release by ``by`` is confirmed, or needs no second person.

    ``asked`` are the orders that asked for it. An asker whose account is gone can't be
    told from the one who confirms, and counts for nothing; nor does a release that
    nobody signs.
    """
    if not settings.WIREDESK_RELEASE_TAKES_TWO:
        return True
    if by is None or by.pk is None:
        raise PermissionDenied(PERMISSIONS[Order.Verb.RELEASE])
    return asked.filter(by__isnull=False).exclude(by=by.pk).exists()
