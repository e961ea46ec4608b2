"""Proof that a story is gone from one surface, at the origin or through a cache."""

from __future__ import annotations

from django.db import models


class Proof(models.Model):
    """Whether ``surface`` still shows the withdrawn story, asked at ``urls``.

    ``answers`` are the last ones: those that are alike (``status``, ``sha256`` of the
    body, the headers that matter) stand together with their ``urls`` and when they came.
    ``lack`` says what is missing until ``proved_at``; ``digest`` is the SHA-256 of what
    was proved, as the logbook has it. A second look that finds the story again takes
    the proof back.
    """

    class Via(models.TextChoices):
        ORIGIN = "origin"
        CACHE = "cache"

    withdrawal = models.ForeignKey(
        "delivery.Withdrawal", on_delete=models.CASCADE, related_name="proofs"
    )
    surface = models.CharField(max_length=60)
    via = models.CharField(max_length=6, choices=Via.choices)
    urls = models.JSONField()
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)  # empty: not asked any more
    proved_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=list)
    lack = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["withdrawal", "surface", "via"], name="one_proof_a_surface"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="proofs_waiting",
                condition=models.Q(due_at__isnull=False),
            )
        ]
