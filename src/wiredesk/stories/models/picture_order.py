"""Orders about pictures: what the desk decided about one, whatever stories have it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PictureOrder(models.Model):
    """The desk's word on the picture of these bytes by this source. Never changed.

    It names the bytes and not a row of the library: a picture that a restore lost, or
    that comes again, is withdrawn as it was. Of withdrawing and publishing the latest
    counts. ``message`` is the kill that a release answers: it says nothing of the next.
    """

    class Verb(models.TextChoices):
        WITHDRAW = "withdraw", _("withdraw the picture")
        PUBLISH = "publish", _("let the picture show again")
        RELEASE = "release", _("release the picture after a kill")
        # Where a release takes two people, what the first one gave: nothing follows.
        ASK = "ask", _("ask for a release of the picture after a kill")

    source = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64)
    verb = models.CharField(max_length=10, choices=Verb.choices)
    message = models.ForeignKey(
        "wire.Message",
        on_delete=models.PROTECT,
        null=True,
        related_name="picture_orders",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("order about a picture")
        verbose_name_plural = _("orders about pictures")
        indexes = [
            models.Index(fields=["sha256", "source"], name="picture_orders_of_bytes")
        ]
