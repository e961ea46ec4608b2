"""How the desk narrows its list of stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wiredesk.stories.desk.home import waiting_stories
from wiredesk.stories.models import SectionPage, Story, StoryStanding
from wiredesk.topics.models import Topic

if TYPE_CHECKING:
    from datetime import datetime

STANDINGS = [
    ("waiting", _("waits for an editor")),
    ("live", _("live")),
    ("held", _("held")),
    ("embargoed", _("embargoed")),
    ("withdrawn", _("withdrawn")),
    ("expired", _("expired")),
]


def standing_condition(standing: str, now: datetime) -> Q:
    """Give the condition under which a story has ``standing`` at ``now``."""
    state = StoryStanding.State
    waits = Q(standing__visible_from__gt=now)
    is_past = Q(standing__expired_at__isnull=False) | Q(
        standing__visible_until__lte=now
    )
    allowed = Q(standing__state__unindexed=state.LIVE)
    return {
        "live": allowed & ~waits & ~is_past,
        "embargoed": allowed & waits & ~is_past,
        "expired": allowed & is_past,
        "held": Q(standing__state=state.HELD) | Q(standing__isnull=True),
        "withdrawn": Q(standing__state=state.WITHDRAWN),
    }[standing]


class StoryFilterSet(WagtailFilterSet):
    """Standing, agency, section, topic, and words of the headline."""

    standing = django_filters.ChoiceFilter(
        label=_("standing"), choices=STANDINGS, method="filter_standing"
    )
    headline = django_filters.CharFilter(
        label=_("headline has"), lookup_expr="icontains"
    )
    source_name = django_filters.CharFilter(
        label=_("agency has"), lookup_expr="icontains"
    )
    section = django_filters.ModelChoiceFilter(
        label=_("section"),
        field_name="placements__section",
        queryset=SectionPage.objects.all(),
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("topic"), field_name="topics__topic", queryset=Topic.objects.all()
    )

    class Meta:
        model = Story
        fields: list[str] = []

    def filter_standing(
        self, stories: QuerySet[Story], name: str, value: str
    ) -> QuerySet[Story]:
        """Keep the stories whose standing now is ``value``."""
        if value == "waiting":
            return stories.filter(pk__in=waiting_stories().values("pk").order_by())
        return stories.filter(standing_condition(value, timezone.now()))
