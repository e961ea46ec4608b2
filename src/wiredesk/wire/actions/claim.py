"""Claim waiting deliveries, so that each is taken by one worker at a time."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from wiredesk.lib.prepared import PreparedObjects, PreparedQuery, PreparedUpdate
from wiredesk.lib.text import printable, shorten
from wiredesk.wire.actions.receive import KILL_FIRST
from wiredesk.wire.models import Delivery
from wiredesk.wire.pace import turn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

# A worker that hasn't said anything of its claim for so long is taken for dead.
CLAIM_LASTS = timedelta(seconds=30)
TRY_AGAIN_AFTER = timedelta(seconds=1)
ATTEMPTS = 3
# The process may well have died of something else, so that weighs less.
DEATHS = 6


_WAITING = Delivery.State.WAITING


def _free(now: datetime) -> QuerySet[Delivery]:
    """Give what waits and nobody has, or nobody that still lives."""
    # From the future: the clock was set back since, and nobody can say by how much.
    from_the_future = Q(claimed_at__gt=now + CLAIM_LASTS)
    abandoned = Q(claimed_at__lt=now - CLAIM_LASTS) | from_the_future
    return Delivery.objects.filter(Q(claimed_by="") | abandoned, state=_WAITING)


# The worker asks all day long, so what it asks is built once.
_LASTS = (CLAIM_LASTS, -CLAIM_LASTS)
_next = PreparedQuery(
    lambda now: (
        _free(now).order_by("priority", "pk").values_list("pk", "attempts", "reason")
    ),
    lists=0,
    has_moment=True,
    shifts=_LASTS,
)
_kill = PreparedQuery(
    lambda now: _free(now).filter(priority=KILL_FIRST).values_list("pk")[:1],
    lists=0,
    has_moment=True,
    shifts=_LASTS,
)
_claim = PreparedUpdate(
    lambda ids, now: _free(now).filter(pk__in=ids),
    {"claimed_by": ..., "claimed_at": ..., "attempts": F("attempts") + 1},
    has_moment=True,
    shifts=_LASTS,
)
_claimed = PreparedObjects(
    lambda ids, tokens: Delivery.objects.filter(
        pk__in=ids, claimed_by__in=tokens
    ).order_by("priority", "pk"),
    lists=2,
)
_renew = PreparedUpdate(
    lambda ids, tokens: Delivery.objects.filter(
        pk__in=ids, claimed_by__in=tokens, state=_WAITING
    ),
    {"claimed_at": ...},
    lists=2,
)


def has_had_its_chances(delivery: Delivery) -> bool:
    """Tell whether a claimed delivery failed, or its process died, too often before."""
    most = ATTEMPTS if delivery.reason else DEATHS
    return delivery.attempts > most


def claim_next(*, limit: int, worker: str) -> tuple[str, list[Delivery]]:
    """Claim up to ``limit`` waiting deliveries, kills first, then as they came.

    Gives the claim's token and the deliveries in that order. Each claim counts as an
    attempt before anything is done, so that even a crash is counted. One whose attempt
    ended without a word is claimed alone: else a crash would count against all beside it.
    """
    rows = _next(at=timezone.now(), most=limit)
    rest = takewhile(lambda row: not row[1] or row[2], rows)
    return claim_these(
        ids=[pk for pk, *_ in rest] or [rows[0][0]] if rows else [], worker=worker
    )


def kill_waits() -> bool:
    """Tell whether something that may darken a story waits and nobody has claimed it."""
    return bool(_kill(at=timezone.now()))


def claim_these(*, ids: Iterable[int], worker: str) -> tuple[str, list[Delivery]]:
    """Claim those of the given deliveries that wait and that nobody else has."""
    wanted = list(ids)
    token = f"{worker[:27]}:{uuid4().hex}"
    if not wanted:
        return token, []
    with turn():
        now = timezone.now()
        claimed = _claim(token, now, lists=(wanted,), at=now)
    if not claimed:
        return token, []
    return token, _claimed(wanted, [token])


def still_mine(*, ids: Iterable[int], token: str) -> set[int]:
    """Renew the claim on these; gives those that are still this claim's.

    Call inside the transaction that goes on to write: it locks the rows.
    """
    wanted = set(ids)
    if _renew(timezone.now(), lists=(wanted, [token])) == len(wanted):
        return wanted
    mine = Delivery.objects.filter(pk__in=wanted, claimed_by=token, state=_WAITING)
    return set(mine.values_list("pk", flat=True))


def this_process() -> str:
    """Give the name under which this process claims: its machine and its id."""
    return f"{socket.gethostname()[:12]}:{os.getpid()}"


def free_abandoned(*, worker: str) -> int:
    """Free what this machine's dead processes had claimed; gives how many deliveries.

    Also what ``worker`` itself has, who must hold nothing now: what it couldn't give
    back because the database failed. That counts as no attempt; a death does. Freeing
    too much would do no harm: who goes on with it finds the claim gone.
    """
    held = Delivery.objects.filter(state=_WAITING).exclude(claimed_by="")
    tokens = set(held.values_list("claimed_by", flat=True).distinct())
    own = {token for token in tokens if token.rpartition(":")[0] == worker}
    dead = {token for token in tokens - own if _is_dead(token)}
    freed = 0
    if own:
        freed += held.filter(claimed_by__in=own, attempts__gt=0).update(
            claimed_by="", claimed_at=None, attempts=F("attempts") - 1
        )
    if dead:
        freed += held.filter(claimed_by__in=dead).update(claimed_by="", claimed_at=None)
    return freed


def _is_dead(token: str) -> bool:
    machine, _, rest = token.partition(":")
    process = rest.partition(":")[0]
    if machine != socket.gethostname()[:12] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@transaction.atomic
def release(*, ids: Iterable[int], token: str) -> None:
    """Give back deliveries that nothing was done with: no attempt is counted."""
    Delivery.objects.filter(
        pk__in=list(ids), claimed_by=token, state=_WAITING, attempts__gt=0
    ).update(claimed_by="", claimed_at=None, attempts=F("attempts") - 1)


@transaction.atomic
def note_failure(*, ids: Iterable[int], token: str, failure: str) -> None:
    """Give back deliveries on which the work failed: the attempt counts.

    Several that failed together are free at once and are tried one by one; one that
    failed alone is free after a moment, so that it can't keep others waiting.
    """
    failed = list(ids)
    mine = Delivery.objects.filter(pk__in=failed, claimed_by=token, state=_WAITING)
    reason = shorten(printable(failure), 1000)
    if len(failed) > 1:
        mine.update(claimed_by="", claimed_at=None, reason=reason)
    else:
        stale = timezone.now() - CLAIM_LASTS + TRY_AGAIN_AFTER
        mine.update(claimed_at=stale, reason=reason)
