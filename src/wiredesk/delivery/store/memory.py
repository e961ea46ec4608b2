"""The first level: pages in the memory of one process, up to so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from wiredesk.delivery.store.page import Page

# What Python keeps for a page beside its bodies: objects, slots, tables.
_BESIDE = 1500  # bytes


@dataclass(slots=True)
class Kept:
    """A page in memory. ``seen`` is the head at which it was last found true.

    ``good_until`` is the time up to which it is, should the head stay; ``size`` what it
    takes, in bytes; ``used``: asked for since it was in turn to go. ``forget`` takes it out of what was derived from it.
    """

    key: str
    page: Page
    seen: int
    good_until: float
    size: int = 0
    used: bool = False
    forget: list[Callable[[], None]] = field(default_factory=list)


class Memory:
    """Pages by key, at most ``room`` bytes. Who wasn't used goes before who was.

    ``offered`` are those that were let pass, by the hash of their key: so many at most
    as are kept.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.size = 0
        self.kept: OrderedDict[str, Kept] = OrderedDict()
        self.offered: set[int] = set()

    def get(self, key: str) -> Kept | None:
        """Give the page under ``key``, true or not."""
        return self.kept.get(key)

    def put(self, kept: Kept) -> None:
        """Keep a page, instead of another one under its key."""
        kept.size = len(kept.key) + _weight(kept.page)
        self._put(kept)

    def offer(self, kept: Kept) -> None:
        """Keep a page that the disk has too; if another has to go, the second time only.

        So nobody pushes out what many read who goes through all the archive, and what
        is asked for once costs no more than its reading.
        """
        kept.size = len(kept.key) + _weight(kept.page)
        if self.size + kept.size > self.room and kept.key not in self.kept:
            name = hash(kept.key)
            if name not in self.offered:
                if len(self.offered) >= len(self.kept):
                    self.offered.clear()
                self.offered.add(name)
                return
            self.offered.discard(name)
        self._put(kept)

    def grow(self, kept: Kept, size: int) -> None:
        """Note that a page takes ``size`` bytes more, and make room for them."""
        if self.kept.get(kept.key) is not kept:
            return
        kept.size += size
        self.size += size
        self._make_room(0)

    def drop(self, key: str) -> None:
        """Forget the page under ``key``."""
        kept = self.kept.pop(key, None)
        if kept is not None:
            self._undo(kept)

    def _put(self, kept: Kept) -> None:
        self.drop(kept.key)
        if kept.size > self.room:
            return
        # Before it is there: it would be the only one that nobody asked for again yet.
        self._make_room(kept.size)
        self.kept[kept.key] = kept
        self.size += kept.size

    def _make_room(self, size: int) -> None:
        while self.size + size > self.room and self.kept:
            self._let_one_go()

    def _let_one_go(self) -> None:
        """Second chance: the oldest that nobody asked for since it was last in turn."""
        for _ in range(len(self.kept)):
            key, kept = self.kept.popitem(last=False)
            if not kept.used:
                self._undo(kept)
                return
            kept.used = False
            self.kept[key] = kept
        self._undo(self.kept.popitem(last=False)[1])

    def _undo(self, kept: Kept) -> None:
        self.size -= kept.size
        for forget in kept.forget:
            forget()


def _weight(page: Page) -> int:
    bodies = sum(map(len, page.bodies.values()))
    slots = 4 * (len(page.stamp.strict) + len(page.stamp.lazy))
    return _BESIDE + bodies + slots + len(page.own) + len(page.heads) + len(page.pieces)
