"""What must be right before the site starts."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from wiredesk.lib import places
from wiredesk.web.places import PLACES


@register
def places_exist(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a fragment for a place that no template has: nobody would ever see it."""
    return [
        Error(
            f"Something is registered for the place {place!r}, which no page has.",
            hint=f"The places are: {', '.join(sorted(PLACES))}.",
            id="web.E001",
        )
        for place in sorted(places.names() - PLACES)
    ]
