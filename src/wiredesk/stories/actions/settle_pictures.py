"""Bring pictures to where their own messages, the desk and the contract let them stand.

A picture has messages of its own where the agency sends it as an item, and is spoken of
where one kills it by its id. The rules are those of stories.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.gather_cases import (
    Ends,
    Identity,
    ends_of_contracts,
    facts_of_identities,
)
from wiredesk.stories.facts import OrderFact, State, WireFact
from wiredesk.stories.models import (
    Picture,
    PictureIdentity,
    PictureOrder,
    StoryPicture,
)
from wiredesk.stories.picture_words import carried
from wiredesk.stories.signals import pictures_changed
from wiredesk.stories.standing import standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wiredesk.wire.models import Message

PICTURE_STANDING = ("withdrawn_at", "withdrawn_why", "usable_until", "past_end")
_SHOWABLE = ("usable", "embargoed")
_DARK = (State.HELD, State.WITHDRAWN, State.EMBARGOED)


_releases = PictureOrder.objects.filter(verb=PictureOrder.Verb.RELEASE)


@dataclass(frozen=True, slots=True)
class _End:
    """What is to stand on a picture's row."""

    withdrawn: bool
    why: str
    until: datetime | None
    past: datetime | None


@transaction.atomic
def settle_pictures(
    *, picture_ids: Iterable[int], announce_all: bool = False
) -> list[int]:
    """Write where these pictures stand; gives those that changed.

    The stories that show a changed one are announced, and the pictures themselves, in
    the same transaction; ``announce_all`` announces also those that are as they were.
    Safe to repeat.
    """
    pictures = list(Picture.objects.filter(pk__in=set(picture_ids)).order_by("pk"))
    if not pictures:
        return []
    now = timezone.now()
    ends = ends_of_contracts()
    identities = identities_of(pictures)
    facts = facts_of_identities(
        {identity for named in identities.values() for identity in named}
    )
    orders = _orders(pictures)
    changed = []
    for picture in pictures:
        named = identities[picture.pk]
        known = [fact for identity in named for fact in facts[identity]]
        given = orders[picture.source, picture.sha256]
        if _is_released(known, given):
            known += carried(picture, named)
        if _bring(picture, _judge(picture, known, given, ends, now), now):
            changed.append(picture)
    _write(changed, now)
    told = pictures if announce_all else changed
    if told:
        announce_pictures([picture.pk for picture in told])
    return [picture.pk for picture in changed]


def settle_pictures_of(messages: Sequence[Message]) -> None:
    """Settle the pictures that these just saved messages are, speak of, or bring again.

    Most messages are stories that name no other item: they cost nothing here.
    """
    named: set[Identity] = set()
    for message in messages:
        if message.kind == "picture" or message.status != "usable":
            named.add((message.source, message.guid))
        named.update(
            (message.source, link["guid"])
            for link in message.item.get("links") or ()
            if link.get("rel") in ("kills", "withholds", "releases", "embargoes")
            and link.get("guid")
        )
    brought = {
        (message.source, picture["guid"])
        for message in messages
        for picture in message.item.get("pictures") or ()
        if picture.get("guid")
    }
    # What a story brings again matters to a picture that the desk released.
    if brought and _releases.exists():
        named |= brought
    if not named:
        return
    found = pictures_named(named)
    if found:
        settle_pictures(picture_ids=found)


def pictures_named(identities: Iterable[Identity]) -> set[int]:
    """Give the library's pictures that go by one of these ids, at home or in a story."""
    wanted = set(identities)
    guids = {guid for _source, guid in wanted if guid}
    own = Picture.objects.filter(guid__in=guids).values_list("source", "guid", "pk")
    other = PictureIdentity.objects.filter(guid__in=guids).values_list(
        "source", "guid", "picture_id"
    )
    used = (
        StoryPicture.objects.filter(guid__in=guids, picture__isnull=False)
        .exclude(guid="")
        .values_list("story__source", "guid", "picture_id")
    )
    return {
        pk
        for rows in (own, other, used)
        for source, guid, pk in rows
        if (source, guid) in wanted
    }


