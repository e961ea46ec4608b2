"""The custom user model, in place from the first migration."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who can sign in. What they may do comes from their roles (groups)."""
