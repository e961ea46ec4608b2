from __future__ import annotations

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "wiredesk.topics"
    label = "topics"

    def ready(self) -> None:
        from wagtail.models import ReferenceIndex

        from wiredesk.topics.models import Topic

        ReferenceIndex.register_model(Topic)  # as stories are
