"""How the desk narrows its lists of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wiredesk.topics.models import Topic
from wiredesk.wire.desk.find import with_topics, with_words
from wiredesk.wire.models import Feed, LedgerLine, Message, Outcome

if TYPE_CHECKING:
    from django.db.models import QuerySet

URGENCIES = [(number, str(number)) for number in range(1, 10)]


class MessageFilterSet(WagtailFilterSet):
    """Feed, topic, urgency, outcome, and free text."""

    words = django_filters.CharFilter(
        label=_("words of headline, slugline, id or text"), method="filter_words"
    )
    feed = django_filters.ModelChoiceFilter(
        label=_("feed"), queryset=Feed.objects.all()
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("topic, with all narrower ones"),
        queryset=Topic.objects.exclude(code=None),
        method="filter_topic",
    )
    urgency = django_filters.ChoiceFilter(
        label=_("urgency, 1 the highest"), choices=URGENCIES
    )
    outcome = django_filters.ChoiceFilter(
        label=_("outcome when taken"), choices=Outcome.choices, method="filter_outcome"
    )

    class Meta:
        model = Message
        fields: list[str] = []

    def filter_words(
        self, messages: QuerySet[Message], name: str, value: str
    ) -> QuerySet[Message]:
        """Keep messages whose headline, slugline, guid or text has the words."""
        return with_words(messages, value)

    def filter_topic(
        self, messages: QuerySet[Message], name: str, value: Topic
    ) -> QuerySet[Message]:
        """Keep messages that carry the topic's Media Topic code or a narrower one."""
        return with_topics(messages, _codes_under(value))

    def filter_outcome(
        self, messages: QuerySet[Message], name: str, value: str
    ) -> QuerySet[Message]:
        """Keep messages that had the outcome, each once however often it came."""
        lines = LedgerLine.objects.filter(outcome=value, message__isnull=False)
        return messages.filter(pk__in=lines.order_by().values("message_id"))


def _codes_under(topic: Topic) -> set[str]:
    """Give the codes of ``topic`` and all narrower ones; a circle ends the walk."""
    codes: set[str] = set()
    seen: set[int] = set()
    level = {topic.pk: topic.code}
    while level:
        seen |= level.keys()
        codes |= {code for code in level.values() if code}
        narrower = Topic.objects.filter(parent__in=level).exclude(pk__in=seen)
        level = dict(narrower.values_list("pk", "code"))
    return codes
