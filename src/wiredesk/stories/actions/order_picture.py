"""The desk takes a picture out of every story, or lets it show again."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.keep_in_journal import keep_in_journal
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.give_order import PERMISSIONS, is_confirmed
from wiredesk.stories.actions.settle_pictures import identities_of, settle_pictures
from wiredesk.stories.journaled import note_of_picture
from wiredesk.stories.models import Order, Picture, PictureOrder
from wiredesk.stories.picture_words import kills_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from wiredesk.wire.models import Message

_RELEASING = frozenset({PictureOrder.Verb.RELEASE, PictureOrder.Verb.ASK})


@transaction.atomic
def order_picture(
    *,
    picture: Picture,
    verb: PictureOrder.Verb | str,
    by: AbstractBaseUser | AnonymousUser | None,
    message: Message | None = None,
    note: str = "",
    at: datetime | None = None,
) -> PictureOrder:
    """Write the desk's order and bring the picture to what follows from it.

    The stories that have it stay. The same order twice in a row is one. Letting it show
    again never beats a kill by the agency, an end of its use or of a contract. A release
    names in ``message`` the kill that it answers; like a story, the picture then shows
    once the agency said something newer that lets it: a version of its own, or a story
    that brings it. Where a release takes two people the first one's only asks. Raises
    ``PermissionDenied``, or ``ValidationError`` for a message that is no kill of it.
    """
    verb = PictureOrder.Verb(verb)
    if by is not None and not may_order(by, verb):
        raise PermissionDenied(PERMISSIONS[Order.Verb(verb)])
    picture = Picture.objects.select_for_update().get(pk=picture.pk)
    _check(picture, verb, message)
    if not picture.sha256:
        _note_digest(picture)
    same = PictureOrder.objects.filter(sha256=picture.sha256, source=picture.source)
    if verb is PictureOrder.Verb.RELEASE:
        asked = same.filter(verb=PictureOrder.Verb.ASK, message=message)
        if not is_confirmed(asked, by):
            verb = PictureOrder.Verb.ASK
    last = same.order_by("at", "id").last()
    named = message.pk if message is not None else None
    if last is None or (last.verb, last.message_id) != (verb, named):
        last = PictureOrder.objects.create(
            source=picture.source,
            sha256=picture.sha256,
            verb=verb,
            message=message,
            by_id=by.pk if by is not None else None,
            at=at or timezone.now(),
            note=note,
        )
        write(
            verb=f"picture-{verb}",
            thing=f"picture:{picture.pk}",
            detail={"order": last.pk, "sha256": last.sha256, "message": named},
            person=by if isinstance(by, AbstractBaseUser) else None,
            at=last.at,
        )
        _journal(last)
    settle_pictures(picture_ids=[picture.pk])
    return last


def may_order(
    account: AbstractBaseUser | AnonymousUser,
    verb: PictureOrder.Verb = PictureOrder.Verb.WITHDRAW,
) -> bool:
    """Tell whether the account may give this order: as for stories."""
    permission = PERMISSIONS[Order.Verb(verb)]
    return bool(getattr(account, "has_perm", lambda _name: False)(permission))


def _check(picture: Picture, verb: PictureOrder.Verb, message: Message | None) -> None:
    if (verb in _RELEASING) != (message is not None):
        raise ValidationError(_("A release must name the kill that it answers."))
    if message is not None:
        kills = kills_of(identities_of([picture])[picture.pk])
        if message.pk not in [kill.pk for kill in kills]:
            raise ValidationError(_("That message is not a kill of this picture."))


def _note_digest(picture: Picture) -> None:
    """Give a picture that an editor uploaded the name by which it is known again."""
    digest = hashlib.sha256()
    with picture.file.open("rb") as file:
        for chunk in file.chunks():
            digest.update(chunk)
    picture.sha256 = digest.hexdigest()
    picture.save(update_fields=["sha256"])


def _journal(order: PictureOrder) -> None:
    """Write it down before it is done where it darkens, else once it is done."""
    notes = [note_of_picture(order)]
    if order.verb == PictureOrder.Verb.WITHDRAW:
        keep_in_journal(notes=notes)
    else:
        transaction.on_commit(partial(keep_in_journal, notes=notes))
