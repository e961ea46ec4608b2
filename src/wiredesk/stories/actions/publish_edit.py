"""An editor publishes a saved version of a story: words first, then the order."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Revision

from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.stories.actions.bring_up_to_date import (
    bring_up_to_date,
    is_base_killed,
)
from wiredesk.stories.actions.fill_summary import fill_summary
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.keep_edit import keep_edit
from wiredesk.stories.desk_words import is_changed, of_story
from wiredesk.stories.models import (
    Order,
    Placement,
    Story,
    StoryAuthor,
    StoryStanding,
    StoryTopic,
)
from wiredesk.stories.words_read import WordsRead, of_row, reads_alike

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

WORDS = ("headline", "subheadline", "dateline", "summary", "bylines", "language")


class Done(enum.StrEnum):
    """What became of a version that was to be published."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    # Kept as a draft: the agency killed the words it stands on.
    KILLED = "killed"
    # Kept as a draft: the wire moved on, and somebody must choose words first.
    CONFLICT = "conflict"


@transaction.atomic
def publish_edit(
    *,
    revision: Revision,
    user: AbstractBaseUser | None,
    **options: Any,
) -> Done:
    """Bring ``revision``'s words to its story's row and order the story published.

    ``options`` are those of Wagtail's ``PublishRevisionAction``, which checks whether
    ``user`` may. The order answers the message that the story follows from: what the
    wire withheld or embargoed stays dark, with the new words on its row. Where the wire
    has moved on since the version was written, its words are merged first; where they
    can't be unasked, or the wire killed what they stand on, it stays a draft.
    A version with a time to go live in the future is only scheduled.
    """
    story = Story.objects.select_for_update().get(pk=revision.object_id)
    before, read_before = _words(story), _words_read(story)
    if _is_for_later(revision) and story.live_revision_id is None:
        _give_words_a_revision(story)
    # Read again under the lock: whatever the wire wrote meanwhile must not be undone,
    # and a revision remembers the story it was asked of before.
    revision = Revision.objects.get(pk=revision.pk)
    skip = options.pop("skip_permission_checks", False)
    publishing = PublishRevisionAction(revision, user=user, **options)
    publishing.check(skip_permission_checks=skip)
    is_for_later = _is_for_later(revision)
    if story.wire_message_id is not None and not is_for_later:
        if is_base_killed(story, revision):
            return _keep_as_draft(story, revision, Done.KILLED)
        if not bring_up_to_date(story=story, revision=revision):
            return _keep_as_draft(story, revision, Done.CONFLICT)
        publishing = PublishRevisionAction(revision, user=user, **options)
    publishing.execute(skip_permission_checks=skip)
    if is_for_later:
        return Done.SCHEDULED
    story.refresh_from_db()
    if _words(story) != before:
        _note_changed_words(story, user)
    _note_what_readers_see(story, read_before)
    fill_summary(story=story, before=read_before[0])
    _keep_lists_in_order(story)
    standing = StoryStanding.objects.filter(pk=story.pk).first()
    give_order(
        story=story,
        verb=Order.Verb.PUBLISH,
        by=user,
        message=standing.shows if standing and standing.shows else story.wire_message,
    )
    _keep_marks_honest(story)
    return Done.PUBLISHED


def _keep_as_draft(story: Story, revision: Revision, why: Done) -> Done:
    """Leave the row as it is and the version to its editor, off any schedule.

    A schedule has nobody to tell, so the desk is told.
    """
    was_scheduled = revision.approved_go_live_at is not None
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    Story.objects.filter(pk=story.pk).update(
        has_unpublished_changes=True,
        latest_revision=story.latest_revision_id or revision.pk,
    )
    if was_scheduled:
        texts = {
            Done.KILLED: _("“%(headline)s” was due and stays dark: it was killed."),
            Done.CONFLICT: _(
                "“%(headline)s” was due and is still a draft: the wire has changed "
                "the same words since. Open it and choose."
            ),
        }
        raise_alarm(
            key=f"schedule-stopped:{story.pk}",
            text=texts[why] % {"headline": story.headline},
            thing=f"story:{story.pk}",
            address=reverse("wagtailsnippets_stories_story:edit", args=[story.pk]),
        )
    return why


def _is_for_later(revision: Revision) -> bool:
    go_live_at = revision.as_object().go_live_at
    return go_live_at is not None and go_live_at > timezone.now()


def _give_words_a_revision(story: Story) -> None:
    """Keep the row's words: without it Wagtail writes a schedule's words at once."""
    story.live_revision = Revision.objects.create(
        content_object=story,
        base_content_type=story.get_base_content_type(),
        content=story.serializable_data(),
        object_str=str(story),
    )
    story.save(update_fields=["live_revision"])


def _note_changed_words(story: Story, user: AbstractBaseUser | None) -> None:
    if story.wire_message is not None:
        now = timezone.now()
        words = of_story(story)
        keep_edit(story=story, base=story.wire_message, words=words, by=user, at=now)
        is_ours = is_changed(wire_words(story.wire_message), words)
        story.edited_at = now if is_ours else None
        story.save(update_fields=["edited_at"])


def _note_what_readers_see(
    story: Story, before: tuple[WordsRead, tuple[int, ...]]
) -> None:
    """Set the time of update where readers see other words, and only there."""
    words, authors = _words_read(story)
    if authors == before[1] and reads_alike(words, before[0]):
        return
    now = timezone.now()
    if story.published_at is not None and story.published_at <= now:
        story.updated_at = now
        story.save(update_fields=["updated_at"])


def _keep_lists_in_order(story: Story) -> None:
    """Give places and topics the story's own time: an editor's new ones have none.

    Those that went through a version have it cut to milliseconds.
    """
    for model in (Placement, StoryTopic):
        rows = model._default_manager.filter(story=story)
        rows.update(sort_at=story.published_at)


def _keep_marks_honest(story: Story) -> None:
    """Set Wagtail's "live" by the standing: publishing marks even a killed story so."""
    standing = StoryStanding.objects.filter(pk=story.pk).first()
    is_live = standing is not None and standing.state == StoryStanding.State.LIVE
    Story.objects.filter(pk=story.pk).exclude(live=is_live).update(live=is_live)


def _words_read(story: Story) -> tuple[WordsRead, tuple[int, ...]]:
    """Give the words that readers see, and the authors whose names stand over them."""
    authors = StoryAuthor.objects.filter(story=story.pk).order_by("sort_order", "pk")
    return of_row(story), tuple(authors.values_list("author_id", flat=True))


def _words(story: Story) -> tuple[object, ...]:
    body = Story._meta.get_field("body").get_prep_value(story.body)
    return (*(getattr(story, name) for name in WORDS), body)
