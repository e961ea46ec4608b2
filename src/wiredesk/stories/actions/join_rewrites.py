"""Let a rewrite under a new id go on as the story it names, where the feed's rule says so.

Which ids are one story follows from all that was said, whatever came first: two stories
that a late message ties together become one, under the address that readers know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.models import Order, Story, StoryIdentity, StoryStanding
from wiredesk.wire.mapping import REWRITES
from wiredesk.wire.models import Message

Identity = tuple[str, str]  # (source, guid)


def join_rewrites(messages: Sequence[Message], now: datetime) -> list[list[Identity]]:
    """Bring the ids that just saved messages tie together to one story each.

    Gives the groups of ids. Where none of a group is a story yet there is nothing to
    write: whoever makes one gives it all of them.
    """
    groups = _groups(messages)
    if not groups:
        return []
    known = _stories_of(identity for group in groups for identity in group)
    for group in groups:
        stories = {known[identity] for identity in group if identity in known}
        if not stories:
            continue
        keeper = _keeper(stories)
        insert_rows(
            [
                new_row(StoryIdentity, source=source, guid=guid, story_id=keeper.pk)
                for source, guid in group
                if (source, guid) not in known
            ]
        )
        for other in Story.objects.filter(pk__in=stories - {keeper.pk}):
            _join(other, keeper, now)
    return groups


def rewrites_of(message: Message) -> list[str]:
    """Give the ids of its own source that ``message`` is a rewrite of."""
    links = message.item.get("links") or ()
    return [link["guid"] for link in links if link["rel"] == REWRITES]


def _groups(messages: Sequence[Message]) -> list[list[Identity]]:
    """Give the ids that belong together, in the order in which they were named."""
    group_of: dict[Identity, list[Identity]] = {}
    for message in messages:
        for guid in rewrites_of(message):
            pair = (message.source, message.guid), (message.source, guid)
            ours, theirs = (group_of.setdefault(one, [one]) for one in pair)
            if ours is not theirs:
                ours += theirs
                group_of.update(dict.fromkeys(theirs, ours))
    return list({id(group): group for group in group_of.values()}.values())


def _stories_of(identities: Iterable[Identity]) -> dict[Identity, int]:
    guids: dict[str, list[str]] = defaultdict(list)
    for source, guid in identities:
        guids[source].append(guid)
    return {
        (source, guid): story_id
        for source, named in guids.items()
        for guid, story_id in StoryIdentity.objects.filter(
            source=source, guid__in=named
        ).values_list("guid", "story_id")
    }


def _keeper(stories: set[int]) -> Story:
    """Give the story whose address stays: the one that readers have known longest."""
    found = Story.objects.select_related("standing").filter(pk__in=stories)
    return min(found, key=_known_since)


def _known_since(story: Story) -> tuple[bool, float, int]:
    public = story.standing.was_public and story.published_at is not None
    at = story.published_at.timestamp() if public and story.published_at else 0.0
    return not public, at, story.pk


def _join(other: Story, keeper: Story, now: datetime) -> None:
    """Let ``keeper`` speak for ``other``, whose page leads there from now on."""
    StoryIdentity.objects.filter(story=other).update(story=keeper)
    Order.objects.filter(story=other).update(story=keeper)
    Story.objects.filter(joined_to=other).update(joined_to=keeper)
    Story.objects.filter(pk=other.pk).update(joined_to=keeper, live=False)
    StoryStanding.objects.filter(pk=other.pk).update(
        state=StoryStanding.State.HELD,
        reason=f"It goes on as story {keeper.pk}.",
        shows=None,
        visible_from=None,
        lifts_at=None,
        visible_until=None,
        listed_until=None,
        since=now,
    )
    write(
        verb="join",
        thing=f"story:{other.pk}",
        detail={"to": keeper.pk},
        at=now,
    )
    if other.is_edited():
        raise_alarm(
            key=f"joined:{other.pk}",
            text=f"“{other.headline[:120]}” goes on as another story; what the desk "
            "changed in it stays with the old one. Look whether it is still wanted.",
            thing=f"story:{keeper.pk}",
        )
    announce([other.pk])
