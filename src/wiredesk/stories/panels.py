"""Panels of the story's editor that Wagtail has none for."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from wiredesk.stories.desk.columns import FINGERPRINT, rows_of


class WirePanel(Panel):
    """What the wire says of the story and no editor can change. Empty for our own."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/wire_panel.html"

        def is_shown(self) -> bool:
            """Show it only for a story that came over the wire."""
            return bool(self.instance.source)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Give the story and its standing to the template."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["story"] = self.instance
            context["standing"] = getattr(self.instance, "standing", None)
            conflict = getattr(self.form, "conflict", None)
            if conflict is not None:
                context["rows"] = rows_of(conflict, self.form.data)
                context["fingerprint"] = conflict.fingerprint
                context["fingerprint_name"] = FINGERPRINT
            context["newer_message"] = self._newer_message()
            return context

        def _newer_message(self) -> int | None:
            """Give the message whose words came after the draft was begun, if any."""
            story, draft = self.instance, self.instance.latest_revision
            if draft is None or not story.has_unpublished_changes:
                return None
            begun_on = draft.content.get("wire_message")
            current: int | None = story.wire_message_id
            return current if begun_on != current else None
