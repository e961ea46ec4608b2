"""What accounts hear from Django: that the permissions are in place."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from wiredesk.accounts.actions.settle_roles import settle_roles


@receiver(post_migrate, dispatch_uid="wiredesk.accounts.settle_roles")
def settle_roles_after_migrate(
    sender: AppConfig, using: str, plan: list[Any] | None = None, **more: Any
) -> None:
    """Settle the roles once the last part has made its permissions."""
    last = [app for app in apps.get_app_configs() if app.models_module][-1]
    if sender is last and using == DEFAULT_DB_ALIAS:
        settle_roles()
