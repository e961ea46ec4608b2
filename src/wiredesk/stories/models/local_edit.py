"""Local edits: what the desk made of a wire story's words, apart from the wire's."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q


class LocalEditQuerySet(models.QuerySet["LocalEdit"]):
    """Local edits; ``in_force`` gives the one that counts for each story."""

    def in_force(self) -> LocalEditQuerySet:
        """Keep each story's last edit, of those that no contract erased."""
        later = LocalEdit.objects.filter(
            Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
            story=OuterRef("story"),
            base__erased_at__isnull=True,
        )
        return self.filter(~Exists(later), base__erased_at__isnull=True)


class LocalEdit(models.Model):
    """The words of ``story`` as the desk wants them, made over those of ``base``.

    Never changed; a story's last one is in force. Words equal to ``base``'s mean that
    the desk gave its changes up. Each newer version of the wire is merged with it from
    ``base``, never from another merge, so that the order in which versions came can't
    matter; what readers then had is kept in ``StoryVersion``.
    """

    story = models.ForeignKey(
        "stories.Story", on_delete=models.PROTECT, related_name="local_edits"
    )
    base = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, related_name="local_edits"
    )
    # As ``stories.desk_words.DeskWords`` writes them; empty where ``base`` was erased.
    words = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = LocalEditQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["story", "at"], name="local_edits_of_story")]
