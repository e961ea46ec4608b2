"""Which paragraph is which, rewritten: pairs that share most of their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wiredesk.stories.merge.align import Pair
    from wiredesk.stories.merge.words import Bag

# The share of words in common from which a paragraph is a rewriting of the other: two
# sentences of English about different things share a quarter of theirs.
LIKENESS = 0.5
# So many paragraphs are compared each with each; beyond, each with those near by.
EACH_WITH_EACH = 900
NEAR = 8


def similar_pairs(before: Sequence[Bag], after: Sequence[Bag]) -> list[Pair]:
    """Give the places of rewritten paragraphs, as pairs that rise on both sides.

    Each paragraph is the bag of its words. Of all chains the one that is alike in
    sum is given. Compares at most ``EACH_WITH_EACH`` or ``2 * NEAR + 1`` a paragraph.
    """
    found: list[tuple[int, int, float]] = []
    for place, new_place in _candidates(len(before), len(after)):
        old, new = before[place], after[new_place]
        likeness = 2 * len(old & new) / (len(old) + len(new) or 1)
        if likeness >= LIKENESS:
            found.append((place, new_place, likeness))
    return _heaviest_rising(found, len(after))


def _candidates(count: int, new_count: int) -> Iterator[Pair]:
    """Give the pairs worth a comparison: places rise, new places fall within a place."""
    everything = count * new_count <= EACH_WITH_EACH
    for place in range(count):
        middle = place * new_count // count
        first = 0 if everything else max(0, middle - NEAR)
        last = new_count if everything else min(new_count, middle + NEAR + 1)
        for new_place in reversed(range(first, last)):
            yield place, new_place


def _heaviest_rising(found: list[tuple[int, int, float]], new_count: int) -> list[Pair]:
    chains = _BestChains(new_count)
    previous: list[int] = []
    for number, (_, new_place, likeness) in enumerate(found):
        weight, last = chains.before(new_place)
        previous.append(last)
        # New places fall within a place, so no chain takes one place twice.
        chains.add(new_place, (weight + likeness, number))
    number = chains.before(new_count)[1]
    chosen: list[Pair] = []
    while number >= 0:
        chosen.append(found[number][:2])
        number = previous[number]
    return chosen[::-1]


class _BestChains:
    """A Fenwick tree: the heaviest chain (weight, its last pair) before a place."""

    def __init__(self, size: int) -> None:
        self.tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)

    def before(self, place: int) -> tuple[float, int]:
        best = (0.0, -1)
        while place > 0:
            best = max(best, self.tree[place])
            place &= place - 1
        return best

    def add(self, place: int, chain: tuple[float, int]) -> None:
        place += 1
        while place < len(self.tree):
            self.tree[place] = max(self.tree[place], chain)
            place += place & -place
