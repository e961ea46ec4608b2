"""Deliveries that could not be read: why, and trying again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from wiredesk.lib.read_only import ReadOnlyViewSet
from wiredesk.lib.signed_in import signed_in
from wiredesk.wire import originals
from wiredesk.wire.actions.try_again import try_again
from wiredesk.wire.models import Delivery

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

SHOWN_BYTES = 200_000


class SetAsideIndexView(generic.IndexView):
    """Deliveries set aside, newest first."""

    any_permission_required = ["view", "change"]

    def get_base_queryset(self) -> QuerySet[Delivery]:
        """Give only what was set aside."""
        return Delivery.objects.filter(state=Delivery.State.SET_ASIDE).select_related(
            "feed"
        )

    @cached_property
    def columns(self) -> list[Column]:
        """Give the columns: what, whose, why, when."""
        return [
            TitleColumn(
                "name", label=_("File"), get_url=self.get_inspect_url, accessor=str
            ),
            Column("feed", label=_("Feed")),
            Column("reason", label=_("Reason")),
            DateColumn("received_at", label=_("Received"), sort_key="id"),
        ]


class SetAsideView(generic.InspectView):
    """One delivery that was set aside, with its bytes and "try again"."""

    template_name = "wire/desk/set_aside.html"
    page_title = _("Set aside")
    any_permission_required = ["view", "change"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the delivery and the first bytes of its original."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        delivery: Delivery = self.object
        try:
            raw, problem = originals.read(delivery.sha256), ""
        except originals.OriginalError as error:
            raw, problem = b"", str(error)
        context.update(
            delivery=delivery,
            raw=raw[:SHOWN_BYTES].decode("utf-8", errors="replace"),
            raw_problem=problem,
            may_try=self.request.user.has_perm("wire.change_delivery"),
        )
        return context

    def get_fields(self) -> list[str]:
        """Show none of Wagtail's own list of fields."""
        return []


class SetAsideViewSet(ReadOnlyViewSet):
    """Deliveries set aside; nobody edits one."""

    model = Delivery
    icon = "warning"
    name = "wire_set_aside"
    url_prefix = "wire/set-aside"
    menu_label = _("Set aside")
    menu_order = 20
    index_view_class = SetAsideIndexView
    inspect_view_class = SetAsideView
    inspect_view_enabled = True
    list_filter = ["feed"]
    ordering = ["-id"]


@require_POST
@permission_required("wire.change_delivery", raise_exception=True)
def try_again_view(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Put the delivery back into the queue and say so."""
    delivery = get_object_or_404(
        Delivery, pk=delivery_id, state=Delivery.State.SET_ASIDE
    )
    if try_again(delivery=delivery, by=signed_in(request)):
        messages.success(request, _now("It is read again now."))
    else:
        messages.error(request, _now("Its bytes were never kept; ask for it again."))
    return redirect("wire_set_aside:index")


@require_GET
@permission_required("wire.view_delivery", raise_exception=True)
def original_view(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Give the bytes as they came, as a download that no browser interprets."""
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    try:
        raw = originals.read(delivery.sha256)
    except originals.OriginalError as error:
        raise Http404(str(error)) from error
    return HttpResponse(
        raw,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{delivery.sha256}.bin"',
            "Cache-Control": "private, no-store",
        },
    )
