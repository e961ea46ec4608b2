"""What the desk's home page says of the wire: its feeds, and today's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from wiredesk.wire.models import Delivery, Feed, LedgerLine, Outcome, Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest


class FeedsPanel(Component):
    """Each feed with the time since it last brought anything, the silent ones marked."""

    name = "wire_feeds"
    order = 20
    template_name = "wire/desk/home_feeds.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Give the active feeds, the longest silent first."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        now = timezone.now()
        feeds = list(Feed.objects.filter(active=True))
        feeds.sort(key=lambda feed: feed.last_received_at or feed.created_at)
        context["feeds"] = [(feed, _is_silent(feed, now)) for feed in feeds]
        context["may_change"] = parent_context["request"].user.has_perm(
            "wire.change_feed"
        )
        return context


class LedgerPanel(Component):
    """What became of everything that came since midnight."""

    name = "wire_ledger"
    order = 40
    template_name = "wire/desk/home_ledger.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Give the day's outcomes, and what stands set aside or waits now."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        midnight = timezone.localtime().replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        found = outcomes_since(midnight)
        wire = reverse("wire_messages:index")
        context["rows"] = [
            (Outcome(outcome).label, found[outcome], f"{wire}?outcome={outcome}")
            for outcome in Outcome.values
            if found.get(outcome)
        ]
        context["total"] = sum(found.values())
        states = Delivery.State
        context["set_aside"] = Delivery.objects.filter(state=states.SET_ASIDE).count()
        context["waiting"] = Delivery.objects.filter(state=states.WAITING).count()
        return context


def outcomes_since(moment: datetime) -> dict[str, int]:
    """Count the items received at ``moment`` or later, by what became of them."""
    # Receipts are numbered as they come, and no index orders them by time.
    before = Receipt.objects.filter(at__lt=moment).order_by("-id").values("id")[:1]
    last = before[0]["id"] if before else 0
    lines = LedgerLine.objects.filter(receipt_id__gt=last).order_by()
    return dict(lines.values_list("outcome").annotate(lines=Count("pk")))


def wire_panels(request: HttpRequest) -> list[Component]:
    """Give the panels that the user of ``request`` may see."""
    if request.user.has_perm("wire.view_message"):
        return [FeedsPanel(), LedgerPanel()]
    return []


def _is_silent(feed: Feed, now: datetime) -> bool:
    if feed.silent_after is None:
        return False
    last = feed.last_received_at or feed.created_at
    return (now - last).total_seconds() > feed.silent_after * 60
