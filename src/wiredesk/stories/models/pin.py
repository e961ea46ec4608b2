"""Pins: the stories that editors give a place of their own on a front or a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class PinQuerySet(models.QuerySet["Pin"]):
    """Pins; ``running`` keeps those whose time isn't over."""

    def running(self, now: datetime) -> PinQuerySet:
        """Leave out the pins that have ended."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now))


class Pin(models.Model):
    """``story`` stands in ``slot`` of ``page`` until ``until``, where the gate lets it.

    A slot may have more pins than room: the next in order stands by, and moves up at
    once when one above ends or its story goes dark. What no pin fills, the page's rule
    does.
    """

    class Slot(models.TextChoices):
        LEAD = "lead", _("the lead")
        BESIDE = "beside", _("beside the lead")
        BELOW = "below", _("below the lead")

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="pins"
    )
    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="pins"
    )
    slot = models.CharField(_("slot"), max_length=6, choices=Slot.choices)
    sort_order = models.PositiveIntegerField(default=0, editable=False)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    at = models.DateTimeField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        constraints = [
            models.UniqueConstraint(fields=["page", "story"], name="one_pin_a_page")
        ]
