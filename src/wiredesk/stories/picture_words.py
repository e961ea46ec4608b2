"""What the wire said of a picture: its kills, and the stories that bring it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from wiredesk.stories.facts import WireFact
from wiredesk.stories.models import Reference, StoryPicture
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiredesk.stories.models import Picture

Identity = tuple[str, str]  # (source, guid)


@dataclass(frozen=True, slots=True)
class Said:
    """What one message says of a picture: its own status, or what it does to ``guid``."""

    says: str
    matched_by: str  # identity, or reference where it is another document's word
    guid: str


def words_about(identities: Iterable[Identity]) -> dict[int, Said]:
    """Give what messages say of the picture of these ids, by message number."""
    wanted = set(identities)
    among = Q(
        source__in={source for source, _guid in wanted},
        guid__in={guid for _source, guid in wanted},
    )
    said: dict[int, Said] = {}
    own = Message.objects.filter(among).values_list("pk", "source", "guid", "status")
    named = Reference.objects.filter(among)
    others = named.values_list("message_id", "source", "guid", "verb")
    for rows, matched_by in ((others, "reference"), (own, "identity")):
        for pk, source, guid, says in rows:
            if (source, guid) in wanted:
                said[pk] = Said(says, matched_by, guid)
    return said


def kills_of(identities: Iterable[Identity]) -> list[Message]:
    """Give the messages that kill the picture of these ids, oldest first."""
    said = words_about(identities)
    ids = [pk for pk, word in said.items() if word.says in ("canceled", "kills")]
    rows = Message.objects.filter(pk__in=ids).select_related("feed")
    return list(rows.defer("item", "policy").order_by("received_at", "pk"))


def carried(picture: Picture, identities: Iterable[Identity]) -> list[WireFact]:
    """Give each usable story that brings the picture as the agency's leave to use it.

    Most pictures are no item of their own: a story that is sent after a kill and brings
    one again is the newer word of it. Times alone tell which came after.
    """
    guids = {guid for _source, guid in identities}
    stories = StoryPicture.objects.filter(picture=picture).exclude(guid="")
    rows = Message.objects.filter(
        source=picture.source,
        guid__in=stories.values("story__identities__guid"),
        kind="story",
        status="usable",
        publishable=True,
        erased_at__isnull=True,
    )
    return [
        WireFact(
            id=message.pk,
            received_at=message.received_at,
            status=message.status,
            guid=message.guid,
            version=message.version,
            version_at=message.version_at,
        )
        for message in rows.only(
            "guid", "version", "version_at", "received_at", "status", "item"
        )
        if not guids.isdisjoint(
            each.get("guid") for each in message.item.get("pictures") or ()
        )
    ]
