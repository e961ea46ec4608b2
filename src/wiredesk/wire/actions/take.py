"""Take deliveries: from kept bytes to settled messages, each with a line in the ledger.

Reading needs no lock and is done before the write; the writing is done in short groups
with a pause between them. A crash at any point leaves a claim that grows old, and
whoever takes it over goes on after the items that were written.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from wiredesk.lib.prepared import PreparedObjects, PreparedQuery
from wiredesk.wire import originals, settling
from wiredesk.wire.actions.claim import (
    claim_next,
    claim_these,
    has_had_its_chances,
    note_failure,
    release,
    this_process,
)
from wiredesk.wire.actions.close_receipts import are_due, close_receipts
from wiredesk.wire.actions.take_group import Part, Work, build_messages, take_group
from wiredesk.wire.formats.detect import read as read_items
from wiredesk.wire.items import UnreadableError
from wiredesk.wire.models import Delivery, Feed, LedgerLine, Message, Receipt
from wiredesk.wire.pace import LEAST, TARGET, Pace, turn
from wiredesk.wire.policy import rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_places = PreparedQuery(
    lambda deliveries: Message.objects.filter(delivery_id__in=deliveries).values_list(
        "delivery_id", "ordinal"
    )
)

_feeds = PreparedObjects(lambda feeds: Feed.objects.filter(pk__in=feeds).order_by())

GROUPS = 4  # groups claimed at a time
LOOK = 0.05  # seconds between looks at what another worker takes

# Nothing is wrong with the delivery: the database or the disk can't work just now.
NOT_ITS_FAULT = (OperationalError, InterfaceError, originals.OriginalError)


class NotTakenError(RuntimeError):
    """Another worker holds the delivery and didn't come to an end in time."""


