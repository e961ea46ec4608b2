"""Feeds: transport, mapping, rights and rules on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from wiredesk.lib.signed_in import signed_in
from wiredesk.wire.desk.feed_form import FeedForm
from wiredesk.wire.models import Feed

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

ARRIVAL = [
    FieldPanel("name"),
    FieldPanel(
        "slug",
        help_text=_(
            "Names the feed in addresses: its inbox folder, and POST /wire/SLUG for "
            "senders that push."
        ),
    ),
    FieldPanel(
        "active", help_text=_("Off: nothing is fetched, and pushes are refused.")
    ),
    FieldPanel("transport"),
    FieldPanel("address"),
    FieldPanel("poll_seconds"),
    FieldPanel(
        "silent_after",
        help_text=_("Empty: never. Take the longest pause that is normal at night."),
    ),
    FieldPanel(
        "size_cap", help_text=_("0: as large as the installation allows any feed.")
    ),
]
RIGHTS = [
    FieldPanel("credit", help_text=_("Printed where an item brings none of its own.")),
    FieldPanel(
        "copyright_notice", help_text=_("Printed where an item brings none of its own.")
    ),
    FieldPanel(
        "canonical", help_text=_("Which page search engines are told to count.")
    ),
    FieldPanel("noindex"),
    FieldPanel("feed_mode", help_text=_("What our own RSS and Atom may carry.")),
    FieldPanel("hard_expiry"),
    FieldPanel("retain_days"),
    FieldPanel("erase_days"),
]
RULES = InlinePanel(
    "rules",
    heading=_("Rules"),
    label=_("rule"),
    help_text=_(
        "Asked from the top. The first that fits and says whether to publish decides "
        "that; the first that fits and names a section decides that. An empty condition "
        "fits everything. A change counts for what comes from now on."
    ),
    panels=[
        FieldPanel("topic", help_text=_("Fits narrower topics, too.")),
        FieldPanel("urgency_from", help_text=_("1 is the most urgent, 8 the least.")),
        FieldPanel("urgency_to"),
        FieldPanel("publish"),
        FieldPanel("section", help_text=_("The section's slug, e.g. politics.")),
    ],
)


FeedButtons = Callable[[Feed, "AbstractUser"], list[HeaderButton]]
_more_buttons: list[FeedButtons] = []


def register_feed_buttons(function: FeedButtons) -> None:
    """Have ``function`` offer more on a feed's page; for parts the wire doesn't know."""
    if function not in _more_buttons:
        _more_buttons.append(function)


class FeedEditView(generic.EditView):
    """A feed's form, with the way to its token and to a trial reading."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """Add what can be done with the feed beside changing it."""
        buttons = [*super().header_more_buttons]
        if self.object is not None and self.request.user.has_perm("wire.change_feed"):
            feed = self.object.pk
            buttons += [
                HeaderButton(
                    _("Try a file"), reverse("wire_feed_trial", args=[feed]), priority=5
                ),
                HeaderButton(
                    _("Push token"), reverse("wire_feed_token", args=[feed]), priority=6
                ),
            ]
            for more in _more_buttons:
                buttons += more(self.object, signed_in(self.request))
        return buttons


class FeedViewSet(ModelViewSet):
    """Feeds as the newsroom configured them."""

    model = Feed
    icon = "download"
    name = "wire_feeds"
    url_prefix = "wire/feeds"
    menu_label = _("Feeds")
    menu_order = 30
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    edit_view_class = FeedEditView
    list_display = [
        "name",
        "transport",
        "publish",
        BooleanColumn("active", label=_("Active")),
        DateColumn("last_received_at", label=_("Last received")),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(ARRIVAL, heading=_("How it comes")),
            ObjectList(
                [FieldPanel("source"), FieldPanel("speaks_for"), FieldPanel("mapping")],
                heading=_("How it is read"),
            ),
            ObjectList(RIGHTS, heading=_("What the contract says")),
            ObjectList(
                [FieldPanel("publish"), FieldPanel("section"), RULES],
                heading=_("What happens then"),
            ),
        ],
        base_form_class=FeedForm,
    )
