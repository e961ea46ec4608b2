"""What delivery adds to Wagtail: a picture operation, and pictures behind the desk."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.images.image_operations import Operation

from wiredesk.delivery.desk.certificates import (
    WithdrawalViewSet,
    certificate_json_view,
    certificate_view,
    message_actions,
    picture_certificate_json_view,
    picture_certificate_view,
    picture_link,
    story_buttons,
)
from wiredesk.delivery.pictures.renditions import BareOperation
from wiredesk.delivery.pictures.views import desk_picture
from wiredesk.stories.desk.pictures import register_picture_link
from wiredesk.wire.desk.message_actions import register_message_actions


@hooks.register("register_image_operations")
def register_bare() -> list[tuple[str, type[Operation]]]:
    """Make ``bare`` known to Wagtail's filters."""
    return [("bare", BareOperation)]


@hooks.register("register_admin_urls")
def register_desk_pictures() -> list[URLPattern]:
    """Add ``/desk/gated-pictures/…``; Wagtail puts its sign-in before it."""
    root = "gated-pictures/<int:picture_id>"
    return [
        path(f"{root}/<int:width>.<slug:kind>", desk_picture),
        path(f"{root}/<slug:shape>/<int:width>.<slug:kind>", desk_picture),
    ]


@hooks.register("register_admin_viewset")
def withdrawal_screens() -> WithdrawalViewSet:
    """Give the list of what went dark."""
    return WithdrawalViewSet()


@hooks.register("register_admin_urls")
def register_certificates() -> list[URLPattern]:
    """Add the certificates of stories and pictures that went dark."""
    root = "kill-certificates/<int:story_id>"
    picture = "picture-certificates/<int:picture_id>"
    return [
        path(f"{root}/", certificate_view, name="kill_certificate"),
        path(f"{root}.json", certificate_json_view, name="kill_certificate_json"),
        path(f"{picture}/", picture_certificate_view, name="picture_certificate"),
        path(
            f"{picture}.json",
            picture_certificate_json_view,
            name="picture_certificate_json",
        ),
    ]


hooks.register("register_snippet_listing_buttons", story_buttons)
register_message_actions(message_actions)
register_picture_link(picture_link)
