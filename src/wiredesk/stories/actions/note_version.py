"""Note what an editor's version changed on a story's row: for readers, and for lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.stories.actions.fill_summary import fill_summary
from wiredesk.stories.models import Story, StoryAuthor
from wiredesk.stories.words_read import WordsRead, of_row, reads_alike

if TYPE_CHECKING:
    from datetime import datetime

WordsAndAuthors = tuple[WordsRead, tuple[int, ...]]


def note_what_readers_see(
    *, story: Story, before: WordsAndAuthors, now: datetime
) -> None:
    """Set the time of update where readers see other words, and only there.

    ``before`` is what ``words_read`` gave of the row before the version came onto it.
    """
    words, authors = words_read(story)
    is_changed = authors != before[1] or not reads_alike(words, before[0])
    if is_changed and story.published_at is not None and story.published_at <= now:
        story.updated_at = now
        story.save(update_fields=["updated_at"])
    fill_summary(story=story, before=before[0])


def words_read(story: Story) -> WordsAndAuthors:
    """Give the words that readers see, and the authors whose names stand over them."""
    authors = StoryAuthor.objects.filter(story=story.pk).order_by("sort_order", "pk")
    return of_row(story), tuple(authors.values_list("author_id", flat=True))
