"""What one side changed in the base, and which changes of two sides meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wiredesk.stories.merge.align import Pair, align
from wiredesk.stories.merge.paragraphs import Paragraph
from wiredesk.stories.merge.similar import similar_pairs

# Changes of one side that touch one place: before it, at it and after it.
_AT_ONE_PLACE = 3


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change: the base's paragraphs from ``start`` to ``end`` become ``new``."""

    start: int
    end: int
    new: tuple[Paragraph, ...]

    @property
    def growth(self) -> int:
        """How many paragraphs there are more after it; negative where some went."""
        return len(self.new) - (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Side:
    """A text as changes of the base, and its own paragraphs where it made none."""

    hunks: tuple[Hunk, ...]
    # By the base's place.
    kept: dict[int, Paragraph]

    def between(self, start: int, end: int, hunks: Sequence[Hunk]) -> list[Paragraph]:
        """Give this side's text for a stretch of the base in which ``hunks`` lie."""
        text: list[Paragraph] = []
        for hunk in hunks:
            text += [self.kept[place] for place in range(start, hunk.start)]
            text += hunk.new
            start = hunk.end
        return text + [self.kept[place] for place in range(start, end)]


@dataclass(slots=True)
class Meeting:
    """Changes that can't be judged apart; of one side only, most times."""

    start: int
    end: int
    wire: list[Hunk] = field(default_factory=list)
    ours: list[Hunk] = field(default_factory=list)

    def join(self, other: Meeting) -> None:
        """Take the other's changes, which come after these, as well."""
        self.start = min(self.start, other.start)
        self.end = max(self.end, other.end)
        self.wire += other.wire
        self.ours += other.ours

    def meets(self, other: Meeting) -> bool:
        """Tell whether a change of one side meets one of the other's other side."""
        return _any_meet(self.wire, other.ours) or _any_meet(self.ours, other.wire)


def side_of(base: Sequence[Paragraph], text: Sequence[Paragraph]) -> Side:
    """Give ``text`` as changes of ``base``; a move is a deletion and an insertion.

    A rewritten paragraph is a change of its own, apart from its neighbours, where it
    shares most of its words with the one that it replaces.
    """
    pairs = align([one.key for one in base], [one.key for one in text])
    hunks: list[Hunk] = []
    place = new_place = 0
    for end, new_end in [*pairs, (len(base), len(text))]:
        if place < end or new_place < new_end:
            hunks += _changes(base[place:end], text[new_place:new_end], place)
        place, new_place = end + 1, new_end + 1
    kept = {place: text[new_place] for place, new_place in pairs}
    return Side(tuple(hunks), kept)


def meetings(wire: Side, ours: Side) -> list[Meeting]:
    """Give all changes of both sides, grouped where they meet, in the base's order."""
    changes = [Meeting(hunk.start, hunk.end, wire=[hunk]) for hunk in wire.hunks]
    changes += [Meeting(hunk.start, hunk.end, ours=[hunk]) for hunk in ours.hunks]
    found: list[Meeting] = []
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        place = len(found)
        first = place
        while place > 0 and found[place - 1].end >= change.start:
            place -= 1
            if found[place].meets(change):
                first = place
        found[first:] = [_joined([*found[first:], change])]
    return found


def _joined(changes: list[Meeting]) -> Meeting:
    first, *others = changes
    for other in others:
        first.join(other)
    return first


def _any_meet(hunks: list[Hunk], others: list[Hunk]) -> bool:
    # What comes later can only meet the last ones.
    return any(
        _meet(hunk, other) for hunk in hunks[-_AT_ONE_PLACE:] for other in others
    )


def _meet(hunk: Hunk, other: Hunk) -> bool:
    """Tell whether two sides' changes overlap, or touch where order would be a guess."""
    if hunk.start < other.end and other.start < hunk.end:
        return True
    touch = hunk.start <= other.end and other.start <= hunk.end
    # A paragraph added where the other side added or removed one: which goes first, and
    # does it still hang on anything? A rewritten neighbour leaves no such doubt.
    grows = max(hunk.growth, other.growth) > 0
    return touch and grows and hunk.growth != 0 and other.growth != 0


def _changes(
    old: Sequence[Paragraph], new: Sequence[Paragraph], first: int
) -> Iterator[Hunk]:
    pairs: list[Pair] = []
    if old and new and len(old) + len(new) > 2:
        pairs = similar_pairs([one.bag for one in old], [one.bag for one in new])
    place = new_place = 0
    for end, new_end in [*pairs, (len(old), len(new))]:
        if place < end or new_place < new_end:
            yield Hunk(first + place, first + end, tuple(new[new_place:new_end]))
        if end < len(old):
            yield Hunk(first + end, first + end + 1, (new[new_end],))
        place, new_place = end + 1, new_end + 1
