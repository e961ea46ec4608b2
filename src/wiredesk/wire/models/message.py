"""Messages: one version of one story by one source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One item as it was understood, with the feed's policy frozen onto it.

    Never changed after it is written, but for erasure by contract. Identity is
    (source, guid). ``item`` is the whole ``WireItem`` as JSON.
    """

    delivery = models.ForeignKey(
        "wire.Delivery",
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,  # the constraint's own begins with it
    )
    feed = models.ForeignKey(
        "wire.Feed", on_delete=models.PROTECT, related_name="messages"
    )
    ordinal = models.PositiveIntegerField()  # place in the delivery, from 0
    source = models.CharField(max_length=60)
    guid = models.TextField()
    version = models.TextField(blank=True)  # as written; whole numbers of any size
    version_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()  # first receipt; part of the message
    # When it was settled; messages of one moment were settled together.
    taken_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=10)
    publishable = models.BooleanField()
    embargoed_until = models.DateTimeField(null=True)
    embargo_open = models.BooleanField(default=False)  # an embargo without end
    expires = models.DateTimeField(null=True)
    headline = models.TextField(blank=True)
    slugline = models.TextField(blank=True)
    urgency = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=40, blank=True)
    item = models.JSONField()
    # {"publish": "now"|"hold", "why": …, "section": …, "hard_expiry": bool, …}
    policy = models.JSONField()
    digest = models.CharField(max_length=64)  # of the item, to tell a repeat
    # A contract demanded it: ``item`` is empty, ``headline`` and ``slugline`` are too.
    erased_at = models.DateTimeField(null=True)
    erased_by = models.ForeignKey(
        "wire.ContractEnd",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "ordinal"], name="message_place_in_delivery"
            )
        ]
        indexes = [models.Index(fields=["source", "guid"], name="message_identity")]

    def __str__(self) -> str:
        return self.headline or self.guid
