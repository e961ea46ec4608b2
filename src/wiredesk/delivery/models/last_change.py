"""When anything that the public can see last changed."""

from __future__ import annotations

from django.db import models


class LastChange(models.Model):
    """One row: the time of the last change of any story, written with the change.

    A feed's newest story can't tell: after a withdrawal it is older than before, and a
    reader asking "since then?" would be told that nothing changed.
    """

    ONLY = 1

    at = models.DateTimeField()
