"""A merge as the desk shows it: three columns, and what somebody chose in a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.translation import gettext as _

from wiredesk.lib.html import clean, to_text
from wiredesk.lib.text import one_line
from wiredesk.stories.desk_words import PICTURE
from wiredesk.stories.merge.three_way import Part, Take, Written
from wiredesk.stories.merge.word_diff import Run, line_diff, word_diff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wiredesk.stories.merge.three_way import Choice, Merged, Segment

_BLOCK = re.compile(
    r"<(?:p|h[1-6]|ul|ol|dl|table|blockquote|pre|figure|hr)\b", re.IGNORECASE
)
_EMPTY_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
BY_HAND = "by-hand"
FINGERPRINT = "merge-fingerprint"


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer; its label and whether it is chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A segment as it is shown. Columns are paragraphs, each a row of marked words."""

    number: int
    label: str
    outcome: str
    is_conflict: bool
    base: Sequence[Sequence[Run]]
    wire: Sequence[Sequence[Run]]
    ours: Sequence[Sequence[Run]]
    options: Sequence[Option]
    written: str

    @property
    def name(self) -> str:
        """The name of the choice in the form."""
        return f"merge-choice-{self.number}"

    @property
    def written_name(self) -> str:
        """The name of what is written by hand."""
        return f"merge-text-{self.number}"


def rows_of(merged: Merged, given: Mapping[str, str] | None = None) -> list[Row]:
    """Give the merge's segments to be drawn, with what was chosen before, if anything."""
    given = given or {}
    return [
        _row(number, segment, given) for number, segment in enumerate(merged.segments)
    ]


def choices_in(merged: Merged, given: Mapping[str, str]) -> dict[int, Choice]:
    """Give what a form that was drawn from ``rows_of`` chose; nonsense is no choice.

    What was written by hand is cleaned: paragraphs are parted by an empty line.
    """
    choices: dict[int, Choice] = {}
    for number in merged.conflicts:
        segment = merged.segments[number]
        value = given.get(f"merge-choice-{number}", "")
        if value == BY_HAND:
            text = given.get(f"merge-text-{number}", "")
            is_body = segment.part is Part.BODY
            choices[number] = Written(
                _written(text) if is_body else one_line(text) or ""
            )
        elif value in _takes(segment):
            choices[number] = Take(value)
    return choices


def runs_of(before: str, after: str, *, is_html: bool = True) -> list[tuple[Run, ...]]:
    """Give two texts as paragraphs of marked words; ``removed`` stands in the first."""
    if not is_html:
        return [line_diff(before, after)]
    return [block.runs for block in word_diff(_readable(before), _readable(after))]


def _written(text: str) -> str:
    """Give what somebody typed as clean HTML.

    An empty line parts paragraphs, also where a word is marked as bold; whoever writes
    paragraphs as HTML has parted them.
    """
    if _BLOCK.search(text):
        return clean(text)
    return "".join([clean(part) for part in _EMPTY_LINE.split(text)])


def _row(number: int, segment: Segment, given: Mapping[str, str]) -> Row:
    is_body = segment.part is Part.BODY
    base, wire, ours = (
        "".join(column) for column in (segment.base, segment.wire, segment.ours)
    )
    chosen = given.get(f"merge-choice-{number}", "")
    written = given.get(f"merge-text-{number}")
    return Row(
        number=number,
        label=_LABELS[segment.part](),
        outcome=segment.outcome.value,
        is_conflict=segment.is_conflict,
        base=runs_of(base, base, is_html=is_body),
        wire=runs_of(base, wire, is_html=is_body),
        ours=runs_of(base, ours, is_html=is_body),
        options=[
            Option(value, label, value == chosen)
            for value, label in _options(segment).items()
        ]
        if segment.is_conflict
        else [],
        written=_to_write(ours, is_body) if written is None else written,
    )


def _options(segment: Segment) -> dict[str, str]:
    labels = {
        Take.WIRE.value: _("The wire’s"),
        Take.OURS.value: _("Ours"),
        Take.WIRE_THEN_OURS.value: _("Both, the wire's first"),
        Take.OURS_THEN_WIRE.value: _("Both, ours first"),
    }
    return {
        **{value: labels[value] for value in _takes(segment)},
        BY_HAND: _("As written here:"),
    }


def _takes(segment: Segment) -> list[str]:
    takes = [Take.WIRE, Take.OURS]
    if segment.part is Part.BODY and segment.wire and segment.ours:
        takes += [Take.WIRE_THEN_OURS, Take.OURS_THEN_WIRE]
    return [take.value for take in takes]


def _to_write(html: str, is_body: bool) -> str:
    """Give what an editor starts from: plain paragraphs where nothing else is lost."""
    if not is_body:
        return html
    html = PICTURE.sub("", html)
    text = to_text(html)
    return text if clean(text) == html else html


def _readable(html: str) -> str:
    """Give HTML in which a picture can be read as a word."""
    return PICTURE.sub(f"<p>[{escape(_('picture'))}]</p>", html)


_LABELS = {
    Part.HEADLINE: lambda: _("Headline"),
    Part.SUBHEADLINE: lambda: _("Line below the headline"),
    Part.DATELINE: lambda: _("Dateline"),
    Part.BODY: lambda: _("Text"),
    Part.SUMMARY: lambda: _("Summary"),
}
