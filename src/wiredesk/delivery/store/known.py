"""What was found out while pages were drawn for the store, kept while it is true."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from django.utils import timezone

from wiredesk.delivery.store.asked import Moment, begun
from wiredesk.delivery.store.changes import clock
from wiredesk.delivery.store.clock import EVERYTHING, is_true, slots_of
from wiredesk.lib.truth import true_until

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _Fact(Generic[_Value]):
    value: _Value
    slots: array[int]
    since: Moment
    until: datetime | None
    weight: int


class Known(Generic[_Key, _Value]):
    """Facts by key, at most ``most``, or of whatever ``weigh`` gives for each of them.

    Known while something is drawn for the store, or by who says that he is ``remembering``.
    Used by several threads at once.
    """

    def __init__(
        self, most: int, weigh: Callable[[_Value], int] = lambda _value: 1
    ) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._facts: dict[_Key, _Fact[_Value]] = {}
        self._keeping = Lock()
        self._making = Lock()

    def find(self, key: _Key) -> _Value | None:
        """Give what is known and still true; the answer being made ends when it does."""
        return self.find_all([key]).get(key)

    def find_all(self, keys: Iterable[_Key]) -> dict[_Key, _Value]:
        """Give what is known of these and still true, by key; the clock is asked once."""
        if begun() is None:
            return {}
        facts = {key: fact for key in keys if (fact := self._facts.get(key))}
        if not facts:
            return {}
        present, now = clock(), timezone.now()
        found: dict[_Key, _Value] = {}
        for key, fact in facts.items():
            if fact.since.era != present.era:
                continue
            if not is_true(present.words, fact.slots, fact.since.change):
                continue
            if fact.until is None or fact.until > now:
                true_until(fact.until)
                found[key] = fact.value
        return found

    def find_or_make(
        self,
        keys: Iterable[_Key],
        make: Callable[[list[_Key]], dict[_Key, _Value]],
    ) -> dict[_Key, _Value]:
        """Give what is known of these, and of the others what ``make`` gives and keeps.

        After a kill many pages are drawn at once that want the same: one makes it.
        """
        wanted = list(keys)
        found = self.find_all(wanted)
        if len(found) < len(wanted):
            with self._making if begun() else nullcontext():
                found = self.find_all(wanted)  # somebody may just have made them
                missing = [key for key in wanted if key not in found]
                found |= make(missing) if missing else {}
        return found

    def find_or_keep(
        self,
        key: _Key,
        make: Callable[[], tuple[_Value, Iterable[str], datetime | None]],
    ) -> _Value:
        """Give what is known of this, or what ``make`` gives: one makes it, and keeps it.

        ``make`` gives the surrogate keys that its value hangs on and its end beside it. It
        never gives ``None``, and never asks for anything of the same facts.
        """
        found = self.find(key)
        if found is not None:
            return found
        with self._making if begun() else nullcontext():
            found = self.find(key)  # somebody may just have made it
            if found is None:
                found, of, until = make()
                true_until(until)
                self.keep(key, found, of=of, until=until)
        return found

    def keep(
        self,
        key: _Key,
        value: _Value,
        *,
        of: Iterable[str],
        until: datetime | None,
    ) -> None:
        """Keep what was found out in this drawing and hangs on these surrogate keys.

        It counts from when the drawing began: what it is made of may have been read then.
        """
        since, weight = begun(), self._weigh(value)
        if since is None or weight > self._most:
            return
        slots = array("I", [EVERYTHING, *slots_of(of)])
        fact = _Fact(value, slots, since, until, weight)
        with self._keeping:
            former = self._facts.pop(key, None)
            self._weight -= former.weight if former else 0
            if self._weight + weight > self._most:
                self._facts.clear()
                self._weight = 0
            self._facts[key] = fact
            self._weight += weight
