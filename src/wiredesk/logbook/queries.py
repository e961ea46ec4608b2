"""What the logbook can say: whether it is whole, and what is wrong now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wiredesk.logbook.digest import seal_digest, was_altered
from wiredesk.logbook.models import Alarm, Entry, Seal

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(slots=True)
class Verdict:
    """What ``verify`` found. ``faults`` are sentences; none means the chain holds.

    ``entries`` and ``seals`` were looked at; ``unsealed`` entries are too new to be
    linked, so only their own digests speak for them.
    """

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether nothing was altered or is missing."""
        return not self.faults


def verify() -> Verdict:
    """Read the whole logbook and find every altered or missing entry and seal.

    What the chain can't show by itself is that its newest seals were cut off together
    with their entries: compare ``seals`` with what an earlier check printed.
    """
    verdict = Verdict()
    previous, end = "", 0
    for seal in Seal.objects.order_by("last").iterator():
        verdict.seals += 1
        if seal.previous != previous:
            verdict.faults.append(
                f"Seal {seal.pk} doesn't follow from the seal before it: a seal is "
                "missing or was altered."
            )
        _look_between(verdict, end, seal.first)
        _look_under(verdict, seal)
        previous, end = seal.digest, seal.last
    for entry in Entry.objects.filter(pk__gt=end).order_by("pk").iterator():
        verdict.unsealed += 1
        _look_at(verdict, entry)
    return verdict


def _look_between(verdict: Verdict, end: int, first: int) -> None:
    strays = Entry.objects.filter(pk__gt=end, pk__lt=first).values_list("pk", flat=True)
    verdict.faults.extend(
        f"Entry {pk} stands between two seals: it was put in later." for pk in strays
    )


def _look_under(verdict: Verdict, seal: Seal) -> None:
    digests = []
    entries = Entry.objects.filter(pk__gte=seal.first, pk__lte=seal.last)
    for entry in entries.order_by("pk").iterator():
        digests.append(entry.digest)
        _look_at(verdict, entry)
    if seal_digest(seal.previous, digests) != seal.digest:
        verdict.faults.append(
            f"Seal {seal.pk} doesn't fit the entries {seal.first} to {seal.last}: one "
            "was altered, put in or taken out."
        )


def _look_at(verdict: Verdict, entry: Entry) -> None:
    verdict.entries += 1
    if was_altered(entry):
        verdict.faults.append(f"Entry {entry.pk} was altered.")


def open_alarms() -> QuerySet[Alarm]:
    """Give what is wrong now, newest first."""
    return Alarm.objects.filter(cleared_at__isnull=True).order_by("-raised_at")
