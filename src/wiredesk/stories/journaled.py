"""What the journal keeps of the desk's orders, and how a story is found again by it.

No words and no names: the person is the account's number. An order's note stays out,
since an editor may have named somebody in it and a chained line can't be erased.
"""

from __future__ import annotations

from typing import Any

from wiredesk.logbook.journal import Note
from wiredesk.stories.models import Order, PictureOrder, Story, StoryIdentity
from wiredesk.wire.models import Message

ORDER = "order"
PICTURE_ORDER = "picture-order"
# What these do is undone by losing the line, so they are written before they are done;
# the others after, so that no line lets something show that never was let.
DARKENING = frozenset({Order.Verb.HOLD, Order.Verb.WITHDRAW})


def note_of(order: Order) -> Note:
    """Give the journal's line for an order, with the story's address as it is now."""
    story = Story.objects.only("pk", "path", "source").get(pk=order.story_id)
    identities = story.identities.order_by("id").values_list("source", "guid")
    return Note(
        ORDER,
        {
            "order": str(order.verb),
            "at": order.at.isoformat(),
            "by": order.by_id,
            "story": {
                "id": story.pk,
                # A headline is in the address; only what has no other name needs it.
                "path": None if story.source else story.path,
                "source": story.source,
                "identities": [list(identity) for identity in identities],
            },
            "message": _facts_of(order.message) if order.message else None,
        },
    )


def note_of_picture(order: PictureOrder) -> Note:
    """Give the journal's line for an order about a picture: its digest, no words."""
    return Note(
        PICTURE_ORDER,
        {
            "order": str(order.verb),
            "at": order.at.isoformat(),
            "by": order.by_id,
            "source": order.source,
            "sha256": order.sha256,
            "message": _facts_of(order.message) if order.message else None,
        },
    )


def story_of(facts: dict[str, Any]) -> Story | None:
    """Give the story that a line speaks of, where this database has it."""
    for source, guid in facts["identities"]:
        identity = StoryIdentity.objects.filter(source=source, guid=guid).first()
        if identity is not None:
            return identity.story
    if facts["identities"]:
        return None
    # The station's own has no other name; the address shows that it is the same one.
    own = Story.objects.filter(pk=facts["id"], source="").first()
    if own is not None and own.path and facts["path"] and own.path != facts["path"]:
        return None
    return own


def message_of(facts: dict[str, Any]) -> Message | None:
    """Give the message that a line names, where this database has it."""
    found = Message.objects.filter(
        source=facts["source"],
        guid=facts["guid"],
        status=facts["status"],
        digest=facts["digest"],
    )
    return found.order_by("pk").first()


def _facts_of(message: Message) -> dict[str, str]:
    return {
        "source": message.source,
        "guid": message.guid,
        "version": message.version,
        "status": message.status,
        "digest": message.digest,
    }
