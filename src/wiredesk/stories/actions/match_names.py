"""Find the stories that a kill means which names them by slug or transmission alone.

Whom a kill means follows from what is known, whatever came first: every story of the same
source that went by the name in the week before the kill. So each is matched anew when
something comes that goes by its name.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.stories.models import ItemName, KillByName, Reference, StoryIdentity
from wiredesk.wire.formats.kill_words import (
    names_in,
    order_in,
    reference_name,
    slug_name,
)
from wiredesk.wire.journaled import FORMAT
from wiredesk.wire.models import Message

WINDOW = timedelta(days=7)  # a slug is used again, by another story
MOST_NAMES = 8
_ENDING = {"canceled": Reference.Verb.KILLS, "withheld": Reference.Verb.WITHHOLDS}

_kills_named = PreparedQuery(
    lambda sources, names: KillByName.objects.filter(
        source__in=sources, name__in=names
    ).values_list("message_id"),
    lists=2,
)
_kills_of = PreparedQuery(
    lambda sources, guids: KillByName.objects.filter(
        source__in=sources, guid__in=guids
    ).values_list("message_id"),
    lists=2,
)


@dataclass(slots=True)
class Matched:
    """What kills by name do: ``told`` by those that have just come, by message id.

    ``touched`` are items whose kills came earlier and mean something else now, and
    ``changed`` those kills.
    """

    told: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)
    touched: set[tuple[str, str]] = field(default_factory=set)


@dataclass(slots=True)
class _Kill:
    """A kill by name. ``is_note``: a note to editors, which is no item's own kill."""

    message_id: int
    verb: str
    source: str
    guid: str
    at: datetime
    is_note: bool
    names: set[str] = field(default_factory=set)


def match_names(
    messages: Sequence[Message], pins: Mapping[int, frozenset[str]] | None = None
) -> Matched:
    """Note the names of just saved messages and match every kill that they bear on.

    ``pins`` are items that a kill is known to mean whatever goes by its name here, by
    the number of the kill's message.
    """
    pins = pins or {}
    stories = [message for message in messages if _is_copy(message)]
    names = [row for message in stories for row in _item_names(message)]
    insert_rows(names, want_ids=False)
    new = [row for message in messages for row in _kill_rows(message)]
    insert_rows(new, ignore_conflicts=True)
    wanted = {row.message_id for row in new} | set(pins)
    sources = sorted({message.source for message in stories})
    for found in (
        _kills_named(sources, sorted({row.name for row in names})),
        _kills_of(sources, sorted({message.guid for message in stories})),
    ):
        wanted.update(message_id for (message_id,) in found)
    matched = Matched()
    if wanted:
        arrived = {message.pk for message in messages}
        for kill in _kills(wanted):
            _match(kill, pins.get(kill.message_id), arrived, matched)
    return matched


def _is_copy(message: Message) -> bool:
    return message.kind == "story" and message.status not in _ENDING


def _item_names(message: Message) -> list[ItemName]:
    names = [slug_name(message.item.get("slugline")), *_references(message)]
    return [
        new_row(
            ItemName,
            message_id=message.pk,
            source=message.source,
            name=_digest(name),
            guid=message.guid,
            at=message.version_at or message.received_at,
        )
        for name in list(dict.fromkeys(filter(None, names)))[:MOST_NAMES]
    ]


def _references(message: Message) -> list[str]:
    return [
        reference_name(link["guid"])
        for link in message.item.get("links") or ()
        if link["rel"] in ("transref", "altId") or link["rel"].startswith("altid:")
    ]


def _kill_rows(message: Message) -> list[KillByName]:
    if message.item.get("format") == FORMAT:
        verb, names = message.item.get("names_do", ""), message.item.get("names", [])
    else:
        verb, spoken = _spoken(message)
        names = [_digest(name) for name in dict.fromkeys(filter(None, spoken))]
    return [
        new_row(
            KillByName,
            message_id=message.pk,
            verb=verb,
            source=message.source,
            name=name,
            guid=message.guid,
            at=message.version_at or message.received_at,
        )
        for name in names[:MOST_NAMES]
    ]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _spoken(message: Message) -> tuple[str, list[str]]:
    """Give what the message does by name alone, and the names; none where an id is."""
    if message.kind == "story" and message.status in _ENDING:
        names = [slug_name(message.item.get("slugline")), *_references(message)]
        return _ENDING[message.status], names
    links = message.item.get("links") or ()
    names_an_id = any(link["rel"] in Reference.Verb.values for link in links)
    if message.kind != "advisory" or names_an_id:
        return "", []
    item = message.item
    said = item.get("headline"), item.get("slugline"), item.get("body_text") or ""
    verb = order_in(*said)
    return verb, [*names_in(*said), *_references(message)] if verb else []


