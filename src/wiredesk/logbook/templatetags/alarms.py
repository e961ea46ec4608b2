"""The banner of open alarms on every page of the desk."""

from __future__ import annotations

from typing import Any

from django import template

from wiredesk.logbook.queries import open_alarms

register = template.Library()

SHOWN = 3


@register.inclusion_tag("logbook/_alarm_banner.html", takes_context=True)
def alarm_banner(context: dict[str, Any]) -> dict[str, Any]:
    """Give the open alarms, newest first, for the desk's banner."""
    alarms = list(open_alarms())
    return {
        "alarms": alarms[:SHOWN],
        "total": len(alarms),
        "may_list": context["request"].user.has_perm("logbook.view_alarm"),
    }
