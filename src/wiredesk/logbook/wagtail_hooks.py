"""Alarms and the logbook in Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import path
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.home import LockedPagesPanel, RecentEditsPanel

from wiredesk.lib.read_only import ReadOnlyViewSet
from wiredesk.lib.signed_in import signed_in
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.models import Alarm, Entry
from wiredesk.logbook.panels import AlarmsPanel

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.admin.menu import MenuItem
    from wagtail.admin.ui.components import Component


class EntryIndexView(generic.IndexView):
    """The logbook, newest first."""

    any_permission_required = ["view"]

    def get_base_queryset(self) -> QuerySet[Entry]:
        """Give entries with the name behind each."""
        return Entry.objects.select_related("person")

    @cached_property
    def columns(self) -> list[Column]:
        """Give the columns: when, who, what, to which thing."""
        return [
            DateColumn("at", label=_("when"), sort_key="id"),
            Column("person", label=_("who"), accessor="person.name"),
            Column("verb", label=_("did")),
            Column("thing", label=_("to")),
        ]


class EntryViewSet(ReadOnlyViewSet):
    """Who did what to which thing, when."""

    model = Entry
    icon = "history"
    name = "logbook"
    url_prefix = "logbook"
    menu_label = _("Logbook")
    menu_order = 910
    add_to_settings_menu = True
    index_view_class = EntryIndexView
    list_filter = ["verb"]
    list_per_page = 100
    ordering = ["-id"]


class ClearColumn(Column):
    """A button that clears an open alarm."""

    cell_template_name = "logbook/_clear_cell.html"

    def get_value(self, instance: Alarm) -> Alarm:
        """Give the alarm itself; the template asks whether it is open."""
        return instance

    def get_cell_context_data(
        self, instance: Alarm, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add the token that a form in a cell needs: cells see no request."""
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        context["csrf_token"] = get_token(parent_context["request"])
        return context


class AlarmIndexView(generic.IndexView):
    """Alarms, the open ones first."""

    any_permission_required = ["view"]

    @cached_property
    def columns(self) -> list[Column]:
        """Give the columns: what is wrong, since when, how often, until when."""
        return [
            Column("text", label=_("alarm")),
            DateColumn("raised_at", label=_("since"), sort_key="raised_at"),
            Column("times", label=_("times")),
            DateColumn("cleared_at", label=_("until"), sort_key="cleared_at"),
            ClearColumn("clear", label=_("clear")),
        ]


class AlarmViewSet(ReadOnlyViewSet):
    """What the desk must know until it is no longer so."""

    model = Alarm
    icon = "warning"
    name = "alarms"
    url_prefix = "alarms"
    menu_label = _("Alarms")
    menu_order = 190
    add_to_admin_menu = True
    index_view_class = AlarmIndexView
    list_per_page = 50
    ordering = ["-raised_at"]


@require_POST
@permission_required("logbook.change_alarm", raise_exception=True)
def clear_view(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Clear the alarm by hand; it is raised again if what is wrong still is."""
    alarm = get_object_or_404(Alarm, pk=alarm_id)
    clear_alarm(key=alarm.key, person=signed_in(request))
    messages.success(request, _now("The alarm is cleared."))
    return redirect("alarms:index")


@hooks.register("register_admin_viewset")
def logbook_screens() -> list[ReadOnlyViewSet]:
    """Give the lists of alarms and of the logbook."""
    return [AlarmViewSet(), EntryViewSet()]


@hooks.register("register_admin_urls")
def alarm_addresses() -> list[URLPattern]:
    """Give the address that clears an alarm."""
    return [path("alarms/<int:alarm_id>/clear/", clear_view, name="alarm_clear")]


@hooks.register("insert_global_admin_css")
def desk_style() -> str:
    """Give the style of what every page of the desk has."""
    return format_html('<link rel="stylesheet" href="{}">', static("logbook/desk.css"))


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Show alarms on the desk's home; what Wagtail says there is of its pages alone."""
    panels[:] = [
        panel
        for panel in panels
        if not isinstance(panel, (RecentEditsPanel, LockedPagesPanel))
    ]
    if request.user.has_perm("logbook.view_alarm"):
        panels.append(AlarmsPanel())


@hooks.register("construct_help_menu")
def leave_out_news_of_wagtail(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what tells of Wagtail's releases: it is no editor's business."""
    items[:] = [item for item in items if not item.name.startswith("whats-new")]


# As an editor needs them; what isn't named keeps Wagtail's order behind these.
MENU = ("wire", "stories", "explorer", "images", "authors", "topics", "alarms")


@hooks.register("construct_main_menu")
def order_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put the menu in the newsroom's order."""
    for item in items:
        if item.name in MENU:
            item.order = 10 * (MENU.index(item.name) + 1)
        if item.name == "images":
            item.label = _("Pictures")
    items.sort(key=lambda item: item.order)
