"""Where the polling of a feed's address stands: the cursor, and how it goes."""

from __future__ import annotations

from django.db import models


class Poll(models.Model):
    """What the last answer of a polled feed was.

    Apart from the feed, so that nobody who edits a feed meanwhile sets the cursor back.
    ``etag`` and ``modified`` are sent back as they came (RFC 9110, 13.1); ``sha256`` is
    the digest of the last body, for servers that know neither.
    """

    feed = models.OneToOneField(
        "wire.Feed", on_delete=models.CASCADE, related_name="poll"
    )
    address = models.URLField(max_length=500, blank=True)  # whose answer this was
    etag = models.CharField(max_length=500, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    next_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)  # in a row
