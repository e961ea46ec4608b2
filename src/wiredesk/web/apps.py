from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wiredesk.web"
    label = "web"

    def ready(self) -> None:
        from wiredesk.stories.models import FrontPage, SectionPage, StandingPage
        from wiredesk.stories.preview import register_page, register_preview

        # limits: its memory must be there before the web processes are forked.
        from wiredesk.web import checks, limits  # noqa: F401  (registers its checks)
        from wiredesk.web.views import story, tree

        register_preview(story.preview)
        register_page(FrontPage, tree.front)
        register_page(SectionPage, tree.section)
        register_page(StandingPage, tree.standing_page)
