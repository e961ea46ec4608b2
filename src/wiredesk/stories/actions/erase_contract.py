"""Erase the copy of feeds whose contract has ended and demands it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision
from wagtail.search import index

from wiredesk.lib.overwriting import overwriting
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.logbook.models import Alarm
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.erase_addresses import erase_addresses
from wiredesk.stories.actions.erase_pictures import ERASED, erase_pictures
from wiredesk.stories.contracts import originals_of, shared_originals
from wiredesk.stories.models import (
    Correction,
    LocalEdit,
    Picture,
    Story,
    StoryIdentity,
    StoryPicture,
    StoryVersion,
)
from wiredesk.stories.signals import words_erased
from wiredesk.wire import originals
from wiredesk.wire.forget import forget_deleted
from wiredesk.wire.models import ContractEnd, Delivery, LedgerLine, Message, Outcome
from wiredesk.wire.pace import TARGET, turn
from wiredesk.wire.transports.folder_names import remove_kept

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wiredesk.wire.models import Feed

GROUP = 20  # deliveries or pictures in one transaction
MOST = 10  # groups a step
# What went dark is proved gone by its words: they must be there until it is.
GRACE = timedelta(seconds=60)
_NO_WORDS: dict[str, Any] = {
    "headline": ERASED,
    "subheadline": "",
    "dateline": "",
    "body": [],
    "summary": "",
    "bylines": [],
    "source_address": "",
    "usage_terms": "",
    "edited_at": None,
    "has_unpublished_changes": False,
}


def erase_contracts(*, now: datetime | None = None, most: int = MOST) -> int:
    """Erase what is due, at most ``most`` groups; gives how many deliveries and pictures.

    Of each delivery the file and the words go: those of its messages and versions, of
    what the desk made of them, of drafts, search and addresses. Identity, times, status,
    digest, outcome, the story's number and the logbook stay. Safe to repeat, and to be
    broken off anywhere.
    """
    now = now or timezone.now()
    erased = 0
    due = ContractEnd.objects.in_force().filter(
        erase_at__lte=now, at__lte=now - GRACE, passed_at__isnull=False
    )
    for end in due.select_related("feed").order_by("pk"):
        for _group in range(most):
            with turn(TARGET), overwriting(), transaction.atomic():
                count = _erase_group(end, now)
            erased += count
            if not count:
                _finish(end, now)
                break
    return erased


def _erase_group(end: ContractEnd, now: datetime) -> int:
    feed = end.feed
    waiting = Delivery.State.WAITING
    due = originals_of(feed).exclude(state=waiting).order_by("pk")
    if deliveries := list(due[:GROUP]):
        _erase_deliveries(deliveries, end, now)
        return len(deliveries)
    pictures = Picture.objects.filter(feed=feed, erased_at=None).order_by("pk")
    if numbers := list(pictures.values_list("pk", flat=True)[:GROUP]):
        erase_pictures(picture_ids=numbers, at=now)
        return len(numbers)
    return remove_kept(feed.slug, most=GROUP)


def _finish(end: ContractEnd, now: datetime) -> None:
    """Say that nothing is left, once nothing is left beside the tables either."""
    if end.erased_at is not None or originals_of(end.feed).exists():
        return
    forget_deleted("wire_messageindex")
    words_erased.send(sender=ContractEnd)
    with turn(), transaction.atomic():
        ContractEnd.objects.filter(pk=end.pk).update(erased_at=now)
        act = Act("contract-erased", f"feed:{end.feed_id}", {"end": end.pk})
        write_many(acts=[act], at=now)


def _erase_deliveries(
    deliveries: Sequence[Delivery], end: ContractEnd, now: datetime
) -> None:
    ids = [delivery.pk for delivery in deliveries]
    messages = Message.objects.filter(delivery__in=ids)
    stories = _stories_of(messages)
    StoryVersion.objects.filter(message__in=messages).update(words=None)
    LocalEdit.objects.filter(base__in=messages).update(words={})
    Correction.objects.filter(message__in=messages).update(text="", ended_at=now)
    messages.update(item={}, headline="", slugline="", erased_at=now, erased_by=end)
    things = [f"message:{pk}" for pk in messages.values_list("pk", flat=True)]
    kills = Q(thing__in=things) | Q(key=f"unmatched-kill:{end.feed.source}")
    Alarm.objects.filter(kills).update(text=ERASED)
    _erase_drafts(stories, end.feed)
    _erase_stories(stories, end.feed)
    # Versions and corrections lost words also of stories that another feed brings now.
    announce([story.pk for story in stories])
    shared = set(shared_originals(end.feed).filter(pk__in=ids).values_list("pk"))
    for delivery in deliveries:
        # The file before the mark: what breaks off here is done again, never left.
        if (delivery.pk,) not in shared:
            originals.remove(delivery.sha256)
    # Why something was set aside quotes what it says.
    LedgerLine.objects.filter(
        receipt__delivery__in=ids, outcome=Outcome.SET_ASIDE
    ).update(reason=ERASED)
    Delivery.objects.filter(pk__in=ids).exclude(reason="").update(reason=ERASED)
    Alarm.objects.filter(key=f"set-aside:{end.feed.slug}").update(text=ERASED)
    Delivery.objects.filter(pk__in=ids).update(erased_at=now, erased_by=end)
    acts = [
        Act(
            "erased",
            f"delivery:{delivery.pk}",
            {"end": end.pk, "sha256": delivery.sha256},
        )
        for delivery in deliveries
    ]
    write_many(acts=acts, at=now)


def _stories_of(messages: QuerySet[Message]) -> list[Story]:
    named = set(messages.values_list("source", "guid"))
    rows = StoryIdentity.objects.filter(
        source__in={source for source, _guid in named},
        guid__in={guid for _source, guid in named},
    )
    ids = {
        story
        for source, guid, story in rows.values_list("source", "guid", "story_id")
        if (source, guid) in named
    }
    return list(Story.objects.filter(pk__in=ids).select_related("wire_message"))


def _erase_drafts(stories: Sequence[Story], feed: Feed) -> None:
    """Remove old versions in the editor that hold the feed's words, edited or not."""
    for story in stories:
        revisions = Revision.objects.for_instance(story)
        if story.wire_message is None or story.wire_message.feed_id == feed.pk:
            revisions.delete()
            continue
        own = set(
            Message.objects.filter(
                feed=feed, pk__in=[_base_of(each) for each in revisions]
            ).values_list("pk", flat=True)
        )
        revisions.filter(
            pk__in=[each.pk for each in revisions if _base_of(each) in own]
        ).delete()


def _base_of(revision: Revision) -> int:
    return int(revision.content.get("wire_message") or 0)


def _erase_stories(stories: Sequence[Story], feed: Feed) -> None:
    ids = [story.pk for story in stories]
    # Those that go on as one of these have kept the words of their own time.
    rows = Story.objects.filter(Q(pk__in=ids) | Q(joined_to__in=ids))
    gone = list(rows.filter(wire_message__feed=feed).values_list("pk", flat=True))
    if not gone:
        return
    Story.objects.filter(pk__in=gone).update(**_NO_WORDS)
    erase_addresses(story_ids=gone)
    # The picture itself is erased with the library's.
    StoryPicture.objects.filter(story__in=gone).update(
        caption="", credit="", alt="", href=""
    )
    things = [f"story:{pk}" for pk in gone]
    Alarm.objects.filter(thing__in=things).update(text=ERASED)
    kind = ContentType.objects.get_for_model(Story)
    ModelLogEntry.objects.filter(
        content_type=kind, object_id__in=[str(pk) for pk in gone]
    ).update(label=ERASED)
    for story in Story.objects.filter(pk__in=gone):
        index.remove_object(story)
