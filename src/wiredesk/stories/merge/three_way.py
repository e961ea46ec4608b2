"""The wire's new version and the desk's changes, merged paragraph by paragraph.

``docs/explanation/local-edits.md`` says the rules in words, with an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from wiredesk.stories.merge.hunks import Meeting, Side, meetings, side_of
from wiredesk.stories.merge.paragraphs import Paragraph, key_of_line, paragraphs_of


@dataclass(frozen=True, slots=True)
class Words:
    """A story's words: lines of plain text, and a body of well-formed block HTML."""

    headline: str
    subheadline: str = ""
    dateline: str = ""
    body_html: str = ""
    summary: str = ""


class Part(StrEnum):
    """Which of a story's words a segment belongs to."""

    HEADLINE = "headline"
    SUBHEADLINE = "subheadline"
    DATELINE = "dateline"
    BODY = "body"
    SUMMARY = "summary"


class Outcome(StrEnum):
    """What became of a segment."""

    UNCHANGED = "unchanged"
    WIRE = "wire"  # changed by the wire alone
    OURS = "ours"  # changed by the desk alone
    BOTH_SAME = "both-same"  # changed by both, to the same
    CONFLICT = "conflict"  # changed by both, and somebody must choose


class Take(StrEnum):
    """Whose text an editor takes for a segment."""

    BASE = "base"
    WIRE = "wire"
    OURS = "ours"
    WIRE_THEN_OURS = "wire-then-ours"
    OURS_THEN_WIRE = "ours-then-wire"


@dataclass(frozen=True, slots=True)
class Written:
    """An editor's own text for a segment: plain for a line, cleaned HTML for the body."""

    text: str


Choice = Take | Written


class NotChosenError(ValueError):
    """A conflict has no choice, or a choice fits no segment."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a story in three columns, each a row of paragraphs, maybe none.

    A segment of a line has exactly one text in each column.
    """

    part: Part
    outcome: Outcome
    base: tuple[str, ...]
    wire: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def is_conflict(self) -> bool:
        """Whether somebody must choose."""
        return self.outcome is Outcome.CONFLICT