def take_waiting(
    *,
    limit: int | None = None,
    worker: str = "worker",
    pace: Pace | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> list[LedgerLine]:
    """Take up to ``limit`` waiting deliveries, kills first; gives the ledger's lines.

    Without a limit as many as make some whole groups. An empty list means that nothing
    was waiting. ``stop`` is asked between groups: what was not begun is given back.
    Raises Django's ``OperationalError`` where the database can't be written to, and
    whatever a bug raises: then the delivery's attempt counts, and after a few it is set
    aside.
    """
    settling.require()
    pace = pace or Pace()
    limit = limit or GROUPS * max(pace.size, LEAST)
    token, claimed = claim_next(limit=limit, worker=worker)
    lines = _Taking(token, claimed, pace, stop).run() if claimed else []
    if are_due():
        with turn():
            lines += close_receipts()
    return lines


def take(
    *,
    receipts: Sequence[Receipt],
    worker: str = "",
    patience: float = 120.0,
) -> list[LedgerLine]:
    """Take what these receipts brought, to the end; gives their lines, in their order.

    Works beside a running worker: what it holds is waited for, up to ``patience``
    seconds without any change, then ``NotTakenError``. Raises as ``take_waiting`` does.
    """
    settling.require()
    pace = Pace()
    worker = worker or f"{this_process()}:take"
    wanted = {receipt.delivery_id for receipt in receipts}
    limit = time.monotonic() + patience
    while waiting := _waiting(wanted):
        token, claimed = claim_these(ids=waiting, worker=worker)
        if claimed:
            _Taking(token, claimed, pace, lambda: False).run()
            limit = time.monotonic() + patience
        elif time.monotonic() > limit:
            raise NotTakenError(
                f"Another worker holds {len(waiting)} deliveries and doesn't finish."
            )
        else:
            time.sleep(LOOK)
    ids = [receipt.pk for receipt in receipts]
    while _closed_some(ids):
        pass
    return _lines_of(ids)


def _closed_some(receipt_ids: list[int]) -> bool:
    with turn():
        return bool(close_receipts(receipts=receipt_ids))


def _waiting(delivery_ids: set[int]) -> list[int]:
    waiting = Delivery.objects.filter(pk__in=delivery_ids, state=Delivery.State.WAITING)
    return list(waiting.values_list("pk", flat=True))


def _lines_of(receipt_ids: list[int]) -> list[LedgerLine]:
    lines = LedgerLine.objects.filter(receipt_id__in=receipt_ids)
    return list(
        lines.select_related("message", "receipt").order_by("receipt_id", "ordinal")
    )


class _Taking:
    """One claim's way through reading and writing."""

    def __init__(
        self,
        token: str,
        claimed: list[Delivery],
        pace: Pace,
        stop: Callable[[], bool],
    ) -> None:
        self.token = token
        self.pace = pace
        self.stop = stop
        feed_ids = {delivery.feed_id for delivery in claimed}
        self.feeds = {feed.pk: feed for feed in _feeds(feed_ids)}
        self.rules = rules_of(feed_ids)
        self.claimed = claimed
        self.untouched = {delivery.pk for delivery in claimed}
        self.under_way: set[int] = set()
        self.written = self._written_before()

    def run(self) -> list[LedgerLine]:
        """Take everything claimed, a group at a time; gives the lines."""
        lines: list[LedgerLine] = []
        try:
            for parts in self._groups():
                lines += self._write(parts)
                if self.stop():
                    break
        finally:
            # Whatever went wrong goes on to whoever called; first the deliveries are
            # given back, so that the next ones needn't wait.
            self._give_back(sys.exception())
        return lines

    def _give_back(self, failure: BaseException | None) -> None:
        if isinstance(failure, Exception) and not isinstance(failure, NOT_ITS_FAULT):
            words = f"{type(failure).__name__}: {failure}"
            note_failure(ids=self.under_way, token=self.token, failure=words)
            unfinished = self.untouched
        else:
            unfinished = self.untouched | self.under_way
        if unfinished:
            release(ids=unfinished, token=self.token)

    def _groups(self) -> Iterator[list[Part]]:
        """Read deliveries and give them on in groups of about ``pace.size`` items."""
        group: list[Part] = []
        size = 0
        for delivery in self.claimed:
            if delivery.attempts > 1 and group:
                # It failed before: it is tried alone, so that it takes nobody along.
                yield group
                group, size = [], 0
            self.untouched.discard(delivery.pk)
            self.under_way.add(delivery.pk)
            for part in self._parts(delivery):
                group.append(part)
                size += max(1, len(part.messages))
                if size >= self.pace.size or delivery.attempts > 1:
                    yield group
                    group, size = [], 0
        if group:
            yield group

    def _parts(self, delivery: Delivery) -> Iterator[Part]:
        work = self._read(delivery)
        todo = [n for n in range(len(work.items)) if n not in work.written]
        while True:
            now, todo = todo[: self.pace.size], todo[self.pace.size :]
            yield Part(work, build_messages(work, now), is_last=not todo)
            if not todo:
                return

    def _read(self, delivery: Delivery) -> Work:
        feed = self.feeds[delivery.feed_id]
        work = Work(delivery, feed, self.rules.get(feed.pk, []))
        work.written = frozenset(self.written.get(delivery.pk, ()))
        if has_had_its_chances(delivery):
            work.reason = _(
                "It could not be processed in %(attempts)d attempts (%(failure)s). "
                "This is a fault of Wiredesk's, not of the sender's; its bytes are kept."
            ) % {
                "attempts": delivery.attempts - 1,
                "failure": delivery.reason or _("the worker's process died each time"),
            }
            return work
        try:
            work.items = read_items(originals.read(delivery.sha256))
        except (
            UnreadableError,
            originals.OriginalMissingError,
            originals.OriginalDamagedError,
        ) as error:
            work.reason = str(error)
        return work

    def _write(self, parts: list[Part]) -> list[LedgerLine]:
        messages = [message for part in parts for message in part.messages]
        settling.prepare_messages(messages)
        with turn(TARGET), transaction.atomic():
            began = time.monotonic()  # the lock is ours from here on
            lines = take_group(parts=parts, token=self.token)
        if messages:
            self.pace.wrote(len(messages), time.monotonic() - began)
        self.under_way -= {part.work.delivery.pk for part in parts if part.is_last}
        return lines

    def _written_before(self) -> dict[int, list[int]]:
        written: dict[int, list[int]] = {}
        for delivery_id, ordinal in _places([d.pk for d in self.claimed]):
            written.setdefault(delivery_id, []).append(ordinal)
        return written