def _kills(message_ids: Iterable[int]) -> list[_Kill]:
    kills: dict[int, _Kill] = {}
    rows = KillByName.objects.filter(message__in=message_ids).order_by("message", "pk")
    for message_id, verb, source, guid, at, kind, name in rows.values_list(
        "message_id", "verb", "source", "guid", "at", "message__kind", "name"
    ):
        kill = kills.setdefault(
            message_id,
            _Kill(message_id, verb, source, guid, at, kind == "advisory"),
        )
        kill.names.add(name)
    return list(kills.values())


def _match(
    kill: _Kill, pins: frozenset[str] | None, arrived: set[int], matched: Matched
) -> None:
    rows = Reference.objects.filter(message=kill.message_id, by_name=True)
    held = {
        (verb, guid): p for verb, guid, p in rows.values_list("verb", "guid", "pinned")
    }
    before = set(held)
    pinned = (
        {guid for (_verb, guid), pin in held.items() if pin} if pins is None else pins
    )
    guids = _candidates(kill, pinned)
    verb = _verb(kill, guids)
    now = {(verb, guid) for guid in guids}
    if gone := before - now:
        rows.filter(guid__in=[guid for _verb, guid in gone]).delete()
    kept = before - gone
    # Rows that another verb held for the same item went with it.
    insert_rows(
        [
            new_row(
                Reference,
                message_id=kill.message_id,
                verb=verb,
                source=kill.source,
                guid=guid,
                by_name=True,
                pinned=guid in pinned,
            )
            for verb, guid in sorted(now - kept)
        ],
        ignore_conflicts=True,
    )
    if pins is not None:
        rows.exclude(guid__in=pins).update(pinned=False)
        rows.filter(guid__in=pins).update(pinned=True)
    if kill.message_id in arrived:
        matched.told[kill.message_id] = sorted(now)
    elif before != now and pins is None:
        matched.changed.append(kill.message_id)
    matched.touched |= {(kill.source, guid) for _verb, guid in before ^ now}
    is_lost = kill.is_note and not guids and kill.message_id in arrived
    if is_lost or (guids and verb == Reference.Verb.DOUBTS and before != now):
        _alarm(kill, guids)


def _candidates(kill: _Kill, pinned: Collection[str]) -> list[str]:
    """Give the items the kill may mean: those of all its names, else those of any.

    ``pinned`` are among them whatever they are called.
    """
    if not kill.is_note and _is_known(kill):
        return []
    found: dict[str, set[str]] = defaultdict(set)
    rows = ItemName.objects.filter(
        source=kill.source,
        name__in=kill.names,
        at__gt=kill.at - WINDOW,
        at__lte=kill.at,
    ).exclude(guid=kill.guid)
    for guid, name in rows.values_list("guid", "name"):
        found[guid].add(name)
    whole = {guid for guid, names in found.items() if names == kill.names}
    return sorted((whole or set(found)).union(pinned))


def _is_known(kill: _Kill) -> bool:
    """Tell whether the kill's own item has come: then it means that one alone."""
    own = Message.objects.filter(source=kill.source, guid=kill.guid, kind="story")
    return own.exclude(status__in=_ENDING).exists()


def _verb(kill: _Kill, guids: list[str]) -> str:
    """Give what the kill does to what it may mean: only one story may be killed by it."""
    if not kill.is_note:
        return Reference.Verb.DOUBTS
    rows = StoryIdentity.objects.filter(source=kill.source, guid__in=guids)
    story_of = dict(rows.values_list("guid", "story_id"))
    stories = {story_of.get(guid, guid) for guid in guids}
    return kill.verb if len(stories) == 1 else Reference.Verb.DOUBTS


def _alarm(kill: _Kill, guids: list[str]) -> None:
    _verb, names = _spoken(Message.objects.get(pk=kill.message_id))
    called = ", ".join(sorted({name.partition(":")[2] for name in names if name}))
    called = called or kill.guid  # its words are not kept: it came from the journal
    does = "kills" if kill.verb == Reference.Verb.KILLS else "withholds"
    if guids:
        text = (
            f"{kill.source} {does} “{called}”, which may be one of {len(guids)} items. "
            "All are held: release those that it doesn't mean."
        )
    else:
        text = f"{kill.source} {does} “{called}”, and nothing here goes by that name."
    raise_alarm(
        key=f"doubtful-kill:{kill.message_id}",
        text=text,
        thing=f"message:{kill.message_id}",
        address=reverse("wire_messages:inspect", args=[kill.message_id]),
    )
