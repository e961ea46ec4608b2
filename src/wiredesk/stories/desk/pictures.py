"""One picture on the desk: where it stands and is used; taking it out of every story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import ReferenceIndex

from wiredesk.stories.actions.order_picture import may_order, order_picture
from wiredesk.stories.actions.settle_pictures import identities_of, pictures_named
from wiredesk.stories.models import Picture, PictureOrder, Story
from wiredesk.stories.picture_words import kills_of
from wiredesk.wire.desk.message_actions import MessageAction
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AbstractUser, AnonymousUser
    from django.http import HttpRequest, HttpResponse

SEE = "stories.change_story"
SHOWN = 50  # stories named
_MOST_LINKS = 20  # pictures a message leads to
_GIVEN = (
    PictureOrder.Verb.WITHDRAW,
    PictureOrder.Verb.PUBLISH,
    PictureOrder.Verb.RELEASE,
)


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill of a picture, and how the desk answered it.

    ``label`` is the button's; empty where this person has nothing to add.
    """

    message: Message
    released_by: str
    asked_by: str
    label: str


@dataclass(frozen=True, slots=True)
class PictureLink:
    """Where else something stands about a picture."""

    label: str
    address: str


Linker = Callable[[Picture, "AbstractBaseUser | AnonymousUser"], PictureLink | None]
_linkers: list[Linker] = []


def register_picture_link(linker: Linker) -> None:
    """Let ``linker`` lead from a picture's screen elsewhere; once for each linker."""
    if linker not in _linkers:
        _linkers.append(linker)


@require_http_methods(["GET", "POST"])
@never_cache
def picture_order_view(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show where a picture stands; withdraw it, let it show again, release it."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    picture = get_object_or_404(Picture, pk=picture_id)
    kills = kills_of(identities_of([picture])[picture.pk])
    if request.method == "POST":
        _order(request, picture, kills)
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
        "kills": _answered(picture, kills, request.user),
        "may_order": may_order(request.user),
        "may_release": may_order(request.user, PictureOrder.Verb.RELEASE),
        "links": [
            link for linker in _linkers if (link := linker(picture, request.user))
        ],
        "header_title": _("Picture"),
        "header_icon": "image",
    }
    return render(request, "stories/desk/picture.html", context)


def _order(request: HttpRequest, picture: Picture, kills: list[Message]) -> None:
    verb = request.POST.get("verb")
    if verb not in _GIVEN:
        raise Http404
    named = request.POST.get("kill", "") if verb == PictureOrder.Verb.RELEASE else ""
    kill = next((kill for kill in kills if str(kill.pk) == named), None)
    try:
        order = order_picture(picture=picture, verb=verb, by=request.user, message=kill)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    if order.verb == PictureOrder.Verb.ASK:
        messages.info(request, _("Asked for. Somebody else must confirm it."))
    picture.refresh_from_db()
    is_shown = picture.is_shown(timezone.now())
    say = messages.success if is_shown else messages.warning
    say(request, standing_of(picture))


def _answered(
    picture: Picture, kills: list[Message], user: AbstractBaseUser | AnonymousUser
) -> list[Kill]:
    """Give the kills, newest first, with what the desk ordered after each."""
    orders = PictureOrder.objects.filter(
        sha256=picture.sha256 or "-", source=picture.source, message__in=kills
    )
    given = list(orders.select_related("by").order_by("at", "pk"))
    found = []
    for kill in reversed(kills):
        answers = [order for order in given if order.message_id == kill.pk]
        released = [each for each in answers if each.verb == PictureOrder.Verb.RELEASE]
        asked = [
            each.by
            for each in answers
            if each.verb == PictureOrder.Verb.ASK and each.by is not None
        ]
        found.append(
            Kill(
                kill,
                released_by=str(released[-1].by or _("the desk")) if released else "",
                asked_by=str(asked[-1]) if asked else "",
                label="" if released else _label({person.pk for person in asked}, user),
            )
        )
    return found


def _label(asked: set[int], user: AbstractBaseUser | AnonymousUser) -> str:
    if not settings.WIREDESK_RELEASE_TAKES_TWO:
        return _("Release after this kill")
    if asked - {user.pk}:
        return _("Confirm the release after this kill")
    return "" if asked else _("Ask for a release after this kill")


def picture_actions(message: Message, user: AbstractUser) -> list[MessageAction]:
    """Lead from a kill to the pictures it ended: they are released on their own screen."""
    if not user.has_perm(SEE):
        return []
    named = {(message.source, link["guid"]) for link in _kills(message)}
    if message.status == "canceled":
        named.add((message.source, message.guid))
    found = Picture.objects.filter(pk__in=pictures_named(named) if named else ())
    return [
        MessageAction(
            label=_("Picture “%(title)s”") % {"title": picture.title[:60]},
            address=picture_address(picture),
            is_link=True,
        )
        for picture in found.order_by("pk")[:_MOST_LINKS]
    ]


def _kills(message: Message) -> list[dict[str, str]]:
    links = message.item.get("links") or ()
    return [link for link in links if link["rel"] == "kills" and link.get("guid")]


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
