"""What two sequences have in common, in bounded time whatever they hold.

Difflib is quadratic where a sequence repeats itself, and a wire is foreign text. Here
the items that stand once on both sides are the anchors (a "patience" diff); a stretch
without any is compared exactly if it is short, by counting repetitions if it is long.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

Pair = tuple[int, int]

# A stretch of this many comparisons is compared exactly: 64 items with 64.
EXACT = 4096
# Anchors within anchors; only hostile sequences go deeper.
DEEPEST = 32


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Pair]:
    """Give the places of common items, as pairs that rise on both sides.

    What is equal at both ends is always paired. Takes about ``n log n`` steps for
    ``n`` items, at worst some dozens a piece, and the answer follows from the two
    sequences alone.
    """
    return sorted(_Aligner(before, after).pairs())


class _Aligner:
    def __init__(self, before: Sequence[Hashable], after: Sequence[Hashable]) -> None:
        numbers: dict[Hashable, int] = {}
        # As numbers, so that a long item is hashed and compared once.
        self.before = [numbers.setdefault(item, len(numbers)) for item in before]
        self.after = [numbers.setdefault(item, len(numbers)) for item in after]

    def pairs(self) -> Iterator[Pair]:
        stretches = [(0, len(self.before), 0, len(self.after), 0)]
        while stretches:
            start, end, new_start, new_end, depth = stretches.pop()
            while (
                start < end
                and new_start < new_end
                and self.before[start] == self.after[new_start]
            ):
                yield start, new_start
                start, new_start = start + 1, new_start + 1
            while (
                start < end
                and new_start < new_end
                and self.before[end - 1] == self.after[new_end - 1]
            ):
                end, new_end = end - 1, new_end - 1
                yield end, new_end
            if start == end or new_start == new_end:
                continue
            anchors = self._anchors(start, end, new_start, new_end)
            if not anchors or depth == DEEPEST:
                yield from self._without_anchors(start, end, new_start, new_end)
                continue
            for place, new_place in anchors:
                yield place, new_place
                stretches.append((start, place, new_start, new_place, depth + 1))
                start, new_start = place + 1, new_place + 1
            stretches.append((start, end, new_start, new_end, depth + 1))

    def _anchors(
        self, start: int, end: int, new_start: int, new_end: int
    ) -> list[Pair]:
        old = Counter(self.before[start:end])
        new = Counter(self.after[new_start:new_end])
        places = {
            self.after[place]: place
            for place in range(new_start, new_end)
            if new[self.after[place]] == 1
        }
        return rising(
            [
                (place, places[self.before[place]])
                for place in range(start, end)
                if old[self.before[place]] == 1 and self.before[place] in places
            ]
        )

    def _without_anchors(
        self, start: int, end: int, new_start: int, new_end: int
    ) -> list[Pair]:
        old, new = self.before[start:end], self.after[new_start:new_end]
        if len(old) * len(new) <= EXACT:
            found = _longest_common(old, new)
        else:
            found = _by_occurrence(old, new)
        return [(start + place, new_start + new_place) for place, new_place in found]


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """Give the longest chain of ``pairs`` (sorted, no place twice) that rises."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_, new_place) in enumerate(pairs):
        length = bisect_left(tails, new_place)
        previous.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(new_place)
            ends.append(number)
        else:
            tails[length] = new_place
            ends[length] = number
    chain: list[Pair] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _longest_common(old: list[int], new: list[int]) -> list[Pair]:
    # lengths[i][j]: the longest that old[i:] and new[j:] have in common.
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for place in reversed(range(len(old))):
        row, below = lengths[place], lengths[place + 1]
        for new_place in reversed(range(len(new))):
            row[new_place] = (
                below[new_place + 1] + 1
                if old[place] == new[new_place]
                else max(below[new_place], row[new_place + 1])
            )
    found: list[Pair] = []
    place = new_place = 0
    while place < len(old) and new_place < len(new):
        if old[place] == new[new_place]:
            found.append((place, new_place))
            place, new_place = place + 1, new_place + 1
        elif lengths[place + 1][new_place] >= lengths[place][new_place + 1]:
            place += 1
        else:
            new_place += 1
    return found


def _by_occurrence(old: list[int], new: list[int]) -> list[Pair]:
    # The third "x" here is the third "x" there: each item stands once, so it is fast.
    seen: Counter[int] = Counter()
    places: dict[Pair, int] = {}
    for new_place, item in enumerate(new):
        places[item, seen[item]] = new_place
        seen[item] += 1
    seen.clear()
    pairs: list[Pair] = []
    for place, item in enumerate(old):
        if (item, seen[item]) in places:
            pairs.append((place, places[item, seen[item]]))
        seen[item] += 1
    return rising(pairs)
