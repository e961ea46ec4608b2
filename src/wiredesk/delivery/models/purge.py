"""The outbox of purges: what outside caches must be told, until they have heard it."""

from __future__ import annotations

from django.db import models


class Purge(models.Model):
    """``target`` must drop everything under ``keys``; one row a target.

    Written in the transaction that changes the stories, so that no crash loses it.
    For the target ``indexnow`` the keys are addresses. ``first`` goes before the rest:
    something must not be seen any longer. ``history`` holds, for those, each attempt:
    when, what came back, how long it took in seconds. A row that only refreshes is
    deleted once it was heard.
    """

    target = models.CharField(max_length=200)
    keys = models.JSONField()
    first = models.BooleanField(default=False)
    withdrawal = models.ForeignKey(
        "delivery.Withdrawal",
        on_delete=models.CASCADE,
        null=True,
        related_name="purges",
    )
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    history = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(
                fields=["target", "-first", "due_at"],
                name="purges_waiting",
                condition=models.Q(done_at__isnull=True),
            )
        ]
