"""Fronts and sections on the desk: which stories are pinned where, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.ui.tables import Column
from wagtail.models import Page, Site

from wiredesk.lib.signed_in import signed_in
from wiredesk.stories.actions.pin_story import (
    ADD,
    move_pin,
    pin_story,
    slots_of,
    unpin_story,
)
from wiredesk.stories.curated import running_bar
from wiredesk.stories.desk.orders import story_of
from wiredesk.stories.models import FrontPage, Pin, Placement, SectionPage, Story
from wiredesk.stories.queries import listed
from wiredesk.wire.desk.message_actions import MessageAction

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractUser
    from django.http import HttpRequest, HttpResponse

    from wiredesk.wire.models import Message

OFFERED = 30  # stories beside the slots
# How long a pin stays where an editor pins with one click from a list.
AT_ONCE = timedelta(hours=12)
_HOURS = (
    ("1", _("for an hour")),
    ("3", _("for 3 hours")),
    ("6", _("for 6 hours")),
    ("12", _("for 12 hours")),
    ("24", _("for a day")),
    ("72", _("for 3 days")),
    ("", _("until somebody unpins it")),
)


class UntilForm(forms.Form):
    """How long something stays, and the story that is meant."""

    hours = forms.ChoiceField(label=_("Stays"), choices=_HOURS, required=False)
    exactly = forms.DateTimeField(
        label=_("or until exactly"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def until(self) -> datetime | None:
        """Give the moment, ``None`` for no end."""
        exactly: datetime | None = self.cleaned_data["exactly"]
        hours = self.cleaned_data["hours"]
        if exactly or not hours:
            return exactly
        return timezone.now() + timedelta(hours=int(hours))


@never_cache
@require_http_methods(["GET"])
def fronts_view(request: HttpRequest) -> HttpResponse:
    """Show each site's bar, its front and its sections, with what is pinned there."""
    _require(request)
    now = timezone.now()
    context = {
        "sites": [
            (site, running_bar(site, now), _pages(site, now))
            for site in Site.objects.select_related("root_page").order_by("pk")
        ],
        "may_write_bar": request.user.has_perm("stories.add_breakingbar"),
        "header_title": _now("Fronts"),
        "header_icon": "thumbtack",
    }
    return render(request, "stories/desk/fronts.html", context)


@never_cache
@require_http_methods(["GET"])
def arrange_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show a page's slots, and the stories that can be pinned to them."""
    _require(request)
    page, now = _page(page_id), timezone.now()
    slots = slots_of(page)
    pins = list(
        Pin.objects.running(now)
        .filter(page=page)
        .select_related("story__standing", "by")
        .defer("story__body")
    )
    shown = set(_shown([pin.story_id for pin in pins], now))
    query = request.GET.get("q", "")[:200]
    context = {
        "page": page,
        "slots": [
            (slot, [(pin, pin.story_id in shown) for pin in pins if pin.slot == slot])
            for slot in slots
        ],
        "stories": _offered(page, query, request.GET.get("story", ""), now),
        "query": query,
        "until": UntilForm(initial={"hours": "12"}),
        "header_title": _now("Arrange"),
        "header_icon": "thumbtack",
    }
    return render(request, "stories/desk/arrange.html", context)


