"""Deliveries: payloads that arrived, kept byte for byte."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.Model):
    """Bytes that a feed brought. The bytes lie in the file named by ``sha256``.

    The same bytes by the same feed are one delivery with several receipts. The table
    is the queue: a row in state WAITING is taken by whoever claims it first.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken")
        SET_ASIDE = "set-aside", _("set aside")

    feed = models.ForeignKey(
        "wire.Feed",
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,  # the constraint's own begins with it
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    name = models.CharField(max_length=300, blank=True)
    # Where relative picture names are looked for: a folder or an address.
    origin = models.CharField(max_length=1000, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    # Lower goes first: a kill overtakes whatever waits.
    priority = models.SmallIntegerField(default=5)
    format = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)  # why it was set aside
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # The file went because a contract demanded it; digest and outcome stay. Empty
    # again where the same bytes came once more since.
    erased_at = models.DateTimeField(null=True)
    erased_by = models.ForeignKey(
        "wire.ContractEnd",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "sha256"], name="same_bytes_one_delivery"
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "id"],
                name="waiting_deliveries",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["-id"],
                name="set_aside_deliveries",
                condition=models.Q(state="set-aside"),
            ),
            models.Index(fields=["sha256"], name="delivery_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.sha256[:12]}"


class Receipt(models.Model):
    """One arrival of a delivery: the ledger counts these."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="receipts"
    )
    at = models.DateTimeField()
    transport = models.CharField(max_length=10)
    name = models.CharField(max_length=300, blank=True)
    # How many items it brought, known once read; a set-aside delivery counts as one.
    items = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="open_receipts",
                condition=models.Q(items__isnull=True),
            )
        ]
