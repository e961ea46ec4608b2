"""References: what a message says of another item, by that item's id."""

from __future__ import annotations

from django.db import models


class Reference(models.Model):
    """``message`` kills, withholds or releases the item ``guid`` of its own source.

    NITF does so with ``management-doc-idref``. The row stands whether the item is known
    or not: a story that comes after its kill finds it here.
    """

    class Verb(models.TextChoices):
        KILLS = "kills"
        WITHHOLDS = "withholds"
        EMBARGOES = "embargoes"
        RELEASES = "releases"

    message = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, related_name="references"
    )
    verb = models.CharField(max_length=10, choices=Verb.choices)
    source = models.CharField(max_length=60)
    guid = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "verb", "guid"], name="reference_once"
            )
        ]
        indexes = [models.Index(fields=["source", "guid"], name="reference_to_item")]
