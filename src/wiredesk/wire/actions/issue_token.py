"""Issue the bearer token by which a sender pushes to a feed."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from wiredesk.logbook.actions.write import write
from wiredesk.wire.models import Feed

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

TOKEN_BYTES = 32


def digest_of_token(token: str) -> str:
    """Give what is kept of a token: its SHA-256 in hex.

    Unsalted: a token is 256 random bits, so there is no dictionary to guess it from.
    """
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_token(*, feed: Feed, by: AbstractBaseUser | None = None) -> str:
    """Make a new token for ``feed`` and give it, this once; the one before ends."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Feed.objects.filter(pk=feed.pk).update(token_digest=digest_of_token(token))
    write(verb="issue token", thing=f"feed:{feed.slug}", person=by)
    return token
