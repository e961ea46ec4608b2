"""The ledger: every item that was ever delivered has exactly one line."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What became of an item when it was taken. Later changes are standing."""

    PUBLISHED = "published", _("published")
    UPDATED = "updated", _("updated")
    CORRECTED = "corrected", _("corrected")
    HELD = "held", _("held")
    EMBARGOED = "embargoed", _("embargoed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    DUPLICATE = "duplicate", _("duplicate")
    SUPERSEDED = "superseded", _("superseded")
    FILED = "filed", _("filed")
    SET_ASIDE = "set-aside", _("set aside")


class LedgerLine(models.Model):
    """One delivered item and its outcome. ``message`` is empty for what was set aside.

    ``story_path`` is the page's path at that moment, if there was one.
    """

    receipt = models.ForeignKey(
        "wire.Receipt",
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,  # the constraint's own begins with it
    )
    message = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, null=True, related_name="lines"
    )
    ordinal = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    story_path = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "ordinal"], name="one_line_an_item"
            )
        ]
        indexes = [models.Index(fields=["outcome", "-id"], name="ledger_by_outcome")]
