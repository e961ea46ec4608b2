"""Certificates of what went dark, on the desk: to read, print and keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from wiredesk.delivery.certificate.gather import Certificate, certificate_of
from wiredesk.delivery.certificate.picture import (
    PictureCertificate,
    picture_certificate_of,
)
from wiredesk.delivery.models import Withdrawal
from wiredesk.lib.read_only import ReadOnlyViewSet
from wiredesk.stories.desk.pictures import PictureLink
from wiredesk.stories.models import Picture, Story, StoryIdentity, StoryStanding
from wiredesk.wire.desk.message_actions import MessageAction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from wiredesk.wire.models import Message

MAY_READ = "delivery.view_withdrawal"
_STORY = "delivery/_certificate_of_story.html"
_PICTURE = "delivery/_certificate_of_picture.html"


def address_of(row: Withdrawal) -> str:
    """Give the certificate of a story or a picture."""
    if row.story_id is not None:
        return certificate_address(row.story_id)
    return reverse("picture_certificate", args=[row.picture_id])


class WithdrawalIndexView(generic.IndexView):
    """What went dark, newest first, and whether it is proved gone."""

    any_permission_required = ["view"]

    def get_base_queryset(self) -> QuerySet[Withdrawal]:
        """Give withdrawals with their stories, without the texts."""
        found = Withdrawal.objects.select_related("story", "picture")
        return found.defer("story__body")

    @cached_property
    def columns(self) -> list[Column]:
        """Give the columns: which story, how, since when, until when it was gone."""
        return [
            TitleColumn(
                "story",
                label=_("What"),
                accessor="in_words",
                get_url=address_of,
            ),
            Column("kind", label=_("Is"), accessor="get_kind_display"),
            DateColumn("at", label=_("Since"), sort_key="id"),
            DateColumn("gone_at", label=_("Gone everywhere")),
            DateColumn("ended_at", label=_("Until")),
        ]


class WithdrawalViewSet(ReadOnlyViewSet):
    """Stories that went dark, each with its certificate, and pictures."""

    model = Withdrawal
    icon = "no-view"
    name = "withdrawals"
    url_prefix = "withdrawals"
    menu_label = _("Withdrawn")
    menu_order = 180
    add_to_admin_menu = True
    index_view_class = WithdrawalIndexView
    list_filter = ["kind"]
    list_per_page = 50
    ordering = ["-id"]


@require_safe
@permission_required(MAY_READ, raise_exception=True)
def certificate_view(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show a story's certificate as it stands now; nobody keeps the answer."""
    json_address = reverse("kill_certificate_json", args=[story_id])
    return _page(request, _STORY, _certificate(story_id), json_address)


@require_safe
@permission_required(MAY_READ, raise_exception=True)
def certificate_json_view(request: HttpRequest, story_id: int) -> HttpResponse:
    """Give the same as JSON, to be kept as a file."""
    told = _certificate(story_id).as_json()
    return _file(told, f"kill-certificate-{story_id}.json")


@require_safe
@permission_required(MAY_READ, raise_exception=True)
def picture_certificate_view(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Show the certificate of a picture that went alone, as it stands now."""
    json_address = reverse("picture_certificate_json", args=[picture_id])
    return _page(request, _PICTURE, _picture_certificate(picture_id), json_address)


@require_safe
@permission_required(MAY_READ, raise_exception=True)
def picture_certificate_json_view(
    request: HttpRequest, picture_id: int
) -> HttpResponse:
    """Give the same as JSON, to be kept as a file."""
    told = _picture_certificate(picture_id).as_json()
    return _file(told, f"picture-certificate-{picture_id}.json")


def _page(
    request: HttpRequest,
    fragment: str,
    certificate: Certificate | PictureCertificate,
    json_address: str,
) -> HttpResponse:
    context = {
        "certificate": certificate,
        "fragment": fragment,
        "json_address": json_address,
    }
    page = render_to_string("delivery/desk_certificate.html", context, request)
    return HttpResponse(page, headers={"Cache-Control": "no-store"})


def _file(told: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(told, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _picture_certificate(picture_id: int) -> PictureCertificate:
    found = picture_certificate_of(get_object_or_404(Picture, pk=picture_id))
    if found is None:
        raise Http404
    return found


def picture_link(
    picture: Picture, user: AbstractBaseUser | AnonymousUser
) -> PictureLink | None:
    """Lead from the picture's screen to its certificate, where it went."""
    if not getattr(user, "has_perm", lambda _name: False)(MAY_READ):
        return None
    if not Withdrawal.objects.filter(picture=picture).exists():
        return None
    address = reverse("picture_certificate", args=[picture.pk])
    return PictureLink(str(_("Kill certificate")), address)


def _certificate(story_id: int) -> Certificate:
    found = certificate_of(get_object_or_404(Story, pk=story_id))
    if found is None:
        raise Http404
    return found


def certificate_address(story_id: int) -> str:
    """Give the address of a story's certificate on the desk."""
    return reverse("kill_certificate", args=[story_id])


def has_certificate(story: Story) -> bool:
    """Tell whether the story is dark now, so that somebody may ask for proof."""
    standing = getattr(story, "standing", None)
    return standing is not None and (
        standing.state == StoryStanding.State.WITHDRAWN
        or (standing.was_public and standing.state == StoryStanding.State.HELD)
    )


def story_buttons(
    snippet: Any, user: AbstractUser, next_url: str | None = None
) -> Iterator[Button]:
    """Offer the certificate in the list of stories."""
    if (
        isinstance(snippet, Story)
        and user.has_perm(MAY_READ)
        and has_certificate(snippet)
    ):
        yield Button(
            _("Kill certificate"),
            certificate_address(snippet.pk),
            icon_name="no-view",
            priority=60,
        )


def message_actions(message: Message, user: AbstractBaseUser) -> list[MessageAction]:
    """Offer the certificate on each message of a story that went dark."""
    if not getattr(user, "has_perm", lambda _name: False)(MAY_READ):
        return []
    identity = (
        StoryIdentity.objects.filter(source=message.source, guid=message.guid)
        .select_related("story__standing")
        .first()
    )
    if identity is None or not has_certificate(identity.story):
        return []
    return [
        MessageAction(
            label=str(_("Kill certificate")),
            address=certificate_address(identity.story_id),
            is_link=True,
        )
    ]
