"""The policy of a message: what the feed's contract and rules say of it, frozen.

Worked out once, when the message is taken, and kept with it: a later change of the
feed's rules releases or hides nothing that came before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.topics.models import Topic
from wiredesk.wire.models import Feed, FeedRule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wiredesk.wire.items import WireItem

NOW, HOLD = Feed.Publish.NOW.value, Feed.Publish.HOLD.value


@dataclass(frozen=True, slots=True)
class Rule:
    """A feed's rule, ready to be asked.

    ``topics`` is ``None`` where the rule asks for none; else the codes of its topic and
    of every narrower one, of which the item must carry one. ``urgencies`` are from and
    to, 1 the most urgent; an item without urgency is in no range.
    """

    number: int  # as the editor counts them, from 1
    topics: frozenset[str] | None
    topic_name: str
    urgencies: tuple[int, int] | None
    publish: str  # now, hold, or empty where the rule only places
    section: str

    def fits(self, item: WireItem) -> bool:
        """Tell whether every condition of the rule holds for the item."""
        if self.topics is not None and self.topics.isdisjoint(item.media_topics):
            return False
        if self.urgencies is None:
            return True
        least, most = self.urgencies
        return item.urgency is not None and least <= item.urgency <= most

    def in_words(self) -> str:
        """Say the rule as the desk reads it in a message's policy."""
        words = [f"topic {self.topic_name}"] if self.topics is not None else []
        if self.urgencies is not None:
            words.append("urgency {} to {}".format(*self.urgencies))
        return f"rule {self.number} ({', '.join(words) or 'everything'})"


def freeze(
    feed: Feed, rules: Iterable[Rule], item: WireItem, received_at: datetime
) -> dict[str, Any]:
    """Give the policy of one item as plain JSON; pure.

    Of the rules that fit, the first that says whether to publish decides that, and the
    first that names a section decides that: so a rule that holds needn't know sections.

    Keys: ``publish`` (now, hold) and ``why``, ``section``, ``site`` (a host; empty: the
    default), ``hard_expiry``, ``canonical``, ``noindex``, ``feed_mode``, ``credit``,
    ``copyright_notice``, ``feed`` (its slug), ``name`` (the feed's, as readers know the
    agency), ``retain_until`` (ISO 8601, or null) and, where the feed has one, the
    ``mapping`` by which the item was understood.
    """
    publish, why, section = feed.publish, "the feed's own rule", feed.section
    fitting = [rule for rule in rules if rule.fits(item)]
    deciding = next((rule for rule in fitting if rule.publish), None)
    placing = next((rule for rule in fitting if rule.section), None)
    if deciding is not None:
        publish, why = deciding.publish, deciding.in_words()
    if placing is not None:
        section = placing.section
    retain_until = None
    if feed.retain_days is not None:
        retain_until = (received_at + timedelta(days=feed.retain_days)).isoformat()
    return {
        "publish": NOW if publish == NOW else HOLD,
        "why": why,
        "section": section,
        "site": feed.site,
        "hard_expiry": feed.hard_expiry,
        "canonical": feed.canonical,
        "noindex": feed.noindex,
        "feed_mode": feed.feed_mode,
        "credit": feed.credit,
        "copyright_notice": feed.copyright_notice,
        "feed": feed.slug,
        "name": feed.name,
        "retain_until": retain_until,
        **({"mapping": feed.mapping} if feed.mapping else {}),
    }


_with_rules = PreparedQuery(
    lambda feeds: (
        FeedRule.objects.filter(feed_id__in=feeds).order_by().values_list("feed_id")
    )
)


def rules_of(feed_ids: Iterable[int]) -> dict[int, list[Rule]]:
    """Give the rules of these feeds in the editor's order, in at most three queries."""
    with_rules = {feed_id for (feed_id,) in _with_rules(list(feed_ids))}
    if not with_rules:
        return {}
    rows = list(
        FeedRule.objects.filter(feed_id__in=with_rules)
        .select_related("topic")
        .order_by("feed_id", "sort_order", "pk")
    )
    codes = _narrower_codes() if any(row.topic_id for row in rows) else {}
    rules: dict[int, list[Rule]] = defaultdict(list)
    for row in rows:
        ranked = rules[row.feed_id]
        ranked.append(_rule(row, len(ranked) + 1, codes))
    return rules


def _rule(row: FeedRule, number: int, codes: dict[int, frozenset[str]]) -> Rule:
    urgencies = None
    if row.urgency_from is not None or row.urgency_to is not None:
        least, most = row.urgency_from or 1, row.urgency_to or 9
        urgencies = (min(least, most), max(least, most))
    return Rule(
        number=number,
        topics=codes[row.topic_id] if row.topic_id is not None else None,
        topic_name=row.topic.name if row.topic is not None else "",
        urgencies=urgencies,
        publish=row.publish,
        section=row.section,
    )


def _narrower_codes() -> dict[int, frozenset[str]]:
    """Give, for each topic, its own code and those of all topics below it."""
    parents: dict[int, int | None] = {}
    own: dict[int, str | None] = {}
    for pk, code, parent in Topic.objects.values_list("pk", "code", "parent_id"):
        parents[pk], own[pk] = parent, code
    codes: dict[int, set[str]] = {pk: set() for pk in parents}
    for pk, code in own.items():
        seen: set[int] = set()
        above: int | None = pk
        # seen: an editor can make two topics each other's parent.
        while code and above is not None and above not in seen:
            seen.add(above)
            codes[above].add(code)
            above = parents.get(above)
    return {pk: frozenset(found) for pk, found in codes.items()}
