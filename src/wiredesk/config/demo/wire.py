"""The demo's feeds, and its agencies' copy on its way into them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wiredesk.config.server.prepare import Say
from wiredesk.demo.deliveries import Delivery, deliveries
from wiredesk.demo.feeds import FeedSeed, feeds
from wiredesk.demo.feeds import sections as section_seeds
from wiredesk.topics.models import Topic
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take
from wiredesk.wire.models import Feed, FeedRule

TRANSPORT = "demo"
SPACING = 5.0  # seconds at least between two live deliveries


@dataclass(frozen=True, slots=True)
class Progress:
    """When the demo's copy was dated from, and how much of the live part has come."""

    start: str
    delivered: int = 0


def folder() -> Path:
    """Give the folder that stands for the agencies' servers: pictures lie there."""
    return Path(settings.WIREDESK_HOME) / "demo"


@transaction.atomic
def make_feeds() -> None:
    """Make the feeds with their contracts and rules; what is there stays as it is."""
    for seed in feeds():
        feed, made = Feed.objects.get_or_create(
            slug=seed.slug, defaults=_contract(seed)
        )
        if made:
            FeedRule.objects.bulk_create(_rules(feed, seed))


def deliver_early(say: Say) -> None:
    """Take, to the end, all the copy that was there before the start."""
    start = timezone.now()
    early = [each for each in deliveries(start) if each.delay is None]
    say(f"Taking {len(early)} deliveries of sample copy …")
    for delivery in early:
        _receive(delivery, wait=True)
    _note(Progress(start=start.isoformat()))


def deliver_live() -> None:
    """Bring the last deliveries one by one, at their moments; ends when all have come.

    Goes on where an earlier run was stopped.
    """
    progress = _progress()
    if progress is None:
        return
    start = datetime.fromisoformat(progress.start)
    live = [each for each in deliveries(start) if each.delay is not None]
    began = time.monotonic()
    lag = (timezone.now() - start).total_seconds()
    for number, delivery in enumerate(live[progress.delivered :]):
        due = max((delivery.delay or 0.0) - lag, number * SPACING)
        time.sleep(max(0.0, began + due - time.monotonic()))
        _receive(delivery, wait=False)
        progress = Progress(progress.start, progress.delivered + 1)
        _note(progress)


def is_set_up() -> bool:
    """Tell whether this data folder has had the early copy."""
    return _progress() is not None


def _receive(delivery: Delivery, *, wait: bool) -> None:
    feed = Feed.objects.get(slug=delivery.feed)
    payload = Payload(delivery.content, name=delivery.name, origin=str(folder()))
    receipts = receive(feed=feed, payloads=[payload], transport=TRANSPORT)
    if wait:
        take(receipts=receipts, worker=TRANSPORT)


def _contract(seed: FeedSeed) -> dict[str, object]:
    return {
        "name": seed.name,
        "source": seed.slug,
        "credit": seed.credit_line,
        "copyright_notice": seed.copyright_line.replace(
            "{year}", str(timezone.now().year)
        ),
        "canonical": Feed.Canonical.SOURCE
        if seed.canonical == "source"
        else Feed.Canonical.SELF,
        "publish": Feed.Publish.NOW if seed.publish_at_once else Feed.Publish.HOLD,
        "silent_after": None,
    }


def _rules(feed: Feed, seed: FeedSeed) -> Sequence[FeedRule]:
    """Give the rules: first what is held, then which topic leads into which section."""
    by_code = {topic.code: topic for topic in Topic.objects.exclude(code=None)}
    holds = [
        FeedRule(
            topic=by_code[hold.topic] if hold.topic else None,
            urgency_from=1 if hold.urgency_up_to else None,
            urgency_to=hold.urgency_up_to,
            publish=Feed.Publish.HOLD,
        )
        for hold in seed.holds
    ]
    leads = [
        FeedRule(topic=by_code[code], section=section.slug)
        for section in section_seeds()
        for code in section.topics
        if code in by_code
    ]
    rest = [FeedRule(section=seed.default_section)]
    rules = [*holds, *leads, *rest]
    for order, rule in enumerate(rules):
        rule.feed, rule.sort_order = feed, order
    return rules


def _progress() -> Progress | None:
    try:
        return Progress(**json.loads(_file().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _note(progress: Progress) -> None:
    draft = _file().with_suffix(".new")
    draft.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    draft.replace(_file())


def _file() -> Path:
    return folder() / "progress.json"
