"""Say that stories changed."""

from __future__ import annotations

from django.db import transaction

from wiredesk.stories.models import Story
from wiredesk.stories.signals import stories_changed, stories_committed


def announce(story_ids: list[int]) -> None:
    """Tell what must change with the stories now, and the rest once it is durable.

    Call inside the transaction that changes them.
    """
    stories_changed.send(sender=Story, story_ids=story_ids)
    transaction.on_commit(
        lambda: stories_committed.send(sender=Story, story_ids=story_ids)
    )
