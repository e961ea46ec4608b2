"""What the desk's home page says of stories: those that wait for an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from wagtail.admin.ui.components import Component

from wiredesk.stories.actions.merge_update import conflict_addresses
from wiredesk.stories.models import Story, StoryStanding

if TYPE_CHECKING:
    from django.db.models import QuerySet

SHOWN = 10


def waiting_stories() -> QuerySet[Story]:
    """Give the wire's stories that an editor must decide, the newest first.

    Held ones, and live ones of which the agency has sent words that wait.
    """
    held = Q(standing__state=StoryStanding.State.HELD)
    newer_waits = Q(
        standing__state=StoryStanding.State.LIVE,
        standing__reason__endswith=" waits for an editor.",
    )
    return (
        Story.objects.filter(held | newer_waits)
        .exclude(source="")
        .select_related("standing")
        .order_by("-standing__since", "-pk")
    )


def _address_of(story: Story) -> str:
    if story.wire_message_id:
        return reverse("wire_messages:inspect", args=[story.wire_message_id])
    return reverse("wagtailsnippets_stories_story:edit", args=[story.pk])


class WaitingPanel(Component):
    """Stories that wait for an editor, each one click from where it is decided."""

    name = "stories_waiting"
    order = 10
    template_name = "stories/desk/home_waiting.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Give the newest stories that wait, and how many there are."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        stories = waiting_stories()
        shown = list(stories.defer("body")[:SHOWN])
        asked = conflict_addresses([story.pk for story in shown])
        context["stories"] = [
            (story, asked.get(story.pk) or _address_of(story)) for story in shown
        ]
        context["total"] = stories.count()
        context["all_address"] = (
            reverse("wagtailsnippets_stories_story:list") + "?standing=waiting"
        )
        return context
