"""Write into the outbox what outside caches must drop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wiredesk.delivery.models import Purge, Withdrawal
from wiredesk.delivery.purge.targets import INDEXNOW, targets

# An answer under way when a story went dark may reach a cache after the purge did; so
# what went dark is purged once more when no answer can be that slow.
ONCE_MORE = timedelta(seconds=10)
MOST_KEYS = 500  # keys a row
TOGETHER = timedelta(minutes=1)  # what search engines may hear together


@dataclass(frozen=True, slots=True)
class Asked:
    """Keys to drop. ``withdrawal`` is the reason where something must not be seen."""

    keys: Sequence[str]
    withdrawal: Withdrawal | None = None


def ask_purge(
    *, purges: Iterable[Asked], at: datetime, again: bool = True, only: str = ""
) -> None:
    """Write the purges for every cache there is, in the caller's transaction.

    What has a ``withdrawal`` goes before everything else and, where ``again``, once
    more ``ONCE_MORE`` later. ``only`` names one target instead of all.
    """
    names = [only] if only else list(targets())
    rows = []
    for asked in purges:
        dues = [at]
        if asked.withdrawal is not None and again:
            dues.append(at + ONCE_MORE)
        rows += [
            Purge(
                target=name,
                keys=list(asked.keys[start : start + MOST_KEYS]),
                first=asked.withdrawal is not None,
                withdrawal=asked.withdrawal,
                written_at=at,
                due_at=due,
            )
            for name in names
            for due in dues
            for start in range(0, len(asked.keys), MOST_KEYS)
        ]
    if rows:
        Purge.objects.bulk_create(rows)


def tell_of_news(*, addresses: dict[int, list[str]], at: datetime) -> None:
    """Write down to tell IndexNow which addresses are new or changed.

    They wait for the end of the minute, so that a busy wire, or a story that is written
    over three times, makes one request.
    """
    told = list(dict.fromkeys(one for many in addresses.values() for one in many))
    if not told:
        return
    due = at.replace(second=0, microsecond=0) + TOGETHER
    Purge.objects.bulk_create(
        [
            Purge(
                target=INDEXNOW,
                keys=told[start : start + MOST_KEYS],
                written_at=at,
                due_at=due,
            )
            for start in range(0, len(told), MOST_KEYS)
        ]
    )


def tell_of_withdrawals(
    *, addresses: dict[int, list[str]], withdrawals: Iterable[Withdrawal], at: datetime
) -> None:
    """Write down to tell IndexNow which addresses went; a row for each withdrawal.

    ``addresses`` are by story; a story without any is left out.
    """
    Purge.objects.bulk_create(
        [
            Purge(
                target=INDEXNOW,
                keys=addresses[withdrawal.story_id],
                first=True,
                withdrawal=withdrawal,
                written_at=at,
                due_at=at,
            )
            for withdrawal in withdrawals
            if withdrawal.story_id and addresses.get(withdrawal.story_id)
        ]
    )
