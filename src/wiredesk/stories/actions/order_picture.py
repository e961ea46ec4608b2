"""The desk takes a picture out of every story, or lets it show again."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wiredesk.logbook.actions.keep_in_journal import keep_in_journal
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.journaled import note_of_picture
from wiredesk.stories.models import Picture, PictureOrder

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

PERMISSION = "stories.publish_story"


@transaction.atomic
def order_picture(
    *,
    picture: Picture,
    verb: PictureOrder.Verb | str,
    by: AbstractBaseUser | AnonymousUser | None,
    note: str = "",
    at: datetime | None = None,
) -> PictureOrder:
    """Write the desk's order and bring the picture to what follows from it.

    The stories that have it stay. The same order twice in a row is one. Letting it show
    again never beats a kill by the agency, an end of its use or of a contract. Raises
    ``PermissionDenied``.
    """
    verb = PictureOrder.Verb(verb)
    if by is not None and not may_order(by):
        raise PermissionDenied(PERMISSION)
    picture = Picture.objects.select_for_update().get(pk=picture.pk)
    if not picture.sha256:
        _note_digest(picture)
    same = PictureOrder.objects.filter(sha256=picture.sha256, source=picture.source)
    last = same.order_by("at", "id").last()
    if last is None or last.verb != verb:
        last = PictureOrder.objects.create(
            source=picture.source,
            sha256=picture.sha256,
            verb=verb,
            by_id=by.pk if by is not None else None,
            at=at or timezone.now(),
            note=note,
        )
        write(
            verb=f"picture-{verb}",
            thing=f"picture:{picture.pk}",
            detail={"order": last.pk, "sha256": last.sha256},
            person=by if isinstance(by, AbstractBaseUser) else None,
            at=last.at,
        )
        _journal(last)
    settle_pictures(picture_ids=[picture.pk])
    return last


def may_order(account: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether the account may order pictures withdrawn, or shown again."""
    return bool(getattr(account, "has_perm", lambda _name: False)(PERMISSION))


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
