from __future__ import annotations

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "wiredesk.stories"
    label = "stories"

    def ready(self) -> None:
        from wiredesk.stories import receivers  # noqa: F401  (connects signals)
