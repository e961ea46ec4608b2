"""Who is behind a request, where nobody may be unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from django.http import HttpRequest


def signed_in(request: HttpRequest) -> AbstractUser:
    """Give the account that is signed in; raises ``PermissionDenied`` where none is."""
    if not isinstance(request.user, AbstractUser):
        raise PermissionDenied
    return request.user
