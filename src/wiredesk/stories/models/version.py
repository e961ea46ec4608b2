"""Versions: what the public could read of a story, and from when on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class StoryVersionQuerySet(models.QuerySet["StoryVersion"]):
    """Versions; ``shown`` is the gate of every public query of them."""

    def shown(self, now: datetime) -> StoryVersionQuerySet:
        """Keep what readers could read by ``now`` and may still be told of."""
        return self.filter(ended_at__isnull=True, at__lte=now)


class StoryVersion(models.Model):
    """The words of ``story`` as readers had them from ``at`` on.

    One row whenever a reader would see other words, none for words that never went
    public. The words are those of ``message``; ``words`` holds them only where the desk
    changed them, or wrote them itself. Once ``ended_at`` is set (a kill, or a hold after
    which other words came) no reader is told of the version again. One that an embargo
    keeps back has its ``at`` in the future.
    """

    # Both are looked up through the index below, or not at all.
    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.CASCADE,
        related_name="versions",
        db_index=False,
    )
    message = models.ForeignKey(
        "wire.Message",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    words = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = StoryVersionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("version of a story")
        verbose_name_plural = _("versions of stories")
        indexes = [models.Index(fields=["story", "at"], name="versions_of_story")]
