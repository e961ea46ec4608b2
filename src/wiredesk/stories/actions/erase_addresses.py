"""Take the words out of the addresses of stories that a contract erases."""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.stories.addresses import without_words
from wiredesk.stories.models import Story, StoryIdentity
from wiredesk.stories.signals import addresses_erased
from wiredesk.wire.models import LedgerLine, Message


def erase_addresses(*, story_ids: Iterable[int]) -> None:
    """Leave of each address the day and the number, in the ledger as well.

    The number alone finds the story, so the old address answers 410 as before. Call in
    a transaction.
    """
    ids = list(story_ids)
    for story in Story.objects.filter(pk__in=ids).only("pk", "path"):
        path = without_words(story.path) if story.path else None
        Story.objects.filter(pk=story.pk).update(slug="", path=path)
    named = set(
        StoryIdentity.objects.filter(story__in=ids).values_list("source", "guid")
    )
    messages = Message.objects.filter(
        source__in={source for source, _guid in named},
        guid__in={guid for _source, guid in named},
    )
    lines = LedgerLine.objects.filter(message__in=messages).exclude(story_path="")
    for path in set(lines.values_list("story_path", flat=True)):
        lines.filter(story_path=path).update(story_path=without_words(path))
    addresses_erased.send(sender=Story, story_ids=ids)
