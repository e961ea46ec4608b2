"""What the connections of one web process share: the store, heads read, the log, the time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from wiredesk.config.server.access_log import AccessLog, logged_fields
from wiredesk.config.server.edge import client_address
from wiredesk.delivery.store import answers
from wiredesk.delivery.store.heads import Fields, Line, Reader
from wiredesk.delivery.store.memory import Kept
from wiredesk.delivery.store.page import Page
from wiredesk.delivery.store.store import PageStore

_MOST_HEADS = 10_000  # remembered; each as long as a browser's head
_LONGEST_KNOWN = 2048  # bytes of a head that is remembered


@dataclass(slots=True)
class Answer:
    """An answer ready to be sent after its status and Date lines."""

    kept: Kept
    lines: bytes
    body: bytes
    logged: bytes


@dataclass(slots=True)
class Known:
    """A block of fields that was read before. ``answers`` are by request line.

    Empty where each answer has to be thought about.
    """

    fields: Fields
    answers: dict[bytes, Answer]
    logged: bytes
    peer: bytes  # the client, where a proxy of ours names it


class Front:
    """Answers heads from the store. One an event loop; nothing in it waits.

    ``known`` is by the bytes below the request line.
    """

    def __init__(
        self,
        store: PageStore | None,
        reader: Reader,
        log: AccessLog | None = None,
        proxies: int = 0,
    ) -> None:
        self.has_store = store is not None
        if store is not None:
            self.store = store
            self.words = store.words
        self.reader = reader
        self.proxies = proxies
        self.log = log
        self.known: dict[bytes, Known] = {}
        self._declined: set[bytes] = set()
        self._shelves: dict[tuple[str, str], dict[bytes, Answer]] = {}
        self.ticked = 0.0
        self.tick(time.time())

    def tick(self, now: float) -> None:
        """Bring the time to the second; call it once a second."""
        if self.log is not None:
            self.log.tick(now)
        if self.has_store and now < self.ticked:
            self.store.distrust()
        if self.has_store and not self.store.clock.is_there:
            # Its folder was taken away: what others say is said elsewhere.
            self.has_store = False
            self.known.clear()
        self.ticked = now
        self.date = answers.date_line(now)
        self.ok = answers.STATUS[200] + self.date

    def read(self, line: bytes, rest: bytes) -> tuple[Line, Known] | None:
        """Read a whole head; ``None`` for one that isn't the store's to answer."""
        if not self.has_store:
            return None
        known = self.known.get(rest)
        if known is None:
            if rest in self._declined:
                return None
            known = self._learn(rest)
            if known is None:
                return None
        asked = self.reader.line(line)
        return None if asked is None else (asked, known)

    def answer(
        self, asked: Line, known: Known, kept: Kept, line: bytes
    ) -> tuple[bytes, ...]:
        """Give all of the answer with a page that is true."""
        fields, page = known.fields, kept.page
        closing = answers.CLOSE if asked.is_old or fields.closes else b""
        if answers.is_unmodified(page, fields):
            rest = answers.not_modified(page, fields.coding)
            return (answers.STATUS[304] + self.date, closing, rest)
        lines, body = self._whole(asked, known, kept, line)
        status = answers.STATUS[page.status] + self.date
        if asked.is_head:
            return (status, closing, lines)
        return (status, closing, lines, body)

    def once(self, asked: Line, known: Known, page: Page) -> tuple[bytes, ...]:
        """Give the answer with a page that serves this one time."""
        kept = Kept("", page, seen=-1, good_until=0.0)
        return self.answer(asked, known, kept, b"")

    def _whole(
        self, asked: Line, known: Known, kept: Kept, line: bytes
    ) -> tuple[bytes, bytes]:
        """Give header lines and body, made ready for the next who asks the same."""
        page, coding = kept.page, known.fields.coding
        # Who asked once may never ask again; the second time it's made ready.
        shelf = self._shelf(known.fields) if kept.used else {}
        ready = shelf.get(line)
        if ready is not None and ready.kept is kept:
            return ready.lines, ready.body
        had = len(page.bodies)
        lines, body = answers.whole(page, coding)
        if len(page.bodies) > had:
            self.store.memory.grow(kept, len(body))
        if kept.used and page.status == 200 and _is_usual(line, asked):
            shelf[line] = Answer(kept, lines, body, b'" 200 %d ' % len(body))
            kept.forget.append(partial(_take_off, shelf, line))
            self.store.memory.grow(kept, len(lines) + 300)
        return lines, body

    def _shelf(self, fields: Fields) -> dict[bytes, Answer]:
        return self._shelves.setdefault((fields.host, fields.coding), {})

    def _learn(self, rest: bytes) -> Known | None:
        if len(self.known) + len(self._declined) >= _MOST_HEADS:
            self.known.clear()
            self._declined.clear()
            # A server of any name has one for each that anybody made up.
            self._shelves = {key: each for key, each in self._shelves.items() if each}
        fields = self.reader.fields(rest)
        is_long = len(rest) > _LONGEST_KNOWN
        if fields is None:
            if not is_long:
                self._declined.add(rest)
            return None
        shelf = self._shelf(fields) if fields.is_plain and not is_long else {}
        logged = logged_fields(fields.referer, fields.agent)
        known = Known(fields, shelf, logged, self._peer_of(fields))
        if not is_long:
            self.known[rest] = known
        return known

    def _peer_of(self, fields: Fields) -> bytes:
        if not self.proxies:
            return b""
        header = [(b"x-forwarded-for", b", ".join(fields.forwarded_for))]
        return (client_address(header, self.proxies) or "").encode()


def _is_usual(line: bytes, asked: Line) -> bool:
    return line == b"GET %b HTTP/1.1" % asked.target.encode()


def _take_off(shelf: dict[bytes, Answer], line: bytes) -> None:
    shelf.pop(line, None)
