"""Which pictures stand between the paragraphs of a story."""

from __future__ import annotations

from django.db import models


class BodyPicture(models.Model):
    """``story`` shows ``picture`` within its text.

    Read off the text whenever a story changes, so that the gate of a picture asks an
    index and never reads a body. Wagtail's own index of references follows in a task
    and may be late, which a gate can't be.
    """

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="+"
    )
    picture = models.ForeignKey(
        "stories.Picture", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "story"], name="one_body_use_a_picture"
            )
        ]
