"""The logbook's part of a certificate: entries, the seals over them, and that they hold.

Only what the certificate rests on is read: each entry, the seals that cover them, and
that every later seal follows from the one before. ``wiredesk logbook verify`` reads all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from wiredesk.logbook.digest import seal_digest, was_altered
from wiredesk.logbook.models import Entry, Seal

_ENDS = ("expired", "picture-ended")


@dataclass(slots=True)
class Chain:
    """Entries of a story since it went dark, oldest first, and the seals over them.

    ``applied`` is the entry that took it down; ``faults`` are sentences, none where
    everything holds; ``unsealed`` entries are too new to be linked.
    """

    entries: list[Entry] = field(default_factory=list)
    seals: dict[int, Seal] = field(default_factory=dict)  # by entry
    applied: Entry | None = None
    unsealed: int = 0
    newest: str = ""  # digest of the newest seal: what a later check is compared with
    faults: list[str] = field(default_factory=list)

    @property
    def follows_from(self) -> list[int]:
        """Give the messages that the standing followed from."""
        told: list[int] = (
            self.applied.detail.get("follows_from", []) if self.applied else []
        )
        return told

    def as_json(self) -> dict[str, Any]:
        """Give entries with their digests and seals."""
        return {
            "holds": not self.faults,
            "faults": self.faults,
            "unsealed": self.unsealed,
            "newest_seal": self.newest,
            "entries": [self._entry(entry) for entry in self.entries],
        }

    def _entry(self, entry: Entry) -> dict[str, Any]:
        seal = self.seals.get(entry.pk)
        return {
            "entry": entry.pk,
            "at": entry.at.isoformat(),
            "verb": entry.verb,
            "detail": entry.detail,
            "digest": entry.digest,
            "applied": self.applied is not None and entry.pk == self.applied.pk,
            "seal": seal
            and {
                "seal": seal.pk,
                "at": seal.at.isoformat(),
                "first": seal.first,
                "last": seal.last,
                "previous": seal.previous,
                "digest": seal.digest,
            },
        }


def read_chain(
    *,
    thing: str,
    since: datetime,
    state: str,
    verbs: Sequence[str] = ("standing", "expired"),
) -> Chain:
    """Give the thing's entries from the one that brought it to ``state`` on, checked.

    ``verbs`` are those of entries that may have done so.
    ``since`` is when it went dark: the entry was written in that transaction, a moment
    before.
    """
    own = Entry.objects.filter(thing=thing).order_by("pk")
    before = own.filter(at__lte=since, verb__in=verbs)
    applied = _last_to(before, state)
    first = (
        own.filter(at__gte=since) if applied is None else own.filter(pk__gte=applied.pk)
    )
    chain = Chain(list(first), applied=applied)
    _check(chain)
    return chain


def _last_to(entries: QuerySet[Entry], state: str) -> Entry | None:
    for entry in entries.reverse():
        if entry.verb in _ENDS or entry.detail.get("state") == state:
            return entry
    return None


def _check(chain: Chain) -> None:
    for entry in chain.entries:
        if was_altered(entry):
            chain.faults.append(f"Entry {entry.pk} of the logbook was altered.")
    if not chain.entries:
        return
    first, last = chain.entries[0].pk, chain.entries[-1].pk
    seals = list(Seal.objects.filter(last__gte=first).order_by("last"))
    _check_links(chain, seals)
    for seal in seals:
        under = [e for e in chain.entries if seal.first <= e.pk <= seal.last]
        if under:
            chain.seals |= {entry.pk: seal for entry in under}
            _check_seal(chain, seal)
        if seal.first > last:
            break
    chain.unsealed = len(chain.entries) - len(chain.seals)
    chain.newest = seals[-1].digest if seals else ""


def _check_links(chain: Chain, seals: list[Seal]) -> None:
    for before, after in pairwise(seals):
        if after.previous != before.digest:
            chain.faults.append(
                f"Seal {after.pk} of the logbook doesn't follow from the one before."
            )


def _check_seal(chain: Chain, seal: Seal) -> None:
    under = Entry.objects.filter(pk__gte=seal.first, pk__lte=seal.last).order_by("pk")
    digests = list(under.values_list("digest", flat=True))
    if seal_digest(seal.previous, digests) != seal.digest:
        chain.faults.append(
            f"Seal {seal.pk} of the logbook doesn't fit the entries "
            f"{seal.first} to {seal.last}."
        )
