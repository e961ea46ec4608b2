"""Do again what the wire and the desk did, under the same numbers, as of the same moment.

For a replay into an empty database. Nothing is checked or decided here that was checked
or decided the first time: rights, the same order twice; what follows from it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from wiredesk.lib.rows import insert_rows
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.gather_cases import Identity
from wiredesk.stories.actions.keep_lists_in_order import keep_lists_in_order
from wiredesk.stories.actions.merge_update import mark_of
from wiredesk.stories.actions.note_version import (
    note_what_readers_see,
    words_read,
)
from wiredesk.stories.actions.place_story import Decided
from wiredesk.stories.actions.settle import settle, settle_stories
from wiredesk.stories.actions.write_words import prepare_words
from wiredesk.stories.desk_words import from_json, of_story
from wiredesk.stories.models import (
    Correction,
    LocalEdit,
    Order,
    Story,
    StoryIdentity,
)
from wiredesk.wire.models import ContractEnd, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db import models

    from wiredesk.wire.signals import Taken

_CHILDREN = ("placements", "topics", "authors", "pictures")


@transaction.atomic
def take_again(*, messages: list[Message], decided: Decided) -> dict[int, Taken]:
    """Save messages of one moment under their own ids and settle them as of then."""
    prepare_words(messages)
    insert_rows(messages, are_indexed=True)
    return settle(messages, decided=decided)


@transaction.atomic
def begin_again(*, stories: Sequence[Story], children: Iterable[models.Model]) -> None:
    """Save the station's own stories as drafts: their words, nothing that follows.

    ``children`` are their places, topics, authors and pictures, which get new ids.
    """
    for story in stories:
        story.slug, story.path, story.live = "", None, False
        story.published_at = story.updated_at = None
        story.latest_revision_id = story.live_revision_id = None
    insert_rows(stories)
    by_kind: dict[type[models.Model], list[models.Model]] = {}
    for child in children:
        child.pk = None
        by_kind.setdefault(type(child), []).append(child)
    for rows in by_kind.values():
        insert_rows(rows)


@transaction.atomic
def carry_again(*, story: Story, identities: Iterable[Identity]) -> None:
    """Save a story that stands for one that isn't here, so that an order can name it."""
    bare = Story(
        pk=story.pk,
        headline=story.headline,
        source=story.source,
        live=False,
        created_at=story.created_at,
    )
    insert_rows([bare])
    StoryIdentity.objects.bulk_create(
        [
            StoryIdentity(source=source, guid=guid, story=bare)
            for source, guid in identities
        ]
    )


@transaction.atomic
def order_again(*, orders: Sequence[Order], at: datetime, decided: Decided) -> None:
    """Save orders that were given at one moment and settle their stories as of then."""
    insert_rows(orders)
    settle_stories({order.story_id for order in orders}, now=at, decided=decided)


@transaction.atomic
def forget_contract_ends() -> None:
    """Let no end of a contract be in force: each comes again when it was ordered."""
    ContractEnd.objects.update(
        undone_at=F("ordered_at"), undone_by=None, passed_at=None
    )


@transaction.atomic
def end_contract_again(
    *, end_id: int, at: datetime, decided: Decided, undo: bool = False
) -> None:
    """Put an end in force, or undo it, and settle its feed's stories as of then."""
    ends = ContractEnd.objects.filter(pk=end_id)
    ends.update(undone_at=at if undo else None)
    feeds = ends.values("feed")
    stories = Story.objects.filter(
        Q(wire_message__feed__in=feeds) | Q(standing__shows__feed__in=feeds)
    )
    settle_stories(stories.values_list("pk", flat=True), now=at, decided=decided)


@transaction.atomic
def pass_contract_end_again(*, end_id: int, at: datetime) -> None:
    """Note when an end was first seen to be past."""
    ContractEnd.objects.filter(pk=end_id).update(passed_at=at)


@transaction.atomic
def erase_again(*, kept: Message, story: Story | None) -> None:
    """Leave of a message what ``kept`` has of it, and its story under its address.

    The address was made of words that are gone.
    """
    Message.objects.filter(pk=kept.pk).update(
        item=kept.item, erased_at=kept.erased_at, erased_by=kept.erased_by_id
    )
    if story is not None:
        Story.objects.filter(pk=story.pk).update(slug=story.slug, path=story.path)


@transaction.atomic
def publish_version_again(
    *, story_id: int, content: dict[str, Any], at: datetime
) -> None:
    """Bring an editor's version to its story's row; the caller settles the story.

    ``content`` is as Wagtail keeps it. Places, topics, authors and pictures become those
    of the version.
    """
    story = Story.objects.get(pk=story_id)
    before = words_read(story)
    children = {
        name: [{**child, "pk": None} for child in content[name]]
        for name in _CHILDREN
        if name in content
    }
    version = story.with_content_json({**content, "pk": story_id, **children})
    version.save()
    story.refresh_from_db()
    note_what_readers_see(story=story, before=before, now=at)
    keep_lists_in_order([story.pk])


@transaction.atomic
def edit_again(*, edit: LocalEdit) -> None:
    """Save what the desk made of the wire's words; the caller settles the story.

    Words that were made over those on the row come onto it, as publishing them did.
    """
    insert_rows([edit])
    if not edit.words:
        return  # erased by contract
    story = Story.objects.get(pk=edit.story_id)
    base = story.wire_message
    if base is None or base.pk != edit.base_id:
        return
    edit.base = base
    words = from_json(edit.words)
    before = words_read(story)
    if of_story(story) != words:
        columns = words.as_columns(f"{base.source}\n{base.guid}")
        for column, value in columns.items():
            setattr(story, column, value)
    story.edited_at = mark_of(edit)
    story.save()
    note_what_readers_see(story=story, before=before, now=edit.at)


@transaction.atomic
def correct_again(*, correction: Correction) -> None:
    """Save what the desk told readers; of the agency's correction the words alone."""
    if correction.message_id is None:
        if not Correction.objects.filter(pk=correction.pk).exists():
            insert_rows([correction])
    else:
        Correction.objects.filter(
            story=correction.story_id, message=correction.message_id
        ).update(text=correction.text, by=correction.by_id)
    announce([correction.story_id])
