"""Ends of contracts: from which second on a feed's copy may not be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class ContractEndQuerySet(models.QuerySet["ContractEnd"]):
    """Ends of contracts; ``in_force`` gives those that count."""

    def in_force(self) -> ContractEndQuerySet:
        """Keep what nobody has undone: at most one a feed."""
        return self.filter(undone_at__isnull=True)


class ContractEnd(models.Model):
    """All copy of ``feed`` is dark from the second ``at`` on, by the clock at reading.

    An order: given once, never changed, and undone only by another act, of which
    ``undone_at`` tells. ``passed_at`` is when the end was first seen to be past, and
    stays when a clock is set back. Where the contract demands it, the copy is erased
    from ``erase_at`` on; ``erased_at`` is when nothing of it was left to erase.
    ``followed_at`` is empty until each story and picture was settled after the order, or
    after it was undone: readers don't depend on it for an end, but for the undoing.
    """

    feed = models.ForeignKey(
        "wire.Feed", on_delete=models.PROTECT, related_name="contract_ends"
    )
    at = models.DateTimeField()
    erase_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    followed_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = ContractEndQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of a contract")
        verbose_name_plural = _("ends of contracts")
        constraints = [
            models.UniqueConstraint(
                fields=["feed"],
                condition=models.Q(undone_at__isnull=True),
                name="one_end_in_force_a_feed",
            )
        ]

    def is_past(self, now: datetime) -> bool:
        """Tell whether the contract has ended: once past, always past."""
        return self.passed_at is not None or self.at <= now
