"""Write down how telling a cache went."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wiredesk.delivery.models import Purge
from wiredesk.logbook.actions.write import Act, write_many

FIRST_PAUSE = 0.5  # seconds; doubled with each failure
LONGEST_PAUSE = 15.0
# An outage of days must not fill the row: the first attempts and the newest tell it.
_KEPT_FIRST, _KEPT_LAST = 5, 45


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to a target: when, what came back, how long it took in seconds."""

    at: datetime
    seconds: float
    status: int | None = None  # empty where nothing came back
    failure: str = ""

    @property
    def heard(self) -> bool:
        """Tell whether the target said yes."""
        return self.status is not None and 200 <= self.status < 300

    def as_json(self) -> dict[str, Any]:
        """Give it as the certificate shows it."""
        told = {"at": self.at.isoformat(), "seconds": round(self.seconds, 4)}
        return told | {"status": self.status, "failure": self.failure}


def pause_after(attempts: int) -> float:
    """Give the seconds to wait after so many attempts, by chance shorter than longer.

    The chance keeps many rows and many sites from asking in step.
    """
    pause = min(FIRST_PAUSE * 2.0 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return pause * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret


@transaction.atomic
def record_purge(*, rows: Sequence[Purge], attempt: Attempt) -> None:
    """Note one attempt on these rows of one target: heard, or due again later.

    A target that fails is spared everything that may wait, so only new word of what
    went dark is tried at once.
    """
    if attempt.heard:
        _heard(rows, attempt)
    else:
        _failed(rows, attempt)


@transaction.atomic
def drop_purges(*, target: str, at: datetime) -> None:
    """Close what waits for a target that the settings no longer have, and say so."""
    attempt = Attempt(at, 0.0, failure="The settings no longer name this cache.")
    waiting = Purge.objects.filter(target=target, done_at__isnull=True)
    evidence = list(waiting.filter(first=True))
    for row in evidence:
        row.done_at = at
        _add(row, attempt)
    Purge.objects.bulk_update(evidence, ["done_at", "history"], batch_size=200)
    waiting.filter(first=False).delete()


def _heard(rows: Sequence[Purge], attempt: Attempt) -> None:
    evidence = [row for row in rows if row.first]
    for row in evidence:
        row.done_at = attempt.at
        row.attempts += 1
        _add(row, attempt)
    Purge.objects.bulk_update(evidence, ["done_at", "attempts", "history"])
    Purge.objects.filter(pk__in=[row.pk for row in rows if not row.first]).delete()
    if evidence:
        write_many(acts=_acts(evidence, attempt), at=attempt.at)


def _failed(rows: Sequence[Purge], attempt: Attempt) -> None:
    latest = attempt.at
    for row in rows:
        row.attempts += 1
        row.due_at = attempt.at + timedelta(seconds=pause_after(row.attempts))
        latest = max(latest, row.due_at)
        if row.first:
            _add(row, attempt)
    Purge.objects.bulk_update(rows, ["attempts", "due_at", "history"])
    Purge.objects.filter(
        target=rows[0].target, done_at__isnull=True, first=False, due_at__lt=latest
    ).update(due_at=latest)


def _add(row: Purge, attempt: Attempt) -> None:
    row.history.append(attempt.as_json())
    if len(row.history) > _KEPT_FIRST + _KEPT_LAST:
        del row.history[_KEPT_FIRST]


def _acts(rows: Iterable[Purge], attempt: Attempt) -> list[Act]:
    return [
        Act(
            "purged",
            row.withdrawal.thing,
            {
                "purge": row.pk,
                "target": row.target,
                "status": attempt.status,
                "attempts": row.attempts,
            },
        )
        for row in rows
        if row.withdrawal is not None
    ]
