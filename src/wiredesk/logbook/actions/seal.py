"""Link new entries into the chain."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.logbook.digest import seal_digest
from wiredesk.logbook.models import Entry, Seal

MOST = 5000  # entries a seal: so that one seal never holds the lock for long


def seal(*, most: int = MOST) -> Seal | None:
    """Seal the entries written since the last seal; ``None`` where there are none.

    Safe when two run: a seal names the one before it, and only one may name it, so
    the second gives ``None``. Entries of a transaction still open are never skipped.
    """
    if not _first_new():
        return None
    try:
        with transaction.atomic():
            return _seal(most)
    except IntegrityError:
        # Somebody else linked to the same seal a moment before: that is enough.
        return None


# Asked each second, also while nothing is going on.
_first_new = PreparedQuery(
    lambda: Entry.objects.filter(
        pk__gt=Coalesce(Subquery(Seal.objects.order_by("-last").values("last")[:1]), 0)
    ).values_list("pk")[:1],
    lists=0,
)


def _seal(most: int) -> Seal | None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Ids are given before a transaction commits. This waits for the writers
            # under way and holds the next back, so no smaller id can appear later.
            cursor.execute("LOCK TABLE logbook_entry IN SHARE MODE")
    before = Seal.objects.order_by("-last").first()
    entries = list(
        Entry.objects.filter(pk__gt=before.last if before else 0)
        .order_by("pk")
        .values_list("pk", "digest")[:most]
    )
    if not entries:
        return None
    previous = before.digest if before else ""
    return Seal.objects.create(
        at=timezone.now(),
        first=entries[0][0],
        last=entries[-1][0],
        previous=previous,
        digest=seal_digest(previous, (digest for _, digest in entries)),
    )
