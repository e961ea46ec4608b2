"""What the desk must be told, until it is no longer so."""

from __future__ import annotations

from django.db import models


class Alarm(models.Model):
    """Something is wrong with ``thing`` since ``raised_at``; one open alarm a key."""

    key = models.CharField(max_length=200)  # e.g. silent-feed:meridian
    text = models.TextField()
    thing = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)  # where the desk looks
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    times = models.PositiveIntegerField(default=1)
    mailed_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(cleared_at__isnull=True),
                name="one_open_alarm_a_key",
            )
        ]
        indexes = [
            models.Index(fields=["cleared_at", "-raised_at"], name="open_alarms")
        ]

    def __str__(self) -> str:
        return self.text
