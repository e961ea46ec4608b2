"""Follow pictures outside: note which went, and have caches drop them and their pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from wiredesk.delivery.actions.ask_purge import Asked, ask_purge
from wiredesk.delivery.actions.note_change import note_change
from wiredesk.delivery.models import BodyPicture, Proof, Withdrawal
from wiredesk.delivery.pictures import gate
from wiredesk.delivery.purge.keys import OVERFULL, picture_key
from wiredesk.delivery.store.changes import note_changes
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.models import Picture


@transaction.atomic
def follow_pictures(
    *, picture_ids: Sequence[int], announced: Sequence[int], at: datetime
) -> None:
    """Bring withdrawals of pictures to how they stand, and write the purges.

    ``announced`` are stories that were announced already. Call inside the transaction
    that changed the pictures. A picture's key is on every answer that names it, so one
    key drops the picture and the pages alike.
    """
    note_change(at=at)
    inside = BodyPicture.objects.filter(picture__in=picture_ids).order_by()
    stories = set(inside.values_list("story_id", flat=True)) - set(announced)
    if stories:
        announce(sorted(stories))
    begun = _note(Picture.objects.filter(pk__in=picture_ids), at)
    went = {withdrawal.picture_id for withdrawal in begun}
    purges = [
        Asked([picture_key(withdrawal.picture_id or 0), OVERFULL], withdrawal)
        for withdrawal in begun
    ]
    others = [picture_key(pk) for pk in picture_ids if pk not in went]
    if others:
        purges.append(Asked([*others, OVERFULL]))
    ask_purge(purges=purges, at=at)
    # Last: what goes dark mustn't be answered from the store longer than a commit takes.
    dark = [picture_key(withdrawal.picture_id or 0) for withdrawal in begun]
    note_changes(keys=[*map(picture_key, picture_ids), *dark])


def _note(pictures: Iterable[Picture], at: datetime) -> list[Withdrawal]:
    """Begin and end withdrawals; gives those that began."""
    begun = []
    for picture in pictures:
        kind = _kind(picture, at)
        known = Withdrawal.objects.filter(picture=picture, ended_at__isnull=True)
        open_kind = known.values_list("kind", flat=True).first()
        if open_kind == kind:
            continue
        if open_kind is not None:
            Proof.objects.filter(withdrawal__in=known).update(due_at=None)
            known.update(ended_at=at)
        if kind is not None:
            begun.append(Withdrawal(picture=picture, kind=kind, at=at))
    return Withdrawal.objects.bulk_create(begun) if begun else []


def _kind(picture: Picture, at: datetime) -> str | None:
    """Give how the picture went; ``None`` where readers see it, or never did."""
    if picture.is_shown(at):
        return None
    verdict = gate.ask(picture.pk, at)
    if verdict.picture is not None or not verdict.was_public:
        return None
    if picture.withdrawn_at is not None:
        return Withdrawal.Kind.WITHDRAWN.value
    return Withdrawal.Kind.EXPIRED.value
