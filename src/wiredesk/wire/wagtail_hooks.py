"""The wire's screens in Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from wiredesk.wire.desk.feed_tools import token_view, trial_view
from wiredesk.wire.desk.feeds import FeedViewSet
from wiredesk.wire.desk.home import wire_panels
from wiredesk.wire.desk.messages import MessageViewSet
from wiredesk.wire.desk.set_aside import SetAsideViewSet, original_view, try_again_view

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from wagtail.admin.ui.components import Component


class WireGroup(ViewSetGroup):
    """The desk's first menu: the wire."""

    menu_label = _("Wire")
    menu_icon = "mail"
    menu_order = 100
    items = (MessageViewSet(), SetAsideViewSet(), FeedViewSet())


@hooks.register("register_admin_viewset")
def wire_screens() -> WireGroup:
    """Give the wire's group of screens."""
    return WireGroup()


@hooks.register("register_admin_urls")
def wire_addresses() -> list[URLPattern]:
    """Give the addresses that are no list or form of their own."""
    return [
        path(
            "wire/set-aside/<int:delivery_id>/try-again/",
            try_again_view,
            name="wire_try_again",
        ),
        path("wire/feeds/<int:feed_id>/token/", token_view, name="wire_feed_token"),
        path("wire/feeds/<int:feed_id>/trial/", trial_view, name="wire_feed_trial"),
        path("wire/originals/<int:delivery_id>/", original_view, name="wire_original"),
    ]


@hooks.register("insert_global_admin_css")
def wire_style() -> str:
    """Give the wire's few rules of style."""
    return format_html('<link rel="stylesheet" href="{}">', static("wire/desk.css"))


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Show feeds and the day's ledger on the desk's home."""
    panels.extend(wire_panels(request))
