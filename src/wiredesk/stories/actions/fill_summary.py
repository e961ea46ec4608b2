"""Give a story of the station's own a summary where its editor wrote none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.lib.html import to_text
from wiredesk.stories.actions.write_words import opening
from wiredesk.stories.words_read import WordsRead, of_row

if TYPE_CHECKING:
    from wiredesk.stories.models import Story

LONGEST = 300  # characters


def fill_summary(*, story: Story, before: WordsRead | None = None) -> None:
    """Take the summary from the first paragraph, as a wire story's is.

    One that was taken from the words ``before`` follows them; what an editor wrote
    stays. A wire's story is left alone: its summary came with its words.
    """
    if story.source:
        return
    written = story.summary.strip()
    if written and (before is None or written != _summary(before)):
        return
    summary = _summary(of_row(story))
    if summary != story.summary:
        story.summary = summary
        story.save(update_fields=["summary"])


def _summary(words: WordsRead) -> str:
    return opening(to_text(words.body).strip(), LONGEST)
