"""Write down what asking a surface gave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from wiredesk.delivery.actions.ask_purge import Asked, ask_purge
from wiredesk.delivery.models import Proof, Purge, Withdrawal
from wiredesk.lib.prepared import PreparedObjects, PreparedQuery
from wiredesk.lib.rows import insert_rows
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.addresses import without_words

FIRST_PAUSE = 0.2  # seconds till a surface is asked again; doubled up to
LONGEST_PAUSE = 5.0
# A second look, once answers that were under way and the second purge have passed.
SECOND_LOOK = timedelta(seconds=15)
# A cache that shows a story although it heard the purge is told again, not more often.
TELL_AGAIN = timedelta(seconds=2)


_FOUND = (
    *("attempts", "due_at", "proved_at", "confirmed_at"),
    *("answers", "lack", "digest"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What asking the addresses of ``proof`` gave; ``lack`` is empty where all is gone."""

    proof: Proof
    answers: list[dict[str, Any]]
    lack: str
    at: datetime


@transaction.atomic
def record_proof(*, findings: Sequence[Finding], at: datetime) -> None:
    """Write the findings of one round; what is proved is chained into the logbook.

    A withdrawal whose last proof this was is gone, and after the second look confirmed.
    What a cache still shows although it heard the purge is purged again.
    """
    acts = [act for finding in findings if (act := _apply(finding))]
    # Not Django's update of many, whose statement holds each value beside a condition.
    insert_rows([finding.proof for finding in findings], update_columns=_FOUND)
    acts += _close({finding.proof.withdrawal_id for finding in findings}, at)
    if acts:
        write_many(acts=acts, at=at)
    _tell_again(findings, at)


def digest_of(proof: Proof) -> str:
    """Give the digest of what is proved: the surface, its addresses and the answers.

    A story's slug counts for nothing: a contract may demand that its words go, and what
    was proved of the story of that number must still verify.
    """
    told = {
        "withdrawal": proof.withdrawal_id,
        "surface": proof.surface,
        "via": proof.via,
        "urls": proof.urls,
        "proved_at": proof.proved_at and proof.proved_at.isoformat(),
        "answers": proof.answers,
    }
    spoken = json.dumps(
        plain_without_words(told), sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(spoken.encode()).hexdigest()


def plain_without_words(plain: Any) -> Any:
    """Give plain JSON with the addresses of stories in it by their numbers alone."""
    return json.loads(without_words(json.dumps(plain)))


def _apply(finding: Finding) -> Act | None:
    proof = finding.proof
    proof.attempts += 1
    proof.lack = finding.lack
    if finding.lack:
        verb = "shown-again" if proof.proved_at else ""
        proof.proved_at, proof.digest, proof.answers = None, "", finding.answers
        doubled = FIRST_PAUSE * 2.0 ** min(proof.attempts - 1, 10)
        pause = min(doubled, LONGEST_PAUSE)
        proof.due_at = finding.at + timedelta(seconds=pause)
        return _act(verb, proof) if verb else None
    if proof.proved_at is not None:
        proof.confirmed_at, proof.due_at = finding.at, None
        return None
    proof.proved_at, proof.answers = finding.at, finding.answers
    proof.digest = digest_of(proof)
    proof.due_at = finding.at + SECOND_LOOK
    if proof.via == Proof.Via.ORIGIN:
        # The origin answers from the database: it can't keep an old answer.
        proof.confirmed_at, proof.due_at = finding.at, None
    return _act("proved-gone", proof)


def _act(verb: str, proof: Proof) -> Act:
    detail = {
        "withdrawal": proof.withdrawal_id,
        "surface": proof.surface,
        "via": str(proof.via),
        "proof": proof.digest,
    }
    return Act(verb, proof.withdrawal.thing, detail)


# How each withdrawal stands: surfaces unproved, unconfirmed, and the last one's proof.
_tally = PreparedQuery(
    lambda withdrawals: (
        Proof.objects.filter(withdrawal__in=withdrawals)
        .order_by()
        .values_list("withdrawal_id")
        .annotate(
            unproved=Count("pk", filter=Q(proved_at__isnull=True)),
            unconfirmed=Count("pk", filter=Q(confirmed_at__isnull=True)),
            last=Max("proved_at"),
        )
    )
)
_withdrawals = PreparedObjects(
    lambda withdrawals: Withdrawal.objects.filter(pk__in=withdrawals).order_by("pk")
)


def _close(withdrawal_ids: set[int], at: datetime) -> Iterator[Act]:
    """Note what is proved everywhere, or no longer; gives what the logbook hears."""
    tallies = {key: figures for key, *figures in _tally(withdrawal_ids)}
    for withdrawal in _withdrawals(withdrawal_ids):
        before = withdrawal.gone_at, withdrawal.confirmed_at
        unproved, unconfirmed, last = tallies.get(withdrawal.pk, (0, 0, None))
        if unproved:
            withdrawal.gone_at = withdrawal.confirmed_at = None
        elif withdrawal.gone_at is None:
            withdrawal.gone_at = last or at
            detail = {"withdrawal": withdrawal.pk}
            yield Act("gone-everywhere", withdrawal.thing, detail)
        if not unproved and not unconfirmed:
            withdrawal.confirmed_at = withdrawal.confirmed_at or at
        if (withdrawal.gone_at, withdrawal.confirmed_at) != before:
            withdrawal.save(update_fields=["gone_at", "confirmed_at"])


def _tell_again(findings: Sequence[Finding], at: datetime) -> None:
    shown = {
        finding.proof.withdrawal_id
        for finding in findings
        if finding.lack and finding.proof.via == Proof.Via.CACHE
    }
    for withdrawal_id in shown:
        purges = Purge.objects.filter(withdrawal=withdrawal_id).exclude(
            target="indexnow"
        )
        if purges.filter(done_at__isnull=True, due_at__lte=at).exists():
            continue  # it hasn't heard yet
        if purges.filter(written_at__gt=at - TELL_AGAIN).exists():
            continue
        for target in (
            purges.order_by("target").values_list("target", flat=True).distinct()
        ):
            first = purges.filter(target=target).select_related("withdrawal").first()
            if first is not None:
                asked = Asked(first.keys, first.withdrawal)
                ask_purge(purges=[asked], at=at, again=False, only=target)
