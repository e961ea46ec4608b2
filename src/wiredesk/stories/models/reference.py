"""References: what a message says of another item, by that item's id."""

from __future__ import annotations

from django.db import models


class Reference(models.Model):
    """``message`` kills, withholds or releases the item ``guid`` of its own source.

    NITF does so with ``management-doc-idref``. The row stands whether the item is known
    or not: a story that comes after its kill finds it here. Rows of a kill that names no
    id (``by_name``) are matched anew whenever something comes that goes by the name.
    """

    class Verb(models.TextChoices):
        KILLS = "kills"
        WITHHOLDS = "withholds"
        EMBARGOES = "embargoes"
        RELEASES = "releases"
        DOUBTS = "doubts"  # a kill or a hold that may mean this story, or another

    message = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, related_name="references"
    )
    verb = models.CharField(max_length=10, choices=Verb.choices)
    source = models.CharField(max_length=60)
    guid = models.TextField()
    by_name = models.BooleanField(default=False)
    # The journal says that it matched: what is here now can't tell, after a restore.
    pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "verb", "guid"], name="reference_once"
            )
        ]
        indexes = [models.Index(fields=["source", "guid"], name="reference_to_item")]


class ItemName(models.Model):
    """An item goes by a name: its slug, its transmission reference, another id.

    ``at`` is the time of the version that said so. Kept for kills that name no id.
    ``name`` is a digest: it outlives the words, which a contract may have erased.
    """

    message = models.ForeignKey(
        "wire.Message", on_delete=models.CASCADE, related_name="+"
    )
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    guid = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "name", "at"], name="item_by_name")]


class KillByName(models.Model):
    """``message`` kills or withholds what goes by ``name``, a digest, whatever its id."""

    message = models.ForeignKey(
        "wire.Message", on_delete=models.CASCADE, related_name="+"
    )
    verb = models.CharField(max_length=10, choices=Reference.Verb.choices)
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    guid = models.TextField()  # of the message: none is matched while it is a story's
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "name"], name="kill_names_once")
        ]
        indexes = [
            models.Index(fields=["source", "name"], name="kill_by_name"),
            models.Index(fields=["source", "guid"], name="kill_by_guid"),
        ]
