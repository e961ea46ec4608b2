"""Make an account for somebody of the newsroom."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from wiredesk.accounts.models import User
from wiredesk.accounts.roles import role_of

PASSWORD_BYTES = 15  # 20 characters


class NameTakenError(Exception):
    """There is an account of that name already."""


@transaction.atomic
def create_staff(*, username: str, role: str, email: str = "") -> tuple[User, str]:
    """Make an account with ``role`` (a slug); give it and its random password.

    The password is kept nowhere but as a hash. Raises ``NameTakenError``,
    ``KeyError`` for a role there is not, ``ValidationError`` for an unfit name.
    """
    group = Group.objects.get(name=role_of(role).name)
    if User.objects.filter(username=username).exists():
        raise NameTakenError(f"There is an account named {username} already.")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user = User(username=username, email=email)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    user.groups.add(group)
    return user, password


@transaction.atomic
def renew_password(*, username: str) -> str:
    """Give an account a new random password; the old one no longer works.

    Ends the account's sessions with it. Raises ``User.DoesNotExist``.
    """
    user = User.objects.select_for_update().get(username=username)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user.set_password(password)
    user.save(update_fields=["password"])
    return password
