"""When anything that the public can see last changed."""

from __future__ import annotations

from django.db import models


class LastChange(models.Model):
    """The time of the last change of any story, written with the change, in one row.

    A feed's newest story can't tell: after a withdrawal it is older than before, and a
    reader asking "since then?" would be told that nothing changed. One row more for
    each ``BLOCK`` of story numbers tells the same of the sitemap that names them.
    """

    ONLY = 1
    BLOCK = 1_000
    _FIRST_BLOCK = 2

    at = models.DateTimeField()

    @classmethod
    def key_of_block(cls, block: int) -> int:
        """Give the key of the row of a block of stories, counted from 0."""
        return cls._FIRST_BLOCK + block
