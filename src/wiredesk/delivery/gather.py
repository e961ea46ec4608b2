"""Stories with all that feeds and metadata say of them, in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Prefetch

from wiredesk.stories.models import (
    Correction,
    Placement,
    StoryAuthor,
    StoryPicture,
    StoryTopic,
)
from wiredesk.stories.models.story import StoryQuerySet


def with_everything(stories: StoryQuerySet) -> StoryQuerySet:
    """Fetch authors, topics, pictures, placements and corrections with the stories."""
    in_order = ("sort_order", "pk")
    authors = StoryAuthor.objects.select_related("author").order_by(*in_order)
    pictures = StoryPicture.objects.select_related("picture").order_by(*in_order)
    topics = StoryTopic.objects.select_related("topic").order_by(*in_order)
    places = Placement.objects.select_related("section").order_by("-canonical", "pk")
    return stories.select_related("standing").prefetch_related(
        Prefetch("authors", authors.prefetch_related("author__names")),
        Prefetch("pictures", pictures),
        Prefetch("topics", topics),
        Prefetch("placements", places),
        Prefetch("corrections", Correction.objects.shown()),
    )
