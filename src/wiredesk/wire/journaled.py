"""What the journal keeps of a message that takes something from readers: facts, no words.

A contract can demand that an agency's words are erased, and a chained line can't be.
The facts are enough for the message to do again what it did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime

from wiredesk.wire.items import Status
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.wire.models import ContractEnd, Delivery, Feed

# The format of a delivery that holds a line of the journal in place of an original.
FORMAT = "journal"
KILL, WITHHOLD, EMBARGO, HOLD, RELEASE = (
    "kill",
    "withhold",
    "embargo",
    "hold",
    "release",
)
CONTRACT_END, CONTRACT_UNDONE = "contract-end", "contract-undone"
# An embargo isn't among them: its message is a story, whose words only the wire has.
APPLIED_AS_MESSAGES = (KILL, WITHHOLD, HOLD, RELEASE)

_BY_LINK = {
    "kills": KILL,
    "withholds": WITHHOLD,
    "embargoes": EMBARGO,
    "releases": RELEASE,
}
_POLICY = ("publish", "why", "section", "site", "hard_expiry", "retain_until", "feed")
_MOMENTS = ("version_at", "received_at", "embargoed_until", "expires")
_PLAIN = (
    "source",
    "guid",
    "version",
    "kind",
    "status",
    "publishable",
    "embargo_open",
    "digest",
    "ordinal",
)

Links = list[tuple[str, str]]  # (kills, withholds …; the guid it does that to)


@dataclass(slots=True)
class Bearing:
    """What a message does to other items of its source.

    ``links`` by their ids, ``matched`` to those that it names by no id; ``names_do`` is
    what it does (kills, withholds) to whatever goes by ``names``, which are digests.
    """

    links: Links = field(default_factory=list)
    matched: Links = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    names_do: str = ""


def verb_of(message: Message, bears: Bearing) -> str:
    """Give the journal's verb for the message; empty where it darkens nothing."""
    if message.status == Status.CANCELED:
        return KILL
    if message.status == Status.WITHHELD:
        return WITHHOLD
    if links := [*bears.links, *bears.matched]:
        rels = {rel for rel, _guid in links}
        return next((verb for rel, verb in _BY_LINK.items() if rel in rels), HOLD)
    if bears.names:
        return _BY_LINK[bears.names_do]  # it means what may still come
    if message.kind != "story":
        return ""
    if message.status == Status.EMBARGOED or message.embargoed_until is not None:
        return EMBARGO
    if message.status != Status.USABLE or not message.publishable:
        return HOLD
    return ""


def facts_of(message: Message, bears: Bearing) -> dict[str, Any]:
    """Give the message's facts as plain JSON; see ``message_from``."""
    moments = {name: getattr(message, name) for name in _MOMENTS}
    return {
        **{name: getattr(message, name) for name in _PLAIN},
        **{name: at and at.isoformat() for name, at in moments.items()},
        "feed": message.feed.slug,
        "sha256": message.delivery.sha256,
        "policy": {
            name: message.policy[name] for name in _POLICY if name in message.policy
        },
        "links": [list(link) for link in bears.links],
        "matched": sorted({guid for _rel, guid in bears.matched}),
        "names": bears.names,
        "names_do": bears.names_do,
    }


def facts_of_end(end: ContractEnd) -> dict[str, Any]:
    """Give the facts of a contract's end; ``ordered_at`` tells it from others."""
    return {
        "feed": end.feed.slug,
        "at": end.at.isoformat(),
        "erase_at": end.erase_at and end.erase_at.isoformat(),
        "ordered_at": end.ordered_at.isoformat(),
        "by": end.ordered_by_id,
    }


def message_from(facts: dict[str, Any], delivery: Delivery, feed: Feed) -> Message:
    """Give the unsaved message that these facts were taken from, without its words."""
    links = [{"rel": rel, "guid": guid} for rel, guid in facts["links"]]
    return Message(
        delivery=delivery,
        feed=feed,
        **{name: facts[name] for name in _PLAIN if name != "ordinal"},
        **{name: _moment(facts[name]) for name in _MOMENTS},
        ordinal=0,
        item={
            "guid": facts["guid"],
            "format": FORMAT,
            "links": links,
            "names": facts.get("names", []),
            "names_do": facts.get("names_do", ""),
        },
        policy=facts["policy"],
    )


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
