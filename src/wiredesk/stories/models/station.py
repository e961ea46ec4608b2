"""The station behind a site: its name, place, zone and face."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site")
class StationSettings(BaseSiteSetting):
    """What a station says of itself, one row a site."""

    class CorrectionsAt(models.TextChoices):
        TOP = "top", _("above the story's text")
        FOOT = "foot", _("below the story's text")

    name = models.CharField(_("name"), max_length=120, default="Wiredesk")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=35, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    logo = models.ForeignKey(
        "stories.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    description = models.TextField(_("description"), blank=True)
    contact_mail = models.EmailField(_("contact"), blank=True)
    legal_name = models.CharField(_("publisher"), max_length=200, blank=True)
    corrections_at = models.CharField(
        _("where a story says what was corrected"),
        max_length=4,
        choices=CorrectionsAt.choices,
        default=CorrectionsAt.FOOT,
    )
    founded = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)

    class Meta:
        verbose_name = _("station")
