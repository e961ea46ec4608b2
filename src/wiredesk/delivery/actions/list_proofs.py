"""Write down which surfaces of a withdrawn story are to be proved."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wiredesk.delivery.models import Proof, Withdrawal
from wiredesk.delivery.proof.asking import ways
from wiredesk.delivery.surfaces import Expects, surfaces

MOST_URLS = 400  # addresses a row; more of one surface are further rows


@transaction.atomic
def list_proofs(*, withdrawal: Withdrawal, at: datetime) -> list[Proof]:
    """Give the proofs that are to be had for a withdrawal, written now; safe to repeat.

    Every registered surface for what was withdrawn, held or embargoed. For what only
    expired, the addresses of its own: lists leave it out by the clock, and a cache keeps
    no list beyond that second.
    """
    locked = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
    if locked.listed_at is not None:
        return list(locked.proofs.all())
    rows = []
    for surface in surfaces():
        if (
            locked.kind == Withdrawal.Kind.EXPIRED
            and surface.expects is not Expects.GONE
        ):
            continue
        urls = list(dict.fromkeys(surface.urls_of(locked.story)))
        for via in ways() if urls else [Proof.Via.ORIGIN.value]:
            for start in range(0, max(len(urls), 1), MOST_URLS):
                more = f" {start // MOST_URLS + 1}" if start else ""
                rows.append(
                    Proof(
                        withdrawal=locked,
                        surface=f"{surface.name}{more}",
                        via=via,
                        urls=urls[start : start + MOST_URLS],
                        due_at=at,
                    )
                )
    Proof.objects.bulk_create(rows, ignore_conflicts=True)
    Withdrawal.objects.filter(pk=locked.pk).update(listed_at=at)
    return list(locked.proofs.all())
