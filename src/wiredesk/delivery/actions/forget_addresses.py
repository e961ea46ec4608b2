"""Take the words out of addresses of stories that were asked for proof, or told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from wiredesk.delivery.actions.record_proof import plain_without_words
from wiredesk.delivery.models import Proof, Purge
from wiredesk.delivery.purge.keys import STORY_PATH
from wiredesk.stories.models import Story


def forget_addresses(*, story_ids: Sequence[int]) -> None:
    """Leave of the stories' addresses day and number; call in a transaction.

    What was proved still verifies: its digest never had the words, see ``digest_of``.
    """
    for proof in Proof.objects.filter(withdrawal__story__in=story_ids):
        _forget(proof)
    for purge in Purge.objects.filter(withdrawal__story__in=story_ids):
        keys = plain_without_words(purge.keys)
        if keys != purge.keys:
            Purge.objects.filter(pk=purge.pk).update(keys=keys)


@transaction.atomic
def forget_addresses_beside_pictures() -> None:
    """Do the same in the proofs of pictures, which name the pages they stood on."""
    erased = Story.objects.filter(slug="", path__isnull=False)
    numbers = set(erased.values_list("pk", flat=True))
    if not numbers:
        return
    for proof in Proof.objects.filter(withdrawal__picture__isnull=False).iterator():
        named = STORY_PATH.findall(" ".join(proof.urls).encode())
        if not numbers.isdisjoint(map(int, named)):
            _forget(proof)


def _forget(proof: Proof) -> None:
    Proof.objects.filter(pk=proof.pk).update(
        urls=plain_without_words(proof.urls),
        answers=plain_without_words(proof.answers),
        lack=plain_without_words(proof.lack),
    )
