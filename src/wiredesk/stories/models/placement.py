"""Placements: on which site and in which section a story stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey


class Placement(models.Model):
    """``story`` stands in ``section`` of ``site``; the canonical one names its home.

    ``sort_at`` repeats the story's first publication, so that a section's list is read
    off one index.
    """

    # None has an index of its own: each is the first column of one below.
    story = ParentalKey(
        "stories.Story",
        on_delete=models.CASCADE,
        related_name="placements",
        db_index=False,
    )
    site = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    section = models.ForeignKey(
        "stories.SectionPage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        db_index=False,
        verbose_name=_("section"),
    )
    canonical = models.BooleanField(_("canonical"), default=True)
    sort_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(
                fields=["story", "site", "section"], name="one_placement_a_section"
            )
        ]
        indexes = [
            models.Index(fields=["section", "-sort_at"], name="section_newest"),
            models.Index(fields=["site", "-sort_at"], name="site_newest"),
        ]
