"""Empties the outbox of purges: a step of the worker.

Each target is spoken to in a thread of its own, so that one that hangs never keeps
another from hearing of a kill; rows are read and written by the step alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.delivery.actions.record_purge import Attempt, drop_purges, record_purge
from wiredesk.delivery.models import Purge
from wiredesk.delivery.purge.targets import INDEXNOW, Target, all_targets
from wiredesk.lib.own_servers import NoAnswerError, OwnServers
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm

TURN = 2.0  # seconds a call goes on before it reports back
LOOK = 0.1  # seconds between looks where nobody nudges
SECONDS = 5.0  # the longest a target may take
ROWS = 200  # rows a turn; those that must not be seen first
WATCH = 2.0  # seconds between looks at what waits too long

_nudged = threading.Event()

# Asked ten times a second, also while nothing is going on.
_targets_due = PreparedQuery(
    lambda now: (
        Purge.objects.filter(done_at__isnull=True, due_at__lte=now)
        .order_by()
        .values_list("target")
        .distinct()
    ),
    lists=0,
    has_moment=True,
)


def nudge() -> None:
    """Say that something waits; heard at once in this process."""
    _nudged.set()


@dataclass(slots=True)
class _Errand:
    """What one target is told at a time. ``rows`` are done once all keys were heard."""

    target: Target
    rows: Sequence[Purge]
    future: Future[Attempt] | None = None


@dataclass(slots=True)
class Drain:
    """The step's memory: connections, threads, errands under way, who is in alarm."""

    client: OwnServers = field(default_factory=lambda: OwnServers(seconds=SECONDS))
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(16, thread_name_prefix="purge")
    )
    errands: dict[str, _Errand] = field(default_factory=dict)
    # Unknown until looked at: an earlier run may have alarmed.
    alarmed: dict[str, bool] = field(default_factory=dict)
    watch_due: float = 0.0

    def turn(self) -> None:
        """Tell targets what is due, for ``TURN`` seconds."""
        until = time.monotonic() + TURN
        while time.monotonic() < until:
            _nudged.clear()
            self.look()
            if self.errands:
                time.sleep(0.005)
            else:
                _nudged.wait(LOOK)

    def look(self) -> None:
        """Write down errands that came back, and send out what is due."""
        for name, errand in list(self.errands.items()):
            if errand.future is not None and errand.future.done():
                del self.errands[name]
                record_purge(rows=errand.rows, attempt=errand.future.result())
        known = all_targets()
        for name in self._due():
            if name in self.errands:
                continue
            if name not in known:
                drop_purges(target=name, at=timezone.now())
                continue
            self._send(known[name])
        if time.monotonic() >= self.watch_due:
            self.watch_due = time.monotonic() + WATCH
            self._watch(known)

    def finish(self) -> None:
        """Go on until nothing is due or under way; for commands and tests."""
        while True:
            self.look()
            if not self.errands and not self._due():
                return
            time.sleep(0.005)

    def _due(self) -> list[str]:
        return [target for (target,) in _targets_due(at=timezone.now())]

    def _send(self, target: Target) -> None:
        waiting = Purge.objects.filter(
            target=target.name, done_at__isnull=True, due_at__lte=timezone.now()
        ).select_related("withdrawal")
        rows = list(waiting.order_by("-first", "due_at", "pk")[:ROWS])
        # What may wait goes apart, so that it can't fail what may not.
        rows = [row for row in rows if row.first == rows[0].first] if rows else []
        if rows:
            errand = _Errand(target, rows)
            keys = list(dict.fromkeys(key for row in rows for key in row.keys))
            errand.future = self.threads.submit(_tell, self.client, target, keys)
            self.errands[target.name] = errand

    def _watch(self, known: dict[str, Target]) -> None:
        """Tell the desk of a target that has failed for longer than it may."""
        names = set(known) | {name for name, on in self.alarmed.items() if on}
        now = timezone.now()
        for name in names:
            target = known.get(name)
            late = target is not None and Purge.objects.filter(
                target=name,
                done_at__isnull=True,
                attempts__gt=0,
                written_at__lt=now - timedelta(seconds=target.patience),
            )
            count = late.count() if late else 0
            if count and not self.alarmed.get(name):
                _alarm(name, count)
            elif not count and self.alarmed.get(name) is not False:
                clear_alarm(key=_key(name))
            self.alarmed[name] = bool(count)


def _tell(client: OwnServers, target: Target, keys: list[str]) -> Attempt:
    """Send the keys in as many requests as it takes; the first failure ends it."""
    began, at = time.monotonic(), timezone.now()
    status = None
    for part in _parts(target, keys):
        try:
            answer = target.tell(client, part)
        except NoAnswerError as error:
            return Attempt(at, time.monotonic() - began, None, str(error)[:300])
        status = answer.status
        if not 200 <= status < 300:
            words = answer.body[:200].decode("utf-8", "replace")
            return Attempt(at, time.monotonic() - began, status, words)
    # When it was heard, not when it was begun: that is what a certificate says.
    return Attempt(timezone.now(), time.monotonic() - began, status)


def _parts(target: Target, keys: list[str]) -> Iterator[list[str]]:
    hosts: dict[str, list[str]] = {"": keys}
    if target.name == INDEXNOW:
        hosts = {}
        for address in keys:
            hosts.setdefault(urlsplit(address).netloc, []).append(address)
    for listed in hosts.values():
        for start in range(0, len(listed), target.at_once):
            yield listed[start : start + target.at_once]


def _key(name: str) -> str:
    return f"purge:{name}"[:200]


def _alarm(name: str, count: int) -> None:
    text = _(
        "The cache “%(name)s” can't be told what to drop; %(count)d purges wait and are "
        "tried again. It may still show what was withdrawn: see that it answers, or take "
        "it out of service."
    )
    raise_alarm(
        key=_key(name), text=text % {"name": name, "count": count}, thing="purge"
    )
