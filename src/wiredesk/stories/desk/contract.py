"""The end of a feed's contract, on the feed's page: what goes, ending it, undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets.button import HeaderButton

from wiredesk.lib.signed_in import signed_in
from wiredesk.stories.actions.end_contract import end_contract, undo_end
from wiredesk.stories.contracts import report
from wiredesk.wire.models import Feed

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.http import HttpRequest, HttpResponse

    from wiredesk.wire.models import ContractEnd

MAY_END = "wire.change_feed"


class EndForm(forms.Form):
    """When the contract ends, and whether its copy is to be erased."""

    at = forms.DateTimeField(
        label=_("The contract ends at"),
        help_text=_("All copy of the feed is dark from that second on, everywhere."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        ),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    erase = forms.BooleanField(
        label=_("Erase it as well"),
        required=False,
        help_text=_("After the days that the feed says. It can't be brought back."),
    )
    sure = forms.BooleanField(
        label=_("I have seen what goes, above"),
        error_messages={"required": _("Look at what goes, then say so.")},
    )


@require_http_methods(["GET", "POST"])
@permission_required(MAY_END, raise_exception=True)
@never_cache
def contract_view(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Show what an end takes and what stays; end the contract, or undo that."""
    feed = get_object_or_404(Feed, pk=feed_id)
    end = feed.contract_ends.in_force().first()
    form = EndForm(
        request.POST if "end" in request.POST else None, initial=_initial(end)
    )
    if request.method == "POST" and _done(request, feed, form):
        return redirect("wire_feed_contract", feed.pk)
    ends = feed.contract_ends.select_related("ordered_by", "undone_by")
    context: dict[str, Any] = {
        "feed": feed,
        "form": form,
        "end": end,
        "is_past": end is not None and end.is_past(timezone.now()),
        "report": report(feed),
        "ends": ends.order_by("-ordered_at", "-pk"),
        "header_title": _now("Contract"),
        "header_icon": "calendar-alt",
    }
    return render(request, "stories/desk/contract.html", context)


def feed_buttons(feed: Feed, user: AbstractUser) -> list[HeaderButton]:
    """Offer the contract on a feed's page, and say there where it has ended."""
    if not user.has_perm(MAY_END):
        return []
    end = feed.contract_ends.in_force().first()
    label = _now("Contract")
    if end is not None:
        past = end.is_past(timezone.now())
        label = _now("Contract (ended)") if past else _now("Contract (ends)")
    address = reverse("wire_feed_contract", args=[feed.pk])
    return [HeaderButton(label, address, priority=7)]


def _initial(end: ContractEnd | None) -> dict[str, Any]:
    return {"at": timezone.localtime(end.at)} if end is not None else {}


def _done(request: HttpRequest, feed: Feed, form: EndForm) -> bool:
    person = signed_in(request)
    try:
        if "undo" in request.POST:
            undo_end(feed=feed, by=person, follow=False)
            messages.success(request, _now("Undone: its copy comes back in a moment."))
            return True
        if form.is_valid():
            end_contract(
                feed=feed,
                at=form.cleaned_data["at"],
                erase=form.cleaned_data["erase"],
                by=person,
                follow=False,
            )
            messages.success(request, _now("Ordered. It counts by the clock."))
            return True
    except ValidationError as error:
        if "undo" in request.POST:
            messages.error(request, " ".join(error.messages))
            return True
        form.add_error(None, error)
    return False
