"""Give a story's rows in lists the time by which lists are read."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from wiredesk.stories.models import Placement, Story, StoryAuthor, StoryTopic


def keep_lists_in_order(story_ids: Collection[int]) -> None:
    """Give the stories' places, authors and topics the time of first publication.

    An editor's new ones have none; those that went through a version have it cut to
    milliseconds.
    """
    first = Story.objects.filter(pk=OuterRef("story")).values("published_at")
    for model in (Placement, StoryAuthor, StoryTopic):
        rows = model._default_manager.filter(story__in=story_ids)
        rows.update(sort_at=Subquery(first[:1]))
