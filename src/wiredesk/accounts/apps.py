from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wiredesk.accounts"
    label = "accounts"

    def ready(self) -> None:
        from wiredesk.accounts import receivers  # noqa: F401  (connects signals)
