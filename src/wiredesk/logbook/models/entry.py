"""Entries, the names behind them, and the seals that chain them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Person(models.Model):
    """Who acted, kept apart so that a name can be erased and the chain still holds."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    name = models.CharField(max_length=200, blank=True)


class Entry(models.Model):
    """One act: at ``at``, ``person`` (or the system) did ``verb`` to ``thing``.

    ``detail`` must name nobody: it is part of the digest and can't be erased.
    """

    at = models.DateTimeField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=300)  # e.g. story:12, feed:meridian
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)  # SHA-256 of the fields above, hex

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["thing", "id"], name="entry_by_thing")]


class Seal(models.Model):
    """A link of the chain: it covers the entries from ``first`` to ``last``.

    ``digest`` is the SHA-256 of the seal before it and of each entry's digest in turn.
    Only one seal may name the same seal before it: a chain doesn't fork.
    """

    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64, blank=True, unique=True)
    digest = models.CharField(max_length=64, unique=True)
