"""Stories that went dark: what outside copies must follow, and prove."""

from __future__ import annotations

from django.db import models


class Withdrawal(models.Model):
    """``story`` was public and isn't since ``at``; written in that transaction.

    A story that comes back ends it (``ended_at``), and so does another ``kind``: a kill
    after a hold is proved anew. ``listed_at`` is when its surfaces were written down to
    be asked, ``gone_at`` when the last of them was proved gone, ``confirmed_at`` when a
    second look, after answers under way had their time, found it still gone.
    """

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn"
        HELD = "held"
        EMBARGOED = "embargoed"
        EXPIRED = "expired"

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="withdrawals"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["story"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_withdrawal_a_story",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="withdrawals_to_prove",
                condition=models.Q(ended_at__isnull=True, confirmed_at__isnull=True),
            )
        ]
