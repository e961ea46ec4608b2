"""Asks every surface of what went dark until it is gone: a step of the worker."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.delivery.actions.list_proofs import list_proofs
from wiredesk.delivery.actions.record_proof import Finding, record_proof
from wiredesk.delivery.models import Proof, Withdrawal
from wiredesk.delivery.picture_surfaces import (
    expects_of,
    picture_traces,
    shows_picture,
)
from wiredesk.delivery.proof.asking import Asker, Question, Reply
from wiredesk.delivery.proof.gone import Traces, forget_texts, lack, traces_of
from wiredesk.delivery.surfaces import Expects, Surface, surfaces
from wiredesk.lib.prepared import PreparedObjects, PreparedQuery
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.stories.models import Story

TURN = 2.0  # seconds a call goes on before it reports back
LOOK = 0.1  # seconds between looks where nobody nudges
WITHDRAWALS = 20  # begun a round
PROOFS = 200  # surfaces a round
URLS = 400  # addresses a round, so that a new kill needn't wait for an old one's
# Whatever is withdrawn within this time is proved by the same answers of lists: each is
# drawn anew to be asked, and a wire that kills once a second has dozens of them.
GATHERED = timedelta(seconds=5)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
LIMIT = timedelta(seconds=30)  # unproved for longer, the desk is told
WATCH = 1.0  # seconds between looks at that
ALARM = "not-proved-gone"
_NAMED = 3
_LOOKED_AT = 500  # late rows that are looked at for the names
_PARAGRAPH_END = re.compile(r"</(?:p|h[1-6]|li|blockquote)>|<br\s*/?>")

_nudged = threading.Event()


def nudge() -> None:
    """Say that something went dark; heard at once in this process."""
    _nudged.set()


@dataclass(slots=True)
class Prover:
    """The step's memory: connections, and whether the desk was told."""

    asker: Asker = field(default_factory=Asker)
    alarmed: bool | None = None  # unknown: an earlier run may have alarmed
    watch_due: float = 0.0
    lists_at: datetime = _LONG_AGO  # when they were, or are to be, asked

    def turn(self) -> None:
        """Ask what is due, for ``TURN`` seconds."""
        until = time.monotonic() + TURN
        while time.monotonic() < until:
            _nudged.clear()
            busy = self.round()
            if time.monotonic() >= self.watch_due:
                self.watch_due = time.monotonic() + WATCH
                self.watch()
            if not busy:
                _nudged.wait(LOOK)

    def round(self) -> int:
        """Begin what is new, ask what is due once; gives how many surfaces were asked."""
        self._list_new()
        due = _due(timezone.now())
        if not due:
            return 0
        replies = self.asker.ask(_questions(due))
        gone = _not_shown(due)
        traces = cache(_traces_of)  # a withdrawal has dozens of rows
        findings = [_judge(proof, replies, gone, traces) for proof in due]
        record_proof(findings=findings, at=timezone.now())
        forget_texts()
        return len(due)

    def watch(self) -> None:
        """Tell the desk what isn't proved in time; take it back once everything is."""
        now = timezone.now()
        is_late = bool(_first_late(at=now))
        if is_late and not self.alarmed:
            _alarm(_late(now))
        elif not is_late and self.alarmed is not False:
            clear_alarm(key=ALARM)
        self.alarmed = is_late

    def _list_new(self) -> None:
        new = _new()
        now = timezone.now()
        if new:
            self.lists_at = _next_lists(self.lists_at, now)
        for withdrawal in new:
            list_proofs(withdrawal=withdrawal, at=now, lists_at=self.lists_at)


def _judge(
    proof: Proof,
    replies: dict[Question, Reply],
    gone: dict[tuple[int, str], bool],
    traces: Callable[[Withdrawal], Traces],
) -> Finding:
    expects = _expects(proof)
    found = {url: replies[proof.via, url] for url in proof.urls}
    missing = ""
    if expects is None:
        missing = "No such surface is known any longer."
    elif not gone[proof.withdrawal_id, proof.surface]:
        missing = "Asked directly, it still has the story."
        if proof.withdrawal.picture_id is not None:
            missing = "Asked directly, readers may still see the picture."
    else:
        left = traces(proof.withdrawal)
        for url, reply in found.items():
            why = reply.failure or lack(expects, left, reply.status, reply.body)
            if why:
                missing = f"{url}: {why}"
                break
    at = max((reply.at for reply in found.values()), default=timezone.now())
    return Finding(proof, _evidence(found), missing, at)


def _next_lists(before: datetime, now: datetime) -> datetime:
    """Give when lists are asked for what is withdrawn now; ``before`` is the last time.

    At once, or together with what was withdrawn shortly before.
    """
    if before > now + GATHERED:
        return now  # the clock was set back
    if before > now:
        return before
    return now if now - before > GATHERED else before + GATHERED


def _traces_of(withdrawal: Withdrawal) -> Traces:
    if withdrawal.picture is not None:
        return picture_traces(withdrawal.picture)
    assert withdrawal.story is not None  # noqa: S101  (a constraint of the table)
    return story_traces(withdrawal.story)


