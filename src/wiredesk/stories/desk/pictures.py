"""One picture on the desk: where it stands and is used; taking it out of every story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import ReferenceIndex

from wiredesk.stories.actions.order_picture import may_order, order_picture
from wiredesk.stories.models import Picture, PictureOrder, Story

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SEE = "stories.change_story"
SHOWN = 50  # stories named


@require_http_methods(["GET", "POST"])
@never_cache
def picture_order_view(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show a picture's standing and its stories; withdraw it, or let it show again."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    picture = get_object_or_404(Picture, pk=picture_id)
    if request.method == "POST":
        verb = request.POST.get("verb")
        if verb not in PictureOrder.Verb.values:
            raise Http404
        order_picture(picture=picture, verb=verb, by=request.user)
        picture.refresh_from_db()
        messages.success(request, standing_of(picture))
        return redirect("picture_order", picture.pk)
    orders = PictureOrder.objects.filter(
        sha256=picture.sha256 or "-", source=picture.source
    )
    context: dict[str, Any] = {
        "picture": picture,
        "standing": standing_of(picture),
        "is_shown": picture.is_shown(timezone.now()),
        "is_withdrawn": picture.withdrawn_at is not None,
        "stories": stories_with(picture),
        "orders": orders.select_related("by").order_by("-at", "-pk"),
        "may_order": may_order(request.user),
        "header_title": _("Picture"),
        "header_icon": "image",
    }
    return render(request, "stories/desk/picture.html", context)


def standing_of(picture: Picture) -> str:
    """Say whether readers may see the picture, and why not."""
    if picture.erased_at is not None:
        return _("Erased by contract.")
    if picture.withdrawn_at is not None:
        return _("Withdrawn from every story. %(why)s") % {"why": picture.withdrawn_why}
    if not picture.is_shown(timezone.now()):
        return _("Its use has ended: no story shows it.")
    return _("Readers see it wherever a public story has it.")


def stories_with(picture: Picture) -> list[Story]:
    """Give the stories that have the picture, beside or within their text."""
    uses = set(picture.uses.values_list("story_id", flat=True))
    inside = ReferenceIndex.get_references_to(picture).filter(
        base_content_type__app_label="stories", base_content_type__model="story"
    )
    uses.update(int(number) for number in inside.values_list("object_id", flat=True))
    stories = Story.objects.filter(pk__in=uses).select_related("standing")
    return list(stories.defer("body").order_by("-pk")[:SHOWN])


def picture_address(picture: Picture) -> str:
    """Give the screen of a picture's standing."""
    return reverse("picture_order", args=[picture.pk])
