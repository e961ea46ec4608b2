"""Write down that something the public can see has changed."""

from __future__ import annotations

from datetime import datetime

from wiredesk.delivery.models import LastChange


def note_change(*, at: datetime) -> None:
    """Set the time of the last change, in the transaction that makes it; one query."""
    LastChange.objects.bulk_create(
        [LastChange(pk=LastChange.ONLY, at=at)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["at"],
    )
