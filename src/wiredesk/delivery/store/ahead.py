"""Pages drawn before the change that they show is committed, so that after it they wait.

Drawn in the transaction itself, by whoever makes the change: nobody else can see it yet.
Only what somebody asked for since it was drawn last; all else is drawn when it is asked
for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection, connections, transaction
from wagtail.models import Site

from wiredesk.delivery.first_asked import host_of
from wiredesk.delivery.store.changes import clock, draw_ahead_with, folder
from wiredesk.delivery.store.clock import AsIfClosed
from wiredesk.delivery.store.disk import Disk
from wiredesk.delivery.store.drawing import Handler
from wiredesk.delivery.store.joining import Joiner, Part
from wiredesk.delivery.store.page import Page, pack, pack_stamp, unpack, unpack_stamp
from wiredesk.lib.encodings import BROTLI

logger = logging.getLogger(__name__)

LONGEST = 0.03  # seconds; the commit waits, and so does whoever writes next
# A table that a migration has locked may keep a page waiting, and no kill with it.
_LONGEST_STATEMENT = "SET LOCAL statement_timeout = '200ms'"


@dataclass(slots=True)
class DrawnAhead:
    """Pages that are true once a change is made; until then others keep off them."""

    disk: Disk
    opened: Mapping[int, int]
    pages: dict[str, Page] = field(default_factory=dict)
    locks: ExitStack = field(default_factory=ExitStack)

    def keep(self, number: int) -> None:
        """Put them on the disk for the change of this number, if nothing else changed."""
        with self.locks:
            era = clock().era
            for address, page in self.pages.items() if number else ():
                if self._is_still_so(page, number):
                    self._write(address, page, number, era)

    def _is_still_so(self, page: Page, number: int) -> bool:
        words, stamp = clock().words, page.stamp
        return all(
            words[slot] == number
            if slot in self.opened
            else words[slot] <= stamp.position
            for slot in (*stamp.strict, *stamp.lazy)
        )

    def _write(self, address: str, page: Page, number: int, era: int) -> None:
        # Whatever it is made of has stayed as it was up to this change.
        page.stamp = replace(page.stamp, position=number)
        page.own = pack_stamp(replace(unpack_stamp(page.own), position=number))
        page.is_asked_for = False
        try:
            self.disk.write(address, pack(page, era), is_asked_for=False)
        except OSError as error:
            logger.warning("A page drawn ahead can't be kept: %s", error)


class Ahead:
    """Draws ahead for one process. ``handler`` is Django's.

    No page is begun ``longest`` seconds after the first.
    """

    def __init__(self, disk: Disk, handler: Handler, longest: float = LONGEST) -> None:
        self.disk = disk
        self.handler = handler
        self.longest = longest
        self._fragments: dict[str, Part] = {}

    def draw(self, addresses: Collection[str], opened: Mapping[int, int]) -> DrawnAhead:
        """Draw those of the addresses that are asked for, as this transaction has them.

        What drawing writes is undone. A page that can't be drawn is left out.
        """
        drawn = DrawnAhead(self.disk, opened)
        joiner = Joiner(AsIfClosed(clock(), opened), self.handler, self._fragments)
        limit = time.monotonic() + self.longest
        with ExitStack() as unless_all_is_well:
            unless_all_is_well.callback(drawn.locks.close)
            for address in addresses:
                # The next page would hide that the last one broke the transaction.
                if connection.needs_rollback or time.monotonic() >= limit:
                    break
                if self.disk.was_asked_for(address):
                    self._draw(joiner, address, drawn)
            unless_all_is_well.pop_all()
        return drawn

    def _draw(self, joiner: Joiner, address: str, drawn: DrawnAhead) -> None:
        try:
            if not drawn.locks.enter_context(self.disk.sole(address)):
                return  # somebody draws it as it was, and will see that it is no more
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute(_LONGEST_STATEMENT)
                # What a request sets for its thread mustn't outlive it here.
                page = copy_context().run(self._page, joiner, address)
                transaction.set_rollback(True)
        except (DatabaseError, OSError) as error:
            logger.warning("%s can't be drawn before a commit: %s", address, error)
        else:
            if page is not None:
                drawn.pages[address] = page

    def _page(self, joiner: Joiner, address: str) -> Page | None:
        raw = self.disk.read(address)
        old = unpack(raw, clock().era) if raw else None
        if old is None:
            return None
        host, slash, rest = address.partition("/")
        made = joiner.make(host, slash + rest, old)
        if made.page is None or not made.is_true:
            return None
        if BROTLI in old.bodies:
            made.page.body(BROTLI)
        return made.page


def begin_to_draw_ahead() -> None:
    """Have this process draw ahead from now on.

    What drawing needs is loaded first: a transaction mustn't wait for that.
    """
    if not (settings.WIREDESK_STORE_MEMORY and settings.WIREDESK_STORE_DISK):
        return
    try:
        # The room is for those who tidy; here it only says that there is some.
        disk = Disk(folder() / "pages", settings.WIREDESK_STORE_DISK)
        ahead = Ahead(disk, WSGIHandler())
        joiner = Joiner(clock(), ahead.handler)
        for site in Site.objects.all():
            joiner.warm(host_of(site))
    except (DatabaseError, OSError) as error:
        logger.warning("No page will be drawn before a commit: %s", error)
    else:
        draw_ahead_with(ahead.draw)
    finally:
        connections.close_all()