def story_traces(story: Story) -> Traces:
    """Give what must not be found of a story.

    A headline that another public story has as well, or as part of its own, can't tell
    them apart.
    """
    paragraphs = [
        part
        for block in story.body.raw_data
        if isinstance(block["value"], str)
        for part in _PARAGRAPH_END.split(block["value"])
    ]
    others = (
        Story.objects.public()
        .filter(headline__icontains=story.headline.strip())
        .exclude(pk=story.pk)
        .values_list("headline", flat=True)
    )
    return traces_of(story.path, story.headline, paragraphs, others.all)


def _by_kind() -> Case:
    """Put what must not be seen before what has only expired."""
    expired = When(kind=Withdrawal.Kind.EXPIRED, then=Value(1))
    return Case(expired, default=Value(0), output_field=IntegerField())


# Asked ten times a second, also while nothing is going on.
_waiting = PreparedObjects(
    lambda now: (
        Proof.objects.filter(due_at__lte=now, withdrawal__ended_at__isnull=True)
        .select_related("withdrawal__story", "withdrawal__picture")
        .order_by("due_at", "pk")[:PROOFS]
    ),
    lists=0,
    has_moment=True,
)
_new = PreparedObjects(
    lambda: Withdrawal.objects.filter(
        ended_at__isnull=True, confirmed_at__isnull=True, listed_at__isnull=True
    ).order_by(_by_kind(), "pk")[:WITHDRAWALS],
    lists=0,
)


def _late(now: datetime) -> QuerySet[Proof]:
    return Proof.objects.filter(
        proved_at__isnull=True,
        due_at__isnull=False,
        withdrawal__ended_at__isnull=True,
        withdrawal__at__lt=now - LIMIT,
        attempts__gt=0,
    )


_first_late = PreparedQuery(
    lambda now: _late(now).values_list("pk")[:1],
    lists=0,
    has_moment=True,
    shifts=(-LIMIT,),
)


def _due(now: datetime) -> list[Proof]:
    chosen: list[Proof] = []
    asked: set[Question] = set()
    for proof in _waiting(at=now):
        asked.update((proof.via, url) for url in proof.urls)
        if chosen and len(asked) > URLS:
            break
        chosen.append(proof)
    return chosen


def _questions(proofs: Iterable[Proof]) -> list[Question]:
    return [(proof.via, url) for proof in proofs for url in proof.urls]


def _surface_of(proof: Proof) -> Surface | None:
    """Give the surface of a row; a further row of one has a number behind its name."""
    known = {surface.name: surface for surface in surfaces()}
    return known.get(proof.surface) or known.get(proof.surface.rpartition(" ")[0])


def _expects(proof: Proof) -> Expects | None:
    """Give how a row's addresses are to answer; ``None`` for a surface that is no more."""
    if proof.withdrawal.picture_id is not None:
        return expects_of(proof.surface)
    surface = _surface_of(proof)
    return surface.expects if surface else None


def _not_shown(proofs: Sequence[Proof]) -> dict[tuple[int, str], bool]:
    """Ask the surfaces themselves, which is all the proof there is of unbounded ones."""
    now = timezone.now()
    answers: dict[tuple[int, str], bool] = {}
    # Many surfaces ask the same of the database.
    known: dict[tuple[int, object], bool] = {}
    for proof in proofs:
        key = (proof.withdrawal_id, proof.surface)
        if key in answers:
            continue
        surface = _surface_of(proof)
        question = (proof.withdrawal_id, surface.shows if surface else None)
        if question not in known:
            known[question] = not _is_shown(proof, now)
        answers[key] = known[question]
    return answers


def _is_shown(proof: Proof, now: datetime) -> bool:
    withdrawal, surface = proof.withdrawal, _surface_of(proof)
    if withdrawal.picture is not None:
        return shows_picture(withdrawal.picture, now)
    if surface is None or withdrawal.story is None:
        return True
    return surface.shows(withdrawal.story, now)


def _evidence(found: dict[str, Reply]) -> list[dict[str, Any]]:
    """Give the answers, those that are alike together."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    kept: dict[str, tuple[dict[str, Any], Reply]] = {}
    for url, reply in found.items():
        told = reply.as_json()
        key = repr(told)
        alike[key].append(url)
        if key not in kept or reply.at > kept[key][1].at:
            kept[key] = (told, reply)
    return [
        {"at": reply.at.isoformat(), **told, "urls": alike[key]}
        for key, (told, reply) in kept.items()
    ]


def _alarm(late: QuerySet[Proof]) -> None:
    rows = late.select_related("withdrawal").order_by("withdrawal__at", "pk")
    things = list(dict.fromkeys(row.withdrawal.thing for row in rows[:_LOOKED_AT]))
    named = ", ".join(things[:_NAMED]).replace("story:", "#").replace(":", " ")
    first = rows.first()
    text = _(
        "%(surfaces)d surfaces of what was withdrawn (%(named)s) are not "
        "proved gone after %(seconds)d seconds. %(surface)s: %(lack)s"
    ) % {
        "surfaces": late.count(),
        "named": named,
        "seconds": int(LIMIT.total_seconds()),
        "surface": f"{first.surface} ({first.via})" if first else "",
        "lack": first.lack[:300] if first else "",
    }
    story = first.withdrawal.story_id if first else None
    address = f"/desk/kill-certificates/{story}/" if story else "/desk/withdrawals/"
    thing = things[0] if things else ""
    raise_alarm(key=ALARM, text=text, thing=thing, address=address)
