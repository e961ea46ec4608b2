"""The wire as it arrives, and one message beside the bytes it was read from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from wiredesk.lib.read_only import ReadOnlyViewSet
from wiredesk.lib.signed_in import signed_in
from wiredesk.wire import originals
from wiredesk.wire.desk.filters import MessageFilterSet
from wiredesk.wire.desk.message_actions import actions_for, notes_for
from wiredesk.wire.models import Message, Outcome

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wiredesk.wire.models import Delivery

# Enough to see what arrived; the whole file can be downloaded.
SHOWN_BYTES = 200_000

# What the reader's fields are called on the desk's screen stands in the item itself;
# these are long and get a place of their own.
APART = frozenset({"body_html", "body_text", "dropped", "editor_notes", "pictures"})


class OutcomeColumn(Column):
    """What became of the message when it was taken, the latest line counting."""

    def get_value(self, instance: Message) -> str:
        """Give the outcome's label."""
        lines = instance.lines.all()
        return str(Outcome(lines[len(lines) - 1].outcome).label) if lines else ""


class MessageIndexView(generic.IndexView):
    """Messages, newest first."""

    any_permission_required = ["view", "change", "add"]

    def get_base_queryset(self) -> QuerySet[Message]:
        """Leave out what the list doesn't show: the item is by far the largest."""
        return (
            Message.objects.defer("item", "policy")
            .select_related("feed")
            .prefetch_related("lines")
        )

    @cached_property
    def columns(self) -> list[Column]:
        """Give the columns: when, what, whose, how urgent, what became of it."""
        return [
            TitleColumn(
                "headline",
                label=_("Headline"),
                get_url=self.get_inspect_url,
                accessor=str,
            ),
            Column("feed", label=_("Feed")),
            Column("urgency", label=_("Urgency"), sort_key="urgency"),
            OutcomeColumn("outcome", label=_("Outcome")),
            DateColumn("received_at", label=_("Received"), sort_key="id"),
        ]


class MessageView(generic.InspectView):
    """One message: what was read and dropped, beside the bytes as they came."""

    template_name = "wire/desk/message.html"
    page_title = _("Message")
    any_permission_required = ["view", "change", "add"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the item, its lines, what can be done, and the original's bytes."""
        message: Message = self.object
        context: dict[str, Any] = super().get_context_data(**kwargs)
        raw, raw_problem = _original(message)
        context.update(
            message=message,
            lines=message.lines.select_related("receipt").order_by("id"),
            actions=actions_for(message, signed_in(self.request)),
            notes=notes_for(message),
            facts=facts_of(message.item),
            item=message.item,
            policy=json.dumps(message.policy, indent=2, ensure_ascii=False),
            raw=raw[:SHOWN_BYTES].decode("utf-8", errors="replace"),
            raw_is_cut=len(raw) > SHOWN_BYTES,
            raw_problem=raw_problem,
        )
        return context

    def get_fields(self) -> list[str]:
        """Show none of Wagtail's own list of fields: the template has a better one."""
        return []


def facts_of(item: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what an item says, name and value, but for its long parts."""
    return [
        (
            name,
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        )
        for name, value in item.items()
        if name not in APART and value not in (None, "", [], {})
    ]


def _original(message: Message) -> tuple[bytes, str]:
    if message.delivery.erased_by is not None:
        return b"", said_of_erasure(message.delivery)
    try:
        return originals.read(message.delivery.sha256), ""
    except originals.OriginalError as problem:
        return b"", str(problem)


def said_of_erasure(delivery: Delivery) -> str:
    """Say when a delivery was erased, and by which end of a contract."""
    return _now(
        "Erased by contract on %(when)s: the contract of %(feed)s ended %(end)s. Its "
        "digest and its outcome stay."
    ) % {
        "when": date_format(timezone.localtime(delivery.erased_at), "DATETIME_FORMAT"),
        "feed": delivery.feed,
        "end": date_format(timezone.localtime(delivery.erased_by.at), "DATETIME_FORMAT")
        if delivery.erased_by
        else "–",
    }


class MessageViewSet(ReadOnlyViewSet):
    """Messages are the wire's: nobody adds, changes or deletes one here."""

    model = Message
    icon = "mail"
    name = "wire_messages"
    url_prefix = "wire/messages"
    menu_label = _("As it arrives")
    menu_order = 10
    index_view_class = MessageIndexView
    inspect_view_class = MessageView
    inspect_view_enabled = True
    filterset_class = MessageFilterSet
    list_per_page = 50
    ordering = ["-id"]
