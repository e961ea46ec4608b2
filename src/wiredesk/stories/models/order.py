"""Orders: what the desk decided about a story, signed with who and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    """The desk's word on ``story``. Never changed; a later order answers it.

    ``message`` is the message it answers: a release of one kill says nothing about the
    next. Empty only for a story of the station's own.
    """

    class Verb(models.TextChoices):
        PUBLISH = "publish", _("publish")
        HOLD = "hold", _("hold")
        WITHDRAW = "withdraw", _("withdraw")
        RELEASE = "release", _("release after a kill")
        # Where a release takes two people, what the first one gave: nothing follows.
        ASK = "ask", _("ask for a release after a kill")

    story = models.ForeignKey(
        "stories.Story", on_delete=models.PROTECT, related_name="orders"
    )
    verb = models.CharField(max_length=10, choices=Verb.choices)
    message = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, null=True, related_name="orders"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        # Publishing, holding and withdrawing need Wagtail's own "publish_story".
        permissions = [("release_story", "Can release a story after a kill")]
