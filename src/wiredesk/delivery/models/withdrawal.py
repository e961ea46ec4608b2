"""Stories and pictures that went dark: what outside copies must follow, and prove."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _


class Withdrawal(models.Model):
    """``story``, or ``picture`` alone, was public and isn't since ``at``.

    Written in that transaction. What comes back ends it (``ended_at``), and so does another ``kind``: a kill
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
        "stories.Story",
        on_delete=models.CASCADE,
        null=True,
        related_name="withdrawals",
    )
    picture = models.ForeignKey(
        "stories.Picture",
        on_delete=models.CASCADE,
        null=True,
        related_name="withdrawals",
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
            ),
            models.UniqueConstraint(
                fields=["picture"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_withdrawal_a_picture",
            ),
            models.CheckConstraint(
                condition=models.Q(story__isnull=True) ^ models.Q(picture__isnull=True),
                name="withdrawal_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="withdrawals_to_prove",
                condition=models.Q(ended_at__isnull=True, confirmed_at__isnull=True),
            )
        ]

    @property
    def thing(self) -> str:
        """Give what went, as the logbook names it."""
        if self.picture_id is not None:
            return f"picture:{self.picture_id}"
        return f"story:{self.story_id}"

    def in_words(self) -> str:
        """Give what went, as the desk's list names it."""
        if self.picture is not None:
            return _("Picture: %(title)s") % {"title": self.picture.title}
        return self.story.headline if self.story is not None else ""