def identities_of(pictures: Iterable[Picture]) -> dict[int, set[Identity]]:
    """Give the ids under which the wire sent each of these pictures, by its number."""
    named: dict[int, set[Identity]] = defaultdict(set)
    for picture in pictures:
        if picture.source and picture.guid:
            named[picture.pk].add((picture.source, picture.guid))
    uses = StoryPicture.objects.filter(picture__in=list(pictures)).exclude(
        Q(guid="") | Q(story__source="")
    )
    others = PictureIdentity.objects.filter(picture__in=list(pictures))
    for rows in (
        uses.values_list("picture_id", "story__source", "guid"),
        others.values_list("picture_id", "source", "guid"),
    ):
        for pk, source, guid in rows:
            named[pk].add((source, guid))
    return named


def _orders(pictures: Iterable[Picture]) -> dict[tuple[str, str], list[OrderFact]]:
    given: dict[tuple[str, str], list[OrderFact]] = defaultdict(list)
    wanted = {picture.sha256 for picture in pictures if picture.sha256}
    for order in PictureOrder.objects.filter(sha256__in=wanted):
        given[order.source, order.sha256].append(
            OrderFact(order.pk, order.verb, order.message_id, order.at)
        )
    return given


def _judge(
    picture: Picture,
    facts: list[WireFact],
    orders: list[OrderFact],
    ends: Ends,
    now: datetime,
) -> _End:
    contract, over = ends.get(picture.feed_id or 0, (None, False))
    own = [_as_story(fact) for fact in facts]
    until, past, withdrawn, why = contract, None, False, ""
    if own or orders:
        stands = standing(own, orders, now)
        withdrawn = stands.state in _DARK
        why = stands.reason if withdrawn else ""
        known = [end for end in (stands.visible_until, until) if end is not None]
        until = min(known, default=None)
    if until is not None and (until <= now or (over and until == contract)):
        past = until
    return _End(withdrawn, why, until, past)


def _is_released(facts: list[WireFact], orders: list[OrderFact]) -> bool:
    """Tell whether only kills darken it and the desk answered each of them."""
    released = {order.message_id for order in orders if order.verb == "release"}
    kills = [fact for fact in facts if fact.status == "canceled"]
    others = [fact for fact in facts if fact.status not in ("canceled", *_SHOWABLE)]
    return bool(kills) and not others and all(kill.id in released for kill in kills)


def _as_story(fact: WireFact) -> WireFact:
    # An item that is a picture is never leave to publish a story, nor asks an editor.
    # Its contract is the library's matter: another feed may have brought the file.
    return dataclasses.replace(
        fact,
        kind="story",
        publishable=fact.publishable or fact.status in _SHOWABLE,
        hold=False,
        contract_until=None,
        contract_over=False,
        erased=False,
    )


def _bring(picture: Picture, end: _End, now: datetime) -> bool:
    before = _state(picture)
    if end.withdrawn:
        picture.withdrawn_at = picture.withdrawn_at or now
    else:
        picture.withdrawn_at = None
    picture.withdrawn_why = end.why
    picture.usable_until = end.until
    if end.past is not None:
        past = picture.past_end
        picture.past_end = end.past if past is None else max(past, end.past)
    return _state(picture) != before


def _state(picture: Picture) -> tuple[object, ...]:
    return tuple(getattr(picture, column) for column in PICTURE_STANDING)


def _write(changed: list[Picture], now: datetime) -> None:
    if not changed:
        return
    Picture.objects.bulk_update(changed, PICTURE_STANDING, batch_size=100)
    acts = [
        Act(
            "picture-standing",
            f"picture:{picture.pk}",
            {
                "state": "withdrawn" if picture.withdrawn_at else "shown",
                "until": picture.usable_until and picture.usable_until.isoformat(),
            },
        )
        for picture in changed
    ]
    write_many(acts=acts, at=now)


def announce_pictures(picture_ids: list[int]) -> None:
    """Say that pictures changed, and with them the stories beside whose text they stand.

    Call inside the transaction that changes them. Which stories have one within their
    text is known to whoever hears ``pictures_changed``.
    """
    uses = StoryPicture.objects.filter(picture__in=picture_ids).order_by()
    stories = sorted(set(uses.values_list("story_id", flat=True)))
    if stories:
        announce(stories)
    pictures_changed.send(sender=Picture, picture_ids=picture_ids, announced=stories)
