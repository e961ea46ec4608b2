"""Gather all that bears on the stories a batch touches, in a fixed number of queries."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from wiredesk.lib.prepared import PreparedObjects, PreparedQuery
from wiredesk.stories.actions.gather_edits import judge_edits
from wiredesk.stories.facts import OrderFact, WireFact
from wiredesk.stories.models import (
    LocalEdit,
    Order,
    Reference,
    Story,
    StoryIdentity,
    StoryStanding,
)
from wiredesk.wire.models import ContractEnd, Message

Identity = tuple[str, str]  # (source, guid)
# By feed: when its contract ends, and whether that was once seen to be past.
Ends = dict[int, tuple[datetime, bool]]

# What a document that names another does to it, as a status of the one it names.
REFERENCES = {
    "kills": "canceled",
    "withholds": "withheld",
    "embargoes": "withheld",  # it names no end, so it is dark until the next word
    "releases": "released",
    "doubts": "doubted",  # it may mean another: dark until the desk decides
}

_COLUMNS = (
    "id",
    "source",
    "guid",
    "received_at",
    "status",
    "kind",
    "version",
    "version_at",
    "publishable",
    "embargoed_until",
    "embargo_open",
    "expires",
    "policy",
    "digest",
    "feed_id",
    "erased_at",
)

_IDENTITY = ("source", "guid", "story_id")
_identities_among = PreparedQuery(
    lambda sources, guids: StoryIdentity.objects.filter(
        source__in=sources, guid__in=guids
    ).values_list(*_IDENTITY),
    lists=2,
)
_identities_of = PreparedQuery(
    lambda stories: (
        StoryIdentity.objects.filter(story_id__in=stories)
        .order_by("id")
        .values_list(*_IDENTITY)
    )
)
_stories = PreparedObjects(lambda stories: Story.objects.filter(pk__in=stories))
_standings = PreparedObjects(
    lambda stories: StoryStanding.objects.filter(pk__in=stories)
)
_orders = PreparedQuery(
    lambda stories: Order.objects.filter(story_id__in=stories).values_list(
        "story_id", "id", "verb", "message_id", "at"
    )
)
_messages_among = PreparedQuery(
    lambda sources, guids: (
        Message.objects.filter(source__in=sources, guid__in=guids)
        .order_by()
        .values_list("id", "source", "guid")
    ),
    lists=2,
)
_messages = PreparedQuery(
    lambda ids: Message.objects.filter(pk__in=ids).order_by("id").values_list(*_COLUMNS)
)
_ends = PreparedQuery(
    lambda: ContractEnd.objects.in_force().values_list("feed_id", "at", "passed_at"),
    lists=0,
)
_references_among = PreparedQuery(
    lambda sources, guids: (
        Reference.objects.filter(source__in=sources, guid__in=guids)
        .order_by("id")
        .values_list(
            "source", "guid", "verb", *[f"message__{name}" for name in _COLUMNS]
        )
    ),
    lists=2,
)


@dataclass(slots=True)
class Arrival:
    """A message that has just come, as it bears on one story.

    ``verb`` is empty for a message of the story itself, else one of ``REFERENCES``: what
    the message of another document does to it.
    """

    message: Message
    fact: WireFact
    verb: str = ""


@dataclass(slots=True)
class Case:
    """One story, or what may become one, with every fact about it."""

    identities: list[Identity]
    story: Story | None = None
    standing: StoryStanding | None = None
    known: list[WireFact] = field(default_factory=list)
    orders: list[OrderFact] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    # What the desk made of the words, and the messages that can't take it unasked.
    edit: LocalEdit | None = None
    asks: frozenset[int] = frozenset()

    @property
    def facts(self) -> list[WireFact]:
        """Give all facts of the wire, those that have just come included."""
        return [*self.known, *(arrival.fact for arrival in self.arrivals)]


def references_of(message: Message) -> list[tuple[str, str]]:
    """Give (verb, guid) for each item of the same source that ``message`` speaks of."""
    links = message.item.get("links") or ()
    return [
        (link["rel"], link["guid"])
        for link in links
        if link.get("rel") in REFERENCES and link.get("guid")
    ]


def facts_about(
    message: Message, ends: Ends, by_name: Iterable[tuple[str, str]] = ()
) -> Iterator[tuple[str, Identity, WireFact]]:
    """Give what ``message`` states of its own item (verb ""), then of each it names.

    ``by_name`` is what it does, (verb, guid), to items that it names by no id.
    """
    fact = _fact(message, ends)
    yield "", (message.source, message.guid), fact
    for verb, guid in (*references_of(message), *by_name):
        yield verb, (message.source, guid), _of_another(fact, verb)


def gather_for_messages(
    messages: Sequence[Message],
    by_name: Mapping[int, Sequence[tuple[str, str]]],
    also: Iterable[Identity] = (),
    groups: Iterable[Sequence[Identity]] = (),
) -> list[Case]:
    """Give the cases that these just saved messages touch, in order of first touch.

    ``by_name`` is what each does by names alone; ``also`` are items to judge anew;
    the ids of one of ``groups`` are one story.
    """
    wait_for_other_writers({message.source for message in messages})
    ends = ends_of_contracts()
    touched: dict[Identity, list[Arrival]] = defaultdict(list)
    for message in messages:
        named = by_name.get(message.pk, ())
        for verb, identity, fact in facts_about(message, ends, named):
            touched[identity].append(Arrival(message, fact, verb))
    touched.update({identity: [] for identity in also if identity not in touched})
    for group in groups:
        touched.update({identity: [] for identity in group if identity not in touched})
    identities = _identities(touched)
    cases = _cases(touched, identities, groups)
    for identity, arrivals in touched.items():
        cases[identity].arrivals.extend(arrivals)
    distinct = _distinct(cases.values())
    for case in distinct:
        if len(case.identities) > 1:
            case.arrivals.sort(key=lambda arrival: arrival.message.pk)
    _load(distinct, cases, ends, {message.pk for message in messages})
    return distinct


def gather_for_stories(
    story_ids: Iterable[int], ends: Ends | None = None
) -> list[Case]:
    """Give the cases of stories that are already there; nothing has just come.

    ``ends`` are the ends of contracts to suppose instead of those in force.
    """
    wanted = set(story_ids)
    sources = Story.objects.filter(pk__in=wanted).values_list("source", flat=True)
    wait_for_other_writers({source for source in sources if source})
    by_story: dict[int, list[Identity]] = {story_id: [] for story_id in wanted}
    for source, guid, story_id in _identities_of(wanted):
        by_story[story_id].append((source, guid))
    cases: dict[Identity, Case] = {}
    distinct = []
    for story_id, identities in by_story.items():
        case = Case(identities, story=Story(pk=story_id))
        distinct.append(case)
        cases.update(dict.fromkeys(identities, case))
    supposed = ends_of_contracts() if ends is None else ends
    _load(distinct, cases, supposed, frozenset(), all_edits=True)
    return distinct


def gather_for_identities(identities: Iterable[Identity]) -> list[Case]:
    """Give the cases of these ids, for reading alone; an unknown one has no facts."""
    wanted = list(identities)
    cases = _cases(wanted, _identities(wanted))
    distinct = _distinct(cases.values())
    _load(distinct, cases, ends_of_contracts(), ())
    return distinct


def facts_of_identities(
    identities: Iterable[Identity],
) -> dict[Identity, list[WireFact]]:
    """Give what messages say of these ids, of whatever kind their items are."""
    cases = {identity: Case([identity]) for identity in identities}
    _load_messages(cases, ends_of_contracts(), ())
    found: dict[Identity, list[WireFact]] = defaultdict(list)
    for identity, case in cases.items():
        found[identity] = case.known
    return found


def ends_of_contracts() -> Ends:
    """Give when contracts end: read inside the transaction that depends on it.

    A feed that was read before may not know of an end that was ordered since.
    """
    return {feed: (at, passed is not None) for feed, at, passed in _ends()}


def wait_for_other_writers(sources: set[str]) -> None:
    """Let one transaction at a time settle a source's messages.

    SQLite has one writer anyway; elsewhere two workers could each miss what the other
    is about to commit, and a kill and its story would pass each other unseen.
    """
    if connection.vendor != "postgresql" or not sources:
        return
    with connection.cursor() as cursor:
        for source in sorted(sources):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('stories'), hashtext(%s))",
                [source],
            )


def _among(identities: Iterable[Identity]) -> tuple[list[str], list[str]]:
    """Give sources and guids for an index; the caller sorts out pairs that look alike."""
    pairs = list(identities)
    return (
        sorted({source for source, _ in pairs}),
        sorted({guid for _, guid in pairs}),
    )


def _identities(touched: Iterable[Identity]) -> dict[Identity, int]:
    wanted = set(touched)
    found = {
        (source, guid): story_id
        for source, guid, story_id in _identities_among(*_among(wanted))
        if (source, guid) in wanted
    }
    if not found:
        return found
    # A story that goes by several ids is one story: its other ids speak as well.
    for source, guid, story_id in _identities_of(set(found.values())):
        found[source, guid] = story_id
    return found


def _cases(
    touched: Iterable[Identity],
    identities: dict[Identity, int],
    groups: Iterable[Sequence[Identity]] = (),
) -> dict[Identity, Case]:
    cases: dict[Identity, Case] = {}
    by_story: dict[int, Case] = {}
    for group in groups:
        if not identities.keys() & group:
            cases.update(dict.fromkeys(group, Case(list(group))))
    for identity in [*touched, *identities]:
        if identity in cases:
            continue
        story_id = identities.get(identity)
        if story_id is None:
            cases[identity] = Case([identity])
            continue
        case = by_story.setdefault(story_id, Case([], story=Story(pk=story_id)))
        case.identities.append(identity)
        cases[identity] = case
    return cases


def _distinct(cases: Iterable[Case]) -> list[Case]:
    return list({id(case): case for case in cases}.values())


def _load(
    distinct: list[Case],
    cases: dict[Identity, Case],
    ends: Ends,
    arrived: Iterable[int],
    *,
    all_edits: bool = False,
) -> None:
    _load_messages(cases, ends, arrived)
    by_story = {case.story.pk: case for case in distinct if case.story}
    if not by_story:
        return
    for story in _stories(by_story):
        by_story[story.pk].story = story
    for standing in _standings(by_story):
        by_story[standing.pk].standing = standing
    for story_id, order_id, verb, message_id, at in _orders(by_story):
        by_story[story_id].orders.append(OrderFact(order_id, verb, message_id, at))
    # While a story's words are the wire's, its row says so, and nothing is asked for it.
    edited = [
        case
        for case in by_story.values()
        if all_edits or (case.story and case.story.edited_at)
    ]
    if edited:
        judge_edits(edited)


def _load_messages(
    cases: dict[Identity, Case], ends: Ends, arrived: Iterable[int]
) -> None:
    if not cases:
        return
    skip = frozenset(arrived)
    among = _among(cases)
    # Most have only just come: whether there are others is asked first.
    known = [
        pk
        for pk, source, guid in _messages_among(*among)
        if pk not in skip and (source, guid) in cases
    ]
    for columns in _messages(known):
        row = dict(zip(_COLUMNS, columns, strict=True))
        cases[row["source"], row["guid"]].known.append(_fact_of_row(row, ends))
    for source, guid, verb, *values in _references_among(*among):
        case = cases.get((source, guid))
        row = dict(zip(_COLUMNS, values, strict=True))
        if case is not None and row["id"] not in skip:
            case.known.append(_of_another(_fact_of_row(row, ends), verb))


def _of_another(fact: WireFact, verb: str) -> WireFact:
    # Its own words are never those of the story it speaks of.
    return dataclasses.replace(fact, status=REFERENCES[verb], kind="advisory")


def _fact(message: Message, ends: Ends) -> WireFact:
    return _fact_of_row({name: getattr(message, name) for name in _COLUMNS}, ends)


def _fact_of_row(row: dict[str, Any], ends: Ends) -> WireFact:
    policy = row.pop("policy")
    del row["source"]
    until, over = ends.get(row.pop("feed_id"), (None, False))
    return WireFact(
        # A policy that doesn't say "now" gives no leave to publish unseen.
        hold=policy.get("publish") != "now",
        hard_expiry=bool(policy.get("hard_expiry", True)),
        retain_until=parse_datetime(policy.get("retain_until") or ""),
        contract_until=until,
        contract_over=over,
        erased=row.pop("erased_at") is not None,
        **row,
    )
