"""Saying on the desk what a story had wrong: the form, and what waits for its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from wiredesk.stories.actions.write_correction import (
    ADD,
    CHANGE,
    waiting_for_words,
    write_correction,
)
from wiredesk.stories.desk.orders import story_of
from wiredesk.stories.models import Correction, Story
from wiredesk.wire.desk.message_actions import MessageAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractUser
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse

    from wiredesk.wire.models import Message

SHOWN = 10


class CorrectionForm(forms.Form):
    """What was wrong and what is right."""

    text = forms.CharField(
        label=_("What was wrong and what is right"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Readers see it with the story, in the feeds and on the page of all "
            "corrections, with the time. Write whole sentences."
        ),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def correct_view(request: HttpRequest, story_id: int) -> HttpResponse:
    """Write a new correction of a story, or the words of one that waits for them."""
    _require(request, ADD)
    story = get_object_or_404(Story, pk=story_id)
    waiting = waiting_for_words().filter(story=story).order_by("at", "pk").first()
    return _answer(request, story, waiting)


@require_http_methods(["GET", "POST"])
@never_cache
def change_view(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Change the words of a correction that readers see already."""
    correction = get_object_or_404(
        Correction.objects.shown().select_related("story"), pk=correction_id
    )
    _require(request, CHANGE if correction.text else ADD)
    return _answer(request, correction.story, correction)


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _answer(
    request: HttpRequest, story: Story, correction: Correction | None
) -> HttpResponse:
    initial = {"text": correction.text} if correction else None
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_correction(
                story=story,
                text=form.cleaned_data["text"],
                by=request.user,  # type: ignore[arg-type]
                correction=correction,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _now("The correction stands with the story."))
            return redirect("wagtailsnippets_stories_story:edit", story.pk)
    context = {
        "story": story,
        "correction": correction,
        "others": _others(story, correction),
        "form": form,
        "header_title": _now("Correct a story"),
        "header_icon": "warning",
    }
    return render(request, "stories/desk/correct.html", context)


def _others(story: Story, correction: Correction | None) -> Iterable[Correction]:
    shown = Correction.objects.shown().filter(story=story)
    return shown.exclude(pk=correction.pk) if correction else shown


def correct_address(story_id: int) -> str:
    """Give the address of the form for a story."""
    return reverse("story_correct", args=[story_id])


def correct_action(message: Message, user: AbstractUser) -> list[MessageAction]:
    """Offer the form on the story's messages, where readers have seen the story."""
    story = story_of(message)
    standing = getattr(story, "standing", None)
    if story is None or standing is None or not standing.was_public:
        return []
    if not user.has_perm(ADD):
        return []
    return [MessageAction(_now("Correct"), correct_address(story.pk), is_link=True)]


def correct_button(
    snippet: Model, user: AbstractUser, _next: str | None = None
) -> Iterable[Button]:
    """Offer the form in the list of stories."""
    if isinstance(snippet, Story) and snippet.path and user.has_perm(ADD):
        address = correct_address(snippet.pk)
        yield Button(_now("Correct"), address, icon_name="warning", priority=25)


class CorrectionsPanel(Panel):
    """What readers are told was wrong with a story, and where to write it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/desk/corrections_panel.html"

        def is_shown(self) -> bool:
            """Show it for a story that has had its first publication."""
            return bool(self.instance.pk and self.instance.path)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Give the corrections, and what the editor may do."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            user = self.request.user
            context["story"] = self.instance
            context["corrections"] = Correction.objects.shown().filter(
                story=self.instance.pk
            )
            context["may_add"] = user.has_perm(ADD)
            context["may_change"] = user.has_perm(CHANGE)
            return context


class WordlessPanel(Component):
    """Corrections that readers know of without knowing what was wrong."""

    name = "corrections_waiting"
    order = 15
    template_name = "stories/desk/home_corrections.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Give the newest ones that wait for words, and how many there are."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        waiting = waiting_for_words().select_related("story").order_by("-at", "-pk")
        context["corrections"] = [
            (correction, correct_address(correction.story_id))
            for correction in waiting.defer("story__body")[:SHOWN]
        ]
        context["total"] = waiting.count()
        return context
