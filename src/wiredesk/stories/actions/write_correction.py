"""Say to readers what a published story had wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.lib.text import printable
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.decide_outcome import was_seen
from wiredesk.stories.models import Correction, Story, StoryStanding
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from wiredesk.stories.models.correction import CorrectionQuerySet

ADD, CHANGE = "stories.add_correction", "stories.change_correction"


@transaction.atomic
def write_correction(
    *,
    story: Story,
    text: str,
    by: AbstractBaseUser | None,
    correction: Correction | None = None,
) -> Correction:
    """Tell the readers of ``story`` what was wrong and what is right; gives what they see.

    With ``correction`` its text becomes this one; its time stays, since it says when the
    story was corrected. Filling one that the agency left without words takes the same
    right as a new one. ``by`` is ``None`` for the system alone. Raises
    ``PermissionDenied``, and ``ValidationError`` for an empty text and for a story that
    no reader ever saw.
    """
    needed = CHANGE if correction is not None and correction.text else ADD
    if by is not None and not by.has_perm(needed):  # type: ignore[attr-defined]
        raise PermissionDenied(needed)
    text = printable(text.replace("\r\n", "\n")).strip()
    if not text:
        raise ValidationError(_("Say what was wrong and what is right."))
    story = Story.objects.select_for_update().get(pk=story.pk)
    now = timezone.now()
    if not was_seen(StoryStanding.objects.filter(pk=story.pk).first(), now):
        raise ValidationError(
            _("No reader has seen this story yet; there is nothing to correct.")
        )
    if correction is None:
        correction = Correction(story=story, at=now)
    elif correction.text == text:
        return correction
    correction.text, correction.by_id = text, by.pk if by is not None else None
    correction.save()
    write(
        verb="corrected",
        thing=f"story:{story.pk}",
        detail={"correction": correction.pk, "message": correction.message_id},
        person=by,
        at=now,
    )
    if not waiting_for_words().filter(story=story).exists():
        clear_alarm(key=_alarm_key(story.pk), person=by)
    announce([story.pk])
    return correction


def note_wire_corrections(
    *, told: Iterable[tuple[Story, Message]], now: datetime
) -> None:
    """Keep what agencies' messages correct, each once; call in their transaction.

    Readers get the message's public note and no other word of it. Where there is none,
    the story says that it was corrected, and the desk is asked for the words.
    """
    by_message = {message.pk: (story, message) for story, message in told}
    if not by_message:
        return
    known = Correction.objects.filter(message__in=by_message)
    for pk in known.values_list("message_id", flat=True):
        by_message.pop(pk or 0, None)
    rows = Correction.objects.bulk_create(
        [
            Correction(
                story=story, message=message, text=_public_notes(message), at=now
            )
            for story, message in by_message.values()
        ]
    )
    for row in rows:
        if not row.text:
            _ask_for_words(row, now)


def waiting_for_words() -> CorrectionQuerySet:
    """Give the corrections of which readers have only been told that there is one."""
    return Correction.objects.shown().filter(text="")


def _ask_for_words(correction: Correction, now: datetime) -> None:
    story = correction.story
    raise_alarm(
        key=_alarm_key(story.pk),
        text=_(
            "%(agency)s corrected “%(headline)s” without a word for readers. They are "
            "told only that it was corrected: say what was wrong and what is right."
        )
        % {"agency": story.source_name or story.source, "headline": story.headline},
        thing=f"story:{story.pk}",
        address=reverse("story_correct", args=[story.pk]),
        at=now,
    )


def _alarm_key(story_id: int) -> str:
    return f"correction-without-words:{story_id}"


def _public_notes(message: Message) -> str:
    notes = message.item.get("editor_notes") or ()
    return "\n".join(
        note["text"].strip()
        for note in notes
        if note.get("public") and (note.get("text") or "").strip()
    )
