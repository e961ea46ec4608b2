"""What delivery hears from stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from wiredesk.delivery.actions.ask_purge import Asked, ask_purge
from wiredesk.delivery.actions.follow_standing import follow_standing
from wiredesk.delivery.actions.index_stories import index_stories
from wiredesk.delivery.actions.note_change import note_change
from wiredesk.delivery.proof import prove
from wiredesk.delivery.purge import drain
from wiredesk.delivery.purge.keys import FRAME, list_key
from wiredesk.stories.signals import (
    bar_changed,
    frame_changed,
    lists_changed,
    stories_changed,
    stories_committed,
)


@receiver(stories_changed, dispatch_uid="delivery.search")
def change_search(sender: Any, *, story_ids: Sequence[int], **_kwargs: Any) -> None:
    """Search changes with the story or not at all, hence inside the transaction."""
    index_stories(story_ids=story_ids)
    note_change(at=timezone.now(), story_ids=story_ids)


@receiver(stories_changed, dispatch_uid="delivery.outside")
def follow_outside(sender: Any, *, story_ids: Sequence[int], **_kwargs: Any) -> None:
    """Note what went dark, and the word to caches: durable with the change itself."""
    follow_standing(story_ids=story_ids, at=timezone.now())


@receiver(stories_committed, dispatch_uid="delivery.nudge")
def hurry(sender: Any, **_kwargs: Any) -> None:
    """Where the worker itself settled a kill, it needn't wait for the next look."""
    drain.nudge()
    prove.nudge()


@receiver(lists_changed, dispatch_uid="delivery.lists")
def follow_lists(sender: Any, *, paths: Sequence[str], **_kwargs: Any) -> None:
    """Have what editors arranged anew asked for anew."""
    _refresh([list_key(path) for path in paths])


@receiver([frame_changed, bar_changed], dispatch_uid="delivery.frame")
def follow_frame(sender: Any, **_kwargs: Any) -> None:
    """Drop every page: each was kept with what stands around it."""
    _refresh([FRAME])


def _refresh(keys: list[str]) -> None:
    now = timezone.now()
    note_change(at=now)
    ask_purge(purges=[Asked(keys)], at=now)
    transaction.on_commit(drain.nudge)
