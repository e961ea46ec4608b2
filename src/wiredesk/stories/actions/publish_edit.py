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
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.bring_up_to_date import (
    bring_up_to_date,
    is_base_killed,
)
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.actions.keep_edit import keep_edit
from wiredesk.stories.actions.keep_lists_in_order import keep_lists_in_order
from wiredesk.stories.actions.note_version import (
    note_what_readers_see,
    words_read,
)
from wiredesk.stories.desk_words import is_changed, of_story
from wiredesk.stories.models import Order, Story, StoryStanding

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

# The logbook's word for a version that an editor published; a replay reads it.
VERSION_PUBLISHED = "version-published"
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
    before, read_before = _words(story), words_read(story)
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
    now = timezone.now()
    write(
        verb=VERSION_PUBLISHED,
        thing=f"story:{story.pk}",
        detail={"revision": revision.pk},
        person=user,
        at=now,
    )
    story.refresh_from_db()
    if _words(story) != before:
        _note_changed_words(story, user, now)
    note_what_readers_see(story=story, before=read_before, now=now)
    keep_lists_in_order([story.pk])
    standing = StoryStanding.objects.filter(pk=story.pk).first()
    give_order(
        story=story,
        verb=Order.Verb.PUBLISH,
        by=user,
        message=standing.shows if standing and standing.shows else story.wire_message,
        at=now,
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


def _note_changed_words(
    story: Story, user: AbstractBaseUser | None, now: datetime
) -> None:
    if story.wire_message is not None:
        words = of_story(story)
        keep_edit(story=story, base=story.wire_message, words=words, by=user, at=now)
        is_ours = is_changed(wire_words(story.wire_message), words)
        story.edited_at = now if is_ours else None
        story.save(update_fields=["edited_at"])


def _keep_marks_honest(story: Story) -> None:
    """Set Wagtail's "live" by the standing: publishing marks even a killed story so."""
    standing = StoryStanding.objects.filter(pk=story.pk).first()
    is_live = standing is not None and standing.state == StoryStanding.State.LIVE
    Story.objects.filter(pk=story.pk).exclude(live=is_live).update(live=is_live)


def _words(story: Story) -> tuple[object, ...]:
    body = Story._meta.get_field("body").get_prep_value(story.body)
    return (*(getattr(story, name) for name in WORDS), body)