@dataclass(frozen=True, slots=True)
class Merged:
    """The lines' segments, one each, the body's in order, then a summary's if any."""

    segments: tuple[Segment, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nobody needs to be asked."""
        return not self.conflicts

    @property
    def conflicts(self) -> tuple[int, ...]:
        """The numbers of the segments that somebody must choose."""
        return tuple(
            number
            for number, segment in enumerate(self.segments)
            if segment.is_conflict
        )

    @property
    def fingerprint(self) -> str:
        """A digest of all columns: choices made on one fingerprint fit no other."""
        return sha256(repr(self.segments).encode()).hexdigest()


def merge(*, base: Words, wire: Words, ours: Words) -> Merged:
    """Merge the wire's new words and the desk's, which both began as ``base``.

    Where the desk changed nothing the wire's bytes are taken, and the desk's where the
    wire changed nothing. Never fails, and never chooses where both changed the same.
    """
    lines = [
        _line(part, getattr(base, part), getattr(wire, part), getattr(ours, part))
        for part in (Part.HEADLINE, Part.SUBHEADLINE, Part.DATELINE)
    ]
    summaries = base.summary, wire.summary, ours.summary
    last = [_line(Part.SUMMARY, *summaries)] if any(summaries) else []
    body = _body(
        paragraphs_of(base.body_html),
        paragraphs_of(wire.body_html),
        paragraphs_of(ours.body_html),
    )
    return Merged((*lines, *body, *last))


def resolve(merged: Merged, choices: Mapping[int, Choice] | None = None) -> Words:
    """Give the merged words; ``choices`` are by the number of the segment.

    A segment that is no conflict may be chosen, too. Raises ``NotChosenError`` where a
    conflict has no choice, a number has no segment, or a line is to hold two texts.
    """
    choices = choices or {}
    unknown = set(choices) - set(range(len(merged.segments)))
    if unknown:
        raise NotChosenError(f"There is no segment {min(unknown)}.")
    texts = dict.fromkeys(Part, "")
    for number, segment in enumerate(merged.segments):
        texts[segment.part] += _taken(number, segment, choices.get(number))
    return Words(
        headline=texts[Part.HEADLINE],
        subheadline=texts[Part.SUBHEADLINE],
        dateline=texts[Part.DATELINE],
        body_html=texts[Part.BODY],
        summary=texts[Part.SUMMARY],
    )


def _taken(number: int, segment: Segment, choice: Choice | None) -> str:
    if isinstance(choice, Written):
        return choice.text
    if choice is None:
        if segment.is_conflict:
            raise NotChosenError(f"Segment {number} is a conflict without a choice.")
        choice = Take.OURS if segment.outcome is Outcome.OURS else Take.WIRE
    texts = {
        Take.BASE: segment.base,
        Take.WIRE: segment.wire,
        Take.OURS: segment.ours,
        Take.WIRE_THEN_OURS: segment.wire + segment.ours,
        Take.OURS_THEN_WIRE: segment.ours + segment.wire,
    }[choice]
    if segment.part is not Part.BODY and len(texts) > 1:
        raise NotChosenError(f"The {segment.part} holds one text only.")
    return "".join(texts)


def _line(part: Part, base: str, wire: str, ours: str) -> Segment:
    keys = [key_of_line(text) for text in (base, wire, ours)]
    return Segment(part, _outcome(*keys), (base,), (wire,), (ours,))


def _outcome(base: object, wire: object, ours: object) -> Outcome:
    if wire == ours:
        return Outcome.UNCHANGED if wire == base else Outcome.BOTH_SAME
    if ours == base:
        return Outcome.WIRE
    return Outcome.OURS if wire == base else Outcome.CONFLICT


def _body(
    base: list[Paragraph], wire: list[Paragraph], ours: list[Paragraph]
) -> Iterator[Segment]:
    wire_side, ours_side = side_of(base, wire), side_of(base, ours)
    place = 0
    for meeting in [*meetings(wire_side, ours_side), Meeting(len(base), len(base))]:
        if place < meeting.start:
            untouched = Meeting(place, meeting.start)
            yield _segment(*_columns(untouched, base, wire_side, ours_side))
        columns = _columns(meeting, base, wire_side, ours_side)
        if not meeting.wire or not meeting.ours:
            if any(columns):
                yield _segment(*columns)
        else:
            yield from _judged(*columns)
        place = meeting.end


Column = Sequence[Paragraph]


def _columns(
    meeting: Meeting, base: Column, wire: Side, ours: Side
) -> tuple[Column, Column, Column]:
    start, end = meeting.start, meeting.end
    return (
        base[start:end],
        wire.between(start, end, meeting.wire),
        ours.between(start, end, meeting.ours),
    )


def _segment(base: Column, wire: Column, ours: Column) -> Segment:
    keys = [[one.key for one in column] for column in (base, wire, ours)]
    return Segment(
        Part.BODY,
        _outcome(*keys),
        tuple([one.html for one in base]),
        tuple([one.html for one in wire]),
        tuple([one.html for one in ours]),
    )


def _judged(base: Column, wire: Column, ours: Column) -> Iterator[Segment]:
    """Give changes that meet; where both added, what both added alike stands apart."""
    if base:
        yield _segment(base, wire, ours)
        return
    head, tail = _same_ends(wire, ours)
    wire_tail, ours_tail = len(wire) - tail, len(ours) - tail
    for wire_part, ours_part in (
        (wire[:head], ours[:head]),
        (wire[head:wire_tail], ours[head:ours_tail]),
        (wire[wire_tail:], ours[ours_tail:]),
    ):
        if wire_part or ours_part:
            yield _segment(base, wire_part, ours_part)


def _same_ends(wire: Column, ours: Column) -> tuple[int, int]:
    """Count what two columns begin with alike, and end with alike after that."""
    shorter = min(len(wire), len(ours))
    head = 0
    while head < shorter and wire[head].key == ours[head].key:
        head += 1
    tail = 0
    while tail < shorter - head and wire[-1 - tail].key == ours[-1 - tail].key:
        tail += 1
    return head, tail
