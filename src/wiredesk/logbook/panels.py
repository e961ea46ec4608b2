"""What the desk's home page says of alarms."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component

from wiredesk.logbook.queries import open_alarms


class AlarmsPanel(Component):
    """What is wrong now, since when, and how often it was seen."""

    name = "alarms"
    order = 30
    template_name = "logbook/home_alarms.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Give the open alarms, newest first."""
        return {"alarms": open_alarms()}
