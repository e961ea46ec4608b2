"""What is pinned, on the edit view of a front or section."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel


class PinsPanel(Panel):
    """The page's pins in order, and the way to the screen that arranges them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/pins_panel.html"

        def is_shown(self) -> bool:
            """Show it for a page that is saved: only that can have pins."""
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Give the page and its running pins."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            pins = self.instance.pins.running(timezone.now()).select_related("story")
            context["page"] = self.instance
            context["pins"] = pins.defer("story__body")
            context["may_arrange"] = self.request.user.has_perm("stories.add_pin")
            return context
