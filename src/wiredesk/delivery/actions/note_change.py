"""Write down that something the public can see has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wiredesk.delivery.models import LastChange


def note_change(*, at: datetime, story_ids: Iterable[int] = ()) -> None:
    """Set the time of the last change, in the transaction that makes it; one query."""
    blocks = sorted({story // LastChange.BLOCK for story in story_ids})
    keys = [LastChange.ONLY, *map(LastChange.key_of_block, blocks)]
    LastChange.objects.bulk_create(
        [LastChange(pk=key, at=at) for key in keys],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["at"],
    )
