"""A story's public history: what readers had, from when on, and what changed between.

Read through the gates of the story and of its versions: what was killed, withheld or
never public is nowhere here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from wiredesk.stories.actions.keep_versions import words_of_version
from wiredesk.stories.merge.word_diff import (
    Change,
    DiffBlock,
    Run,
    line_diff,
    word_diff,
)
from wiredesk.stories.models import Correction, Story, StoryVersion

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.stories.models.story import StoryQuerySet
    from wiredesk.stories.words_read import WordsRead

PAGE = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One public version: its number from 1, from when on, and what changed with it.

    The lines are empty where nothing changed in them; ``blocks`` is the whole text. Of
    the first version all of it is unchanged: it is what there was.
    """

    number: int
    at: datetime
    words: WordsRead
    headline: tuple[Run, ...]
    subheadline: tuple[Run, ...]
    dateline: tuple[Run, ...]
    byline: tuple[Run, ...]
    blocks: tuple[DiffBlock, ...]
    correction: Correction | None = None

    @property
    def is_first(self) -> bool:
        """Whether nothing was before it."""
        return self.number == 1

    def count(self, change: Change) -> int:
        """Give how many paragraphs became so."""
        return sum(block.change is change for block in self.blocks)


@dataclass(frozen=True, slots=True)
class History:
    """Some steps, the newest first, of ``total``."""

    steps: tuple[Step, ...]
    total: int


def with_history(stories: StoryQuerySet, now: datetime) -> StoryQuerySet:
    """Tell of each story, without a query more, whether it has a history.

    ``has_history`` is true where readers have had a second version.
    """
    versions = StoryVersion.objects.shown(now).filter(story=OuterRef("pk"))
    return stories.annotate(has_history=Exists(versions.order_by("at", "id")[1:2]))


def history(story: Story, now: datetime, limit: int = PAGE, offset: int = 0) -> History:
    """Give the history of a story that the caller found through the gate.

    A version whose words were erased by contract is left out, and so is its number.
    Four queries at most, whatever the number of versions.
    """
    shown = StoryVersion.objects.shown(now).filter(story=story)
    total = shown.count()
    newest = shown.select_related("message__feed").order_by("-at", "-id")
    # One more than is asked for: the last step is told by what was before it.
    versions = list(newest[offset : offset + limit + 1])
    known = [words_of_version(version) for version in versions]
    corrections = _corrections(story)
    steps = [
        _step(
            total - offset - place, version, words, _before(known, place), corrections
        )
        for place, (version, words) in enumerate(zip(versions, known, strict=True))
        if words is not None and place < limit
    ]
    return History(tuple(steps), total)


def _before(known: list[WordsRead | None], place: int) -> WordsRead | None:
    return next((words for words in known[place + 1 :] if words is not None), None)


def _corrections(story: Story) -> dict[int, Correction]:
    rows = Correction.objects.shown().filter(story=story, message__isnull=False)
    return {row.message_id: row for row in rows if row.message_id is not None}


def _step(
    number: int,
    version: StoryVersion,
    words: WordsRead,
    before: WordsRead | None,
    corrections: dict[int, Correction],
) -> Step:
    old = before or words
    return Step(
        number=number,
        at=version.at,
        words=words,
        headline=_line(old.headline, words.headline),
        subheadline=_line(old.subheadline, words.subheadline),
        dateline=_line(old.dateline, words.dateline),
        byline=_line(", ".join(old.bylines), ", ".join(words.bylines)),
        blocks=tuple(word_diff(old.body, words.body)),
        correction=corrections.get(version.message_id or 0),
    )


def _line(before: str, after: str) -> tuple[Run, ...]:
    return line_diff(before, after) if before != after else ()
