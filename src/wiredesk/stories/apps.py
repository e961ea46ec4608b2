from __future__ import annotations

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "wiredesk.stories"
    label = "stories"

    def ready(self) -> None:
        from wagtail.models import ReferenceIndex

        from wiredesk.stories import receivers  # noqa: F401  (connects signals)
        from wiredesk.stories.models import Author, Story

        # With the desk's screens they would be registered too late: the worker has none.
        for model in (Story, Author):
            ReferenceIndex.register_model(model)
