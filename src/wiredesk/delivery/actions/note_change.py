"""Write down that something the public can see has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wiredesk.delivery.models import LastChange
from wiredesk.lib.rows import insert_rows, new_row


def note_change(*, at: datetime, story_ids: Iterable[int] = ()) -> None:
    """Set the time of the last change, in the transaction that makes it; one query."""
    blocks = sorted({story // LastChange.BLOCK for story in story_ids})
    keys = [LastChange.ONLY, *map(LastChange.key_of_block, blocks)]
    insert_rows(
        [new_row(LastChange, id=key, at=at) for key in keys], update_columns=["at"]
    )
