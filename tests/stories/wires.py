"""Messages as the wire saves them, for tests of what stories make of them."""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from wiredesk.stories.actions.settle import settle
from wiredesk.stories.models import Story, StoryIdentity
from wiredesk.wire.models import Delivery, Feed, Message
from wiredesk.wire.signals import Taken

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
POLICY = {
    "publish": "now",
    "section": "",
    "site": "",
    "hard_expiry": True,
    "credit": "Meridian Press Agency",
    "copyright_notice": "© 2026 Meridian Press Agency. All rights reserved.",
    "canonical": "self",
    "noindex": False,
    "feed_mode": "full",
}
_COLUMNS = frozenset(
    {
        "version",
        "version_at",
        "received_at",
        "kind",
        "status",
        "publishable",
        "embargoed_until",
        "embargo_open",
        "expires",
    }
)
_deliveries = itertools.count(1)


def a_feed(slug: str = "meridian", **values: Any) -> Feed:
    """Give a feed, made once."""
    feed, _ = Feed.objects.get_or_create(
        slug=slug, defaults={"name": "Meridian", "source": slug, **values}
    )
    return feed


def a_message(guid: str = "urn:meridian:1", **values: Any) -> Message:
    """Give an unsaved message: a usable story, version 1, unless ``values`` differ.

    Names of columns are columns, ``policy`` adds to the policy, the rest is the item.
    """
    feed = values.pop("feed", None) or a_feed()
    policy = {**POLICY, **values.pop("policy", {})}
    columns = {name: values.pop(name) for name in _COLUMNS.intersection(values)}
    status = columns.get("status", "usable")
    item = {
        "guid": guid,
        "headline": "Orrin bridge closes for repairs",
        "body_html": "<p>The Orrin bridge closes on Monday.</p>\n",
        "body_text": "The Orrin bridge closes on Monday.",
        "language": "en",
        **values,
    }
    columns = {
        "version": "1",
        "version_at": None,
        "received_at": timezone.now(),
        "kind": "story",
        "publishable": status in ("usable", "embargoed"),
        "embargo_open": False,
        **columns,
        "status": status,
    }
    stated = {name: str(value) for name, value in columns.items()}
    del stated["received_at"]
    spoken = json.dumps([item, stated], sort_keys=True)
    return Message(
        feed=feed,
        source=feed.source,
        guid=guid,
        headline=item["headline"] or "",
        item=item,
        policy=policy,
        digest=hashlib.sha256(spoken.encode()).hexdigest(),
        **columns,
    )


def save(*messages: Message) -> list[Message]:
    """Save messages as one delivery brings them."""
    number = next(_deliveries)
    delivery = Delivery.objects.create(
        feed=messages[0].feed,
        sha256=f"{number:064d}",
        size=1,
        received_at=timezone.now(),
        state=Delivery.State.TAKEN,
    )
    for ordinal, message in enumerate(messages):
        message.delivery = delivery
        message.ordinal = ordinal
    return Message.objects.bulk_create(messages)


def take(*messages: Message) -> list[Taken]:
    """Save and settle messages in one batch; gives what became of each."""
    saved = save(*messages)
    answers = settle(saved)
    return [answers[message.pk] for message in saved]


def outcome(message: Message) -> str:
    """Save and settle one message; gives its outcome."""
    (taken,) = take(message)
    return taken.outcome.value


def reason(message: Message) -> str:
    """Save and settle one message; gives the reason of its outcome."""
    (taken,) = take(message)
    return taken.reason


def story_of(guid: str = "urn:meridian:1", source: str = "meridian") -> Story:
    """Give the story of an identity, fresh from the table."""
    return StoryIdentity.objects.get(guid=guid, source=source).story


def is_public(guid: str = "urn:meridian:1", now: datetime | None = None) -> bool:
    """Tell whether the public may see the story at ``now``."""
    return Story.objects.public(now).filter(identities__guid=guid).exists()
