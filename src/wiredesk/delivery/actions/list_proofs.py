"""Write down which surfaces of what was withdrawn are to be proved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from wiredesk.delivery.models import Proof, Withdrawal
from wiredesk.delivery.picture_surfaces import surfaces_with
from wiredesk.delivery.proof.asking import ways
from wiredesk.delivery.surfaces import Expects, give_places, surfaces
from wiredesk.lib.rows import insert_rows

MOST_URLS = 400  # addresses a row; more of one surface are further rows


@transaction.atomic
def list_proofs(
    *, withdrawal: Withdrawal, at: datetime, lists_at: datetime | None = None
) -> None:
    """Write the proofs that are to be had for a withdrawal; safe to repeat.

    Every registered surface for what was withdrawn, held or embargoed. For what only
    expired, the addresses of its own: lists leave it out by the clock, and a cache keeps
    no list beyond that second. Lists, which others are withdrawn from as well, are to be
    asked from ``lists_at`` on, everything else at once.
    """
    lists_at = lists_at or at
    rows_of = Withdrawal.objects.select_for_update(of=("self",))
    locked = rows_of.select_related("story", "picture").get(pk=withdrawal.pk)
    if locked.listed_at is not None:
        return
    rows = [
        row
        for name, urls, expects in _asked(locked, at)
        for row in _rows(
            locked, name, urls, lists_at if expects is Expects.UNLISTED else at
        )
    ]
    insert_rows(rows, ignore_conflicts=True, want_ids=False)
    Withdrawal.objects.filter(pk=locked.pk).update(listed_at=at)


def _asked(
    withdrawal: Withdrawal, at: datetime
) -> Iterator[tuple[str, list[str], Expects]]:
    """Give the surfaces to be asked, each with its addresses and what they answer then."""
    only_own = withdrawal.kind == Withdrawal.Kind.EXPIRED
    if withdrawal.picture is not None:
        for asked in surfaces_with(withdrawal.picture, at):
            if not only_own or asked.expects is Expects.GONE:
                yield asked.name, asked.urls, asked.expects
    if withdrawal.story is not None:
        give_places([withdrawal.story])
        for surface in surfaces():
            if not only_own or surface.expects is Expects.GONE:
                yield surface.name, surface.urls_of(withdrawal.story), surface.expects


def _rows(
    withdrawal: Withdrawal, name: str, addresses: list[str], at: datetime
) -> Iterator[Proof]:
    urls = list(dict.fromkeys(addresses))
    for via in ways() if urls else [Proof.Via.ORIGIN.value]:
        for start in range(0, max(len(urls), 1), MOST_URLS):
            more = f" {start // MOST_URLS + 1}" if start else ""
            yield Proof(
                withdrawal=withdrawal,
                surface=f"{name}{more}",
                via=via,
                urls=urls[start : start + MOST_URLS],
                due_at=at,
            )
