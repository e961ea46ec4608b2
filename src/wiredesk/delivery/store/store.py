"""The store of one web process: pages in memory, on disk, or drawn once for all who wait."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from wiredesk.delivery.purge.keys import PICTURE_PATH
from wiredesk.delivery.store.clock import OPEN, Clock, is_open
from wiredesk.delivery.store.disk import Disk
from wiredesk.delivery.store.drawing import Handler
from wiredesk.delivery.store.joining import Joiner, Made
from wiredesk.delivery.store.memory import Kept, Memory
from wiredesk.delivery.store.page import Page, pack, unpack
from wiredesk.lib.encodings import BROTLI

logger = logging.getLogger(__name__)

THREADS = 4  # pages drawn at once
CHANGING_THREADS = 2  # and of those that are about to change when they are asked for
PICTURE_THREADS = 2  # a picture's first drawing takes up to a second
_TURNS = 3  # pages drawn before somebody was there, until Django is asked for him alone
_PATIENCE = 2.0  # seconds to wait for another process that draws the same page
_PAUSE = 0.001
# What is drawn before a change is committed is untrue right after it. So long it is waited
# for, longer than the wire writes at a time, and so often it is looked for.
_ABOUT_TO_CHANGE = 0.06  # seconds
_LOOK = 0.0003
_REFUSED_FOR = 10.0  # seconds in which a page that can't be kept isn't tried again
_MOST_REFUSED = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes may be kept in memory, by process, and on disk, by all of them."""

    memory: int
    disk: int


