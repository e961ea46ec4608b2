"""Corrections: what a published story had wrong, said to the reader."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections; ``shown`` keeps those that readers may be told."""

    def shown(self) -> CorrectionQuerySet:
        """Leave out the words of versions that were killed or withheld."""
        return self.filter(ended_at__isnull=True)


class Correction(models.Model):
    """A correction of ``story`` that readers see with it.

    ``message`` is the agency's that brought it, ``by`` the editor who wrote it. An
    agency may correct without a public word: then ``text`` is empty until an editor
    says what was wrong, and readers are told only that the story was corrected.
    """

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="corrections"
    )
    text = models.TextField(_("what was wrong and what is right"), blank=True)
    at = models.DateTimeField(_("when"))
    message = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The agency's words went with the version that brought them.
    ended_at = models.DateTimeField(null=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [models.Index(fields=["-at", "-id"], name="corrections_newest")]

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> str:
        """Give what readers are told; without a text only that it was corrected."""
        return self.text or _now("This story has been corrected.")
