"""What public search knows of a story."""

from __future__ import annotations

from django.db import models

# A key is (second of publication, story) in one whole number of 63 bits.
STORY_BITS = 30
STORY_MASK = (1 << STORY_BITS) - 1


class SearchEntry(models.Model):
    """The words of one live story, as public search reads them.

    ``key`` holds the second of first publication and, in its lower ``STORY_BITS``, the
    story: in the order of keys the index itself gives the newest first and stops at the
    end of a page, and a span of dates is a span of keys. ``filters`` are marks for what
    a search may be narrowed to; they begin with a character no text can have.
    """

    key = models.BigAutoField(primary_key=True)
    story = models.OneToOneField(
        "stories.Story", on_delete=models.CASCADE, related_name="+"
    )
    headline = models.TextField()
    subheadline = models.TextField()
    body = models.TextField()
    names = models.TextField()
    topics = models.TextField()
    filters = models.TextField()

    class Meta:
        verbose_name_plural = "search entries"
