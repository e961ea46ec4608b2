"""Choosing, on the desk, between the wire's new words and ours; and what became of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from wiredesk.stories.actions.decide_outcome import is_correction
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.actions.give_order import PERMISSIONS
from wiredesk.stories.actions.keep_versions import words_of_version
from wiredesk.stories.actions.resolve_conflict import question_of, resolve_conflict
from wiredesk.stories.desk.columns import FINGERPRINT, choices_in, rows_of, runs_of
from wiredesk.stories.desk.orders import story_of
from wiredesk.stories.models import Order, Story
from wiredesk.stories.words_read import of_row
from wiredesk.wire.desk.message_actions import MessageAction
from wiredesk.wire.models import LedgerLine, Message, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import AbstractUser
    from django.http import HttpRequest, HttpResponse

    from wiredesk.stories.actions.resolve_conflict import Question
    from wiredesk.stories.desk_words import DeskWords
    from wiredesk.stories.merge.word_diff import Run
    from wiredesk.stories.words_read import WordsRead

SEE = "stories.change_story"
# Versions on one page of the comparison; an agency seldom sends more of one story.
SHOWN = 30


@require_http_methods(["GET", "POST"])
@never_cache
def merge_view(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show what the wire and the desk disagree on; publish what an editor chose."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    story = get_object_or_404(Story.objects.select_related("standing"), pk=story_id)
    question = question_of(story)
    problem = ""
    if request.method == "POST" and question is not None:
        try:
            _resolve(request, story, question)
        except ValidationError as error:
            problem = " ".join(error.messages)
            question = question_of(story)
        else:
            _say(request, Story.objects.select_related("standing").get(pk=story.pk))
            return redirect("story_received", story.pk)
    given = request.POST if request.method == "POST" else {}
    if question and given.get(FINGERPRINT) != question.merged.fingerprint:
        given = {}
    context = {
        "story": story,
        "question": question,
        "is_correction": question is not None and is_correction(question.message),
        "rows": rows_of(question.merged, given) if question else [],
        "fingerprint_name": FINGERPRINT,
        "problem": problem,
        "may_publish": request.user.has_perm(PERMISSIONS[Order.Verb.PUBLISH]),
        "header_title": _("The wire’s words and ours"),
        "header_icon": "list-ul",
    }
    status = 409 if problem else 200
    return render(request, "stories/desk/merge.html", context, status=status)


@require_GET
@never_cache
def received_view(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show each version of a story as it was received, beside what readers had of it."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    story = get_object_or_404(Story.objects.select_related("standing"), pk=story_id)
    context = {
        "story": story,
        "versions": versions_of(story),
        "edits": story.local_edits.select_related("by", "base").order_by("-at", "-pk"),
        "header_title": _("As received, as published"),
        "header_icon": "history",
    }
    return render(request, "stories/desk/received.html", context)


@dataclass(frozen=True, slots=True)
class Published:
    """What readers had of a version from ``at`` on, beside the version as received."""

    at: datetime | None
    is_changed: bool
    lines: Sequence[tuple[str, Sequence[Run]]]
    paragraphs: Sequence[Sequence[Run]]


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the story, what became of it, and what was published of it."""

    message: Message
    outcome: str
    published: Sequence[Published]
    is_erased: bool


def versions_of(story: Story) -> list[Received]:
    """Give the newest messages of the story, the newest first, with what was made of them."""
    found = _messages_of(story)
    outcomes = _outcomes(found)
    rows = story.versions.filter(message__in=found).select_related("message__feed")
    by_message: dict[int, list[tuple[datetime | None, WordsRead]]] = {}
    for row in rows.order_by("-at", "-pk"):
        words = words_of_version(row)
        if words is not None and row.message_id is not None:
            by_message.setdefault(row.message_id, []).append((row.at, words))
    row_message = story.wire_message_id
    if row_message is not None and row_message not in by_message:
        # On the story's row, but no reader has had it yet.
        by_message[row_message] = [(None, of_row(story))]
    return [
        Received(
            message,
            outcomes.get(message.pk, ""),
            [
                _beside(wire_words(message), words, at)
                for at, words in by_message.get(message.pk, [])
            ],
            not message.item,
        )
        for message in found
    ]


def merge_actions(message: Message, user: AbstractUser) -> list[MessageAction]:
    """Offer both screens on a story's messages."""
    story = story_of(message)
    if story is None or not user.has_perm(SEE):
        return []
    actions = []
    question = question_of(story)
    if question is not None and question.message.pk == message.pk:
        actions.append(
            MessageAction(
                _("Choose between the wire’s words and ours"),
                reverse("story_merge", args=[story.pk]),
                is_link=True,
                is_primary=True,
            )
        )
    received = reverse("story_received", args=[story.pk])
    return [
        *actions,
        MessageAction(_("As received, as published"), received, is_link=True),
    ]


def _resolve(request: HttpRequest, story: Story, question: Question) -> None:
    resolve_conflict(
        story=story,
        message=question.message,
        choices=choices_in(question.merged, request.POST),
        fingerprint=request.POST.get(FINGERPRINT, ""),
        by=request.user,  # type: ignore[arg-type]
    )


def _say(request: HttpRequest, story: Story) -> None:
    is_live = story.standing.is_live(timezone.now())
    say = messages.success if is_live else messages.warning
    say(
        request,
        _("“%(headline)s” is now %(standing)s. %(reason)s")
        % {
            "headline": story.headline,
            "standing": story.standing.in_words(),
            "reason": story.standing.reason,
        },
    )


def _messages_of(story: Story) -> list[Message]:
    identities = set(story.identities.values_list("source", "guid"))
    found = Message.objects.filter(
        source__in={source for source, _guid in identities},
        guid__in={guid for _source, guid in identities},
    )
    newest = found.select_related("feed").order_by("-received_at", "-pk")[:SHOWN]
    return [
        message for message in newest if (message.source, message.guid) in identities
    ]


def _outcomes(found: Sequence[Message]) -> dict[int, str]:
    lines = LedgerLine.objects.filter(message__in=found).order_by("-pk")
    first = dict(lines.values_list("message_id", "outcome"))
    return {pk: str(Outcome(outcome).label) for pk, outcome in first.items()}


def _beside(wire: DeskWords, words: WordsRead, at: datetime | None) -> Published:
    pairs = [
        (_("Headline"), wire.words.headline, words.headline),
        (_("Line below the headline"), wire.words.subheadline, words.subheadline),
        (_("Dateline"), wire.words.dateline, words.dateline),
    ]
    lines = [
        (label, runs)
        for label, before, after in pairs
        for runs in runs_of(before, after, is_html=False)
        if _differs([runs])
    ]
    paragraphs = runs_of(wire.words.body_html, words.body)
    return Published(at, bool(lines) or _differs(paragraphs), lines, paragraphs)


def _differs(paragraphs: Sequence[Sequence[Run]]) -> bool:
    return any(run.mark != "kept" for runs in paragraphs for run in runs)
