"""An editor chooses, segment by segment, where the wire and the desk disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.stories.actions.gather_cases import Case, gather_for_stories
from wiredesk.stories.actions.gather_edits import open_question, wire_words
from wiredesk.stories.actions.give_order import PERMISSIONS, give_order
from wiredesk.stories.actions.keep_edit import keep_edit
from wiredesk.stories.desk_words import combine, from_json, merged
from wiredesk.stories.merge.three_way import NotChosenError
from wiredesk.stories.models import LocalEdit, Order, Story
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AbstractUser

    from wiredesk.stories.desk_words import DeskWords
    from wiredesk.stories.merge.three_way import Choice, Merged


@dataclass(frozen=True, slots=True)
class Question:
    """What waits for an editor: a message's words against the desk's edit."""

    message: Message
    edit: LocalEdit
    base: DeskWords
    wire: DeskWords
    ours: DeskWords

    @property
    def merged(self) -> Merged:
        """The three columns, and which of their segments somebody must choose."""
        return merged(self.base, self.wire, self.ours)


def question_of(story: Story) -> Question | None:
    """Give the newest version that the story's local edit can't take, if any waits."""
    (case,) = gather_for_stories([story.pk])
    return _question(case)


@transaction.atomic
def resolve_conflict(
    *,
    story: Story,
    message: Message,
    choices: Mapping[int, Choice],
    fingerprint: str,
    by: AbstractUser,
) -> Order:
    """Publish ``message`` with the words that ``choices`` make of it and the desk's.

    ``choices`` are by the number of the segment, made on the columns that have
    ``fingerprint``. The words become the edit in force, over ``message``; the order
    names it. Raises ``PermissionDenied``; and ``ValidationError`` where the question is
    no longer this one, a choice is missing, or no headline would be left.
    """
    if not by.has_perm(PERMISSIONS[Order.Verb.PUBLISH]):
        raise PermissionDenied(PERMISSIONS[Order.Verb.PUBLISH])
    story = Story.objects.select_for_update().get(pk=story.pk)
    question = question_of(story)
    if (
        question is None
        or question.message.pk != message.pk
        or question.merged.fingerprint != fingerprint
    ):
        raise ValidationError(
            _("The wire or the desk has moved on since: this is the question now."),
            code="moved-on",
        )
    try:
        words = combine(question.base, question.wire, question.ours, choices)
    except NotChosenError as error:
        raise ValidationError(
            _("Choose for every paragraph that is marked."), code="not-chosen"
        ) from error
    check_lines(words)
    now = timezone.now()
    keep_edit(story=story, base=question.message, words=words, by=by, at=now)
    return give_order(
        story=story, verb=Order.Verb.PUBLISH, by=by, message=question.message, at=now
    )


def _question(case: Case) -> Question | None:
    message_id = open_question(case)
    if case.edit is None or message_id is None:
        return None
    message = Message.objects.select_related("feed").get(pk=message_id)
    return Question(
        message,
        case.edit,
        wire_words(case.edit.base),
        wire_words(message),
        from_json(case.edit.words),
    )


def check_lines(words: DeskWords) -> None:
    """Raise ``ValidationError`` where lines can't stand on a story's row as they are."""
    if not words.words.headline.strip():
        raise ValidationError(_("A story needs a headline."), code="no-headline")
    for text, most in (
        (words.words.headline, 400),
        (words.words.subheadline, 600),
        (words.words.dateline, 200),
    ):
        if len(text) > most:
            raise ValidationError(
                _("A line is longer than its %(most)d signs."),
                code="too-long",
                params={"most": most},
            )