@require_POST
def pin_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Pin the story whose button was pressed, to the slot that the button names."""
    page, form = _page(page_id), UntilForm(request.POST)
    slot, _sign, number = request.POST.get("pin", "").partition(":")
    if slot not in Pin.Slot.values or not number.isdecimal():
        raise Http404
    story = get_object_or_404(Story, pk=int(number))
    if not form.is_valid():
        messages.error(request, _now("Write the time as day and time of day."))
        return redirect("front_arrange", page.pk)
    _pin(request, page, story, slot, form.until())
    return redirect("front_arrange", page.pk)


@require_POST
def pin_change_view(request: HttpRequest, pin_id: int, verb: str) -> HttpResponse:
    """Move a pin up or down, or take it away."""
    pin = get_object_or_404(Pin, pk=pin_id)
    if verb == "unpin":
        unpin_story(pin=pin, by=signed_in(request))
    elif verb == "up":
        move_pin(pin=pin, to="up", by=signed_in(request))
    elif verb == "down":
        move_pin(pin=pin, to="down", by=signed_in(request))
    else:
        raise Http404
    return redirect("front_arrange", pin.page_id)


@require_POST
def pin_at_once_view(request: HttpRequest, story_id: int) -> HttpResponse:
    """Pin a story as the lead of its site's front with one click."""
    _require(request)
    story = get_object_or_404(Story, pk=story_id)
    place = (
        Placement.objects.filter(story=story)
        .order_by("-canonical", "pk")
        .select_related("site__root_page")
        .first()
    )
    if place is None or not slots_of(place.site.root_page):
        messages.error(
            request,
            _now("“%(headline)s” stands on no site yet: give it a place first.")
            % {"headline": story.headline},
        )
        return redirect("wagtailsnippets_stories_story:edit", story.pk)
    page = place.site.root_page
    _pin(request, page, story, Pin.Slot.LEAD, timezone.now() + AT_ONCE)
    return redirect("front_arrange", page.pk)


def pin_actions(message: Message, user: AbstractUser) -> list[MessageAction]:
    """Offer to pin on the story's messages, while readers may see the story."""
    story = story_of(message)
    if story is None or not story.path or not user.has_perm(ADD):
        return []
    standing = getattr(story, "standing", None)
    if standing is None or not standing.is_live(timezone.now()):
        return []
    address = reverse("front_pin_at_once", args=[story.pk])
    return [MessageAction(_now("Pin to the front"), address)]


class PinColumn(Column):
    """A button that pins a story to the front with one click."""

    cell_template_name = "stories/desk/_pin_cell.html"

    def get_value(self, instance: Story) -> Story:
        """Give the story itself."""
        return instance

    def get_cell_context_data(
        self, instance: Story, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add the token that a form in a cell needs: cells see no request."""
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        request = parent_context["request"]
        context["csrf_token"] = get_token(request)
        standing = getattr(instance, "standing", None)
        context["may_pin"] = (
            standing is not None
            and standing.is_live(timezone.now())
            and request.user.has_perm(ADD)
        )
        return context


def _pin(
    request: HttpRequest, page: Page, story: Story, slot: str, until: datetime | None
) -> None:
    try:
        pin = pin_story(
            page=page, story=story, slot=slot, until=until, by=signed_in(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _now("“%(headline)s” is pinned on “%(page)s”: %(slot)s.")
            % {
                "headline": story.headline,
                "page": page.title,
                "slot": pin.get_slot_display(),
            },
        )


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(ADD):
        raise PermissionDenied


def _page(page_id: int) -> Page:
    page = get_object_or_404(Page, pk=page_id)
    if not slots_of(page):
        raise Http404
    return page


def _pages(site: Site, now: datetime) -> list[Page]:
    running = Q(pins__until__isnull=True) | Q(pins__until__gt=now)
    curated = Q(pk__in=FrontPage.objects.values("pk")) | Q(
        pk__in=SectionPage.objects.values("pk")
    )
    return list(
        Page.objects.descendant_of(site.root_page, inclusive=True)
        .filter(curated)
        .annotate(running=Count("pins", filter=running))
        .order_by("path")
    )


def _shown(numbers: list[int], now: datetime) -> list[int]:
    return list(listed(now).filter(pk__in=numbers).values_list("pk", flat=True))


def _offered(page: Page, query: str, asked: str, now: datetime) -> list[Story]:
    """Give the newest public stories of the page's site, the one asked for first."""
    sites = [
        site.pk
        for site in Site.objects.select_related("root_page")
        if page.path.startswith(site.root_page.path)
    ]
    placed = Placement.objects.filter(story=OuterRef("pk"), site__in=sites)
    found = listed(now).filter(Exists(placed)).defer("body")
    if query:
        found = found.filter(headline__icontains=query)
    newest = list(found.order_by("-published_at", "-pk")[:OFFERED])
    if asked.isdecimal():
        first = list(found.filter(pk=int(asked)))
        newest = [*first, *(story for story in newest if story not in first)]
    return newest