class PageStore:
    """Finds pages that are true, and has them drawn where there are none.

    ``find`` and ``fetch`` are for the event loop's thread. ``handler`` is Django's;
    ``wait`` returns once it can be asked. So many seconds as ``about_to_change`` says
    a page waits for the commit of a change that it is known to be in.
    """

    def __init__(
        self,
        clock: Clock,
        folder: Path,
        limits: Limits,
        handler: Handler,
        wait: Callable[[], None] = lambda: None,
        about_to_change: float = _ABOUT_TO_CHANGE,
    ) -> None:
        self.clock = clock
        self.words = clock.words
        self.wait = wait
        self.about_to_change = about_to_change
        self.memory = Memory(limits.memory)
        self.disk = Disk(folder, limits.disk)
        self.joiner = Joiner(clock, handler)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="draw")
        # Theirs alone: nobody else waits for a commit that some page has to wait for.
        self._changing = ThreadPoolExecutor(
            CHANGING_THREADS, thread_name_prefix="change"
        )
        # Theirs alone: a page's dozen pictures would have all the threads of pages.
        self._pictures = ThreadPoolExecutor(
            PICTURE_THREADS, thread_name_prefix="picture"
        )
        self._under_way: dict[str, asyncio.Future[Made]] = {}
        self._refused: dict[str, float] = {}

    def is_true(self, kept: Kept, now: float) -> bool:
        """Tell whether a page in memory is true at this moment."""
        head = self.words[0]
        if kept.seen == head and now < kept.good_until:
            return True
        good_until = kept.page.stamp.recheck_at(self.words, now)
        if not good_until:
            return False
        kept.seen, kept.good_until = head, good_until
        return True

    def distrust(self) -> None:
        """Look at every page anew before it is answered again."""
        for kept in self.memory.kept.values():
            kept.seen = -1

    def find(self, host: str, target: str, coding: str, now: float) -> Kept | None:
        """Give a true page from memory or disk; ``None`` where it must be made.

        Made, because it must be drawn or because nobody asked for it in brotli yet.
        """
        key = host + target
        kept = self.memory.get(key)
        if kept is not None and self.is_true(kept, now):
            kept.used = True
            is_made = kept.page.is_made_in(coding) or self._add_brotli(kept)
            return kept if is_made else None
        # An untrue one stays in memory: most of it may still be right.
        page = self._read(key)
        if page is None or not page.is_made_in(coding):
            return None
        if coding != BROTLI:
            page.bodies.pop(BROTLI, None)
        kept = Kept(key, page, seen=-1, good_until=0.0)
        if not self.is_true(kept, now):
            return None
        self.memory.offer(kept)
        return kept

    def _add_brotli(self, kept: Kept) -> bool:
        """Get it from the disk, where another process may have brought it."""
        # Without room for a new page the disk has an older one.
        page = self._if_true(self._read(kept.key))
        if page is None or page.etag != kept.page.etag or not page.is_made_in(BROTLI):
            return False
        kept.page.bodies[BROTLI] = page.bodies[BROTLI]
        self.memory.grow(kept, len(page.bodies[BROTLI]))
        return True

    def _read(self, key: str) -> Page | None:
        """Give what the disk has under ``key``, true or not; somebody asked for it."""
        raw = self.disk.read(key)
        page = unpack(raw, self.clock.era) if raw else None
        if page is not None and not page.is_asked_for:
            self.disk.note_asked(key)
            page.is_asked_for = True
        return page

    def refuses(self, host: str, target: str, now: float) -> bool:
        """Tell whether the page was found out not to be one for the store."""
        return now < self._refused.get(host + target, 0.0)

    async def fetch(self, host: str, target: str, coding: str) -> Made | None:
        """Have the page made, once for all who wait; ``None`` sends one on to Django.

        What was being drawn when one came may be older than one's question, so it
        serves only if nothing of it has changed meanwhile.
        """
        key = host + target
        for _ in range(_TURNS):
            task = self._under_way.get(key)
            if task is None:
                return await asyncio.shield(self._start(key, host, target, coding))
            made = await asyncio.shield(task)
            # Since it was found true it may have become untrue, and that may be why.
            page = self._if_true(made.page) if made.is_true else None
            if page is not None and page.is_made_in(coding):
                return made
        return None

    def keep(self, host: str, target: str, made: Made) -> Kept | None:
        """Take what was fetched into memory; ``None`` where it isn't to be kept."""
        if not made.is_true or made.page is None:
            return None
        kept = Kept(host + target, made.page, seen=-1, good_until=0.0)
        if not self.is_true(kept, time.time()):
            return None
        self.memory.put(kept)
        return kept

    def _holds(self, page: Page) -> bool:
        return page.stamp.recheck_at(self.words, time.time()) > 0

    def _start(
        self, key: str, host: str, target: str, coding: str
    ) -> asyncio.Future[Made]:
        kept = self.memory.get(key)
        old = kept.page if kept else None
        patience = time.monotonic() + self.about_to_change
        work = partial(self._make, host, target, coding, old, patience)
        loop = asyncio.get_running_loop()
        task = loop.run_in_executor(self._threads_for(target, old), work)
        self._under_way[key] = task
        task.add_done_callback(partial(self._note_end, key))
        return task

    def _threads_for(self, target: str, old: Page | None) -> ThreadPoolExecutor:
        if PICTURE_PATH.match(target.encode()):
            return self._pictures
        if self._is_changing(old):
            return self._changing
        return self._pool

    def _note_end(self, key: str, task: asyncio.Future[Made]) -> None:
        del self._under_way[key]
        if not task.cancelled() and not task.exception() and not task.result().page:
            if len(self._refused) >= _MOST_REFUSED:
                self._refused.clear()
            self._refused[key] = time.time() + _REFUSED_FOR

    # --- in a thread of the pool ---------------------------------------------------

    def _make(
        self, host: str, target: str, coding: str, old: Page | None, patience: float
    ) -> Made:
        """Draw the page or compress it, or wait for another process that does.

        First a change of it that is about to be committed is waited for, until
        ``patience`` ends.
        """
        # Before all: other processes wait for whoever says that it draws a page.
        self.wait()
        for slot in old.stamp.strict if old else ():
            while self.words[slot] >= OPEN and time.monotonic() < patience:
                time.sleep(_LOOK)
        key = host + target
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit:
            with self.disk.sole(key) as is_sole:
                found = self._read(key)
                true = self._if_true(found) or self._if_true(old)
                if true and true.is_made_in(coding):
                    return Made(true, is_true=True)
                if is_sole and (made := self._compressed(true, coding)):
                    return self._written(key, made, is_worth_much=found is not None)
                if is_sole:
                    return self._drawn(host, target, coding, old or found)
            if time.monotonic() > patience and self._is_changing(old or found):
                break  # whoever draws it for his change takes too long to commit that
            time.sleep(_PAUSE)
        return self._drawn(host, target, coding, old)

    def _is_changing(self, page: Page | None) -> bool:
        return page is not None and is_open(self.words, page.stamp.strict)

    def _compressed(self, page: Page | None, coding: str) -> Made | None:
        """Give a page that is true and all there but for ``coding``, if it still is."""
        if page is None:
            return None
        # The loop answers with it meanwhile, and counts the bytes that it has.
        page = replace(page, bodies=dict(page.bodies))
        page.body(coding)
        return Made(page, is_true=True) if self._holds(page) else None

    def _drawn(self, host: str, target: str, coding: str, old: Page | None) -> Made:
        made = self.joiner.make(host, target, old)
        if made.page is not None and not made.page.is_made_in(coding):
            made.page.body(coding)
        was_page = old is not None and old.is_worth_much
        return self._written(host + target, made, is_worth_much=was_page)

    def _written(self, key: str, made: Made, *, is_worth_much: bool) -> Made:
        """Keep the page on the disk, where it is or was one: of others there are too many."""
        page, era = made.page, self.clock.era
        if page is None or not made.is_true or not self._holds(page):
            return made
        if page.is_worth_much or is_worth_much:
            try:
                self.disk.write(key, pack(page, era))
            except OSError as error:
                # In memory it is there all the same.
                logger.warning("A page can't be kept on disk: %s", error)
        return made

    def _if_true(self, page: Page | None) -> Page | None:
        return page if page is not None and self._holds(page) else None
