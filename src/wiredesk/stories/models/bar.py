"""The breaking-news bar of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class BreakingBarQuerySet(models.QuerySet["BreakingBar"]):
    """Bars; ``running`` keeps those neither ended nor over."""

    def running(self, now: datetime) -> BreakingBarQuerySet:
        """Leave out what an editor ended and what the clock did."""
        return self.filter(ended_at__isnull=True, until__gt=now)


class BreakingBar(models.Model):
    """A line above every page of ``site`` until ``until``.

    One that links a story shows only while the public may read that story. A new one
    ends the one before it; ended ones stay, to tell what stood when.
    """

    site = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.CASCADE, related_name="+"
    )
    words = models.CharField(_("words"), max_length=140)
    story = models.ForeignKey(
        "stories.Story",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("story"),
    )
    until = models.DateTimeField(_("until"))
    at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = BreakingBarQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("breaking-news bar")
        verbose_name_plural = _("breaking-news bars")
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                condition=models.Q(ended_at__isnull=True),
                name="one_bar_a_site",
            )
        ]

    def __str__(self) -> str:
        return self.words
