"""Wire copy for these tests: small NewsML-G2, and what must become of a set of it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
STORIES_A_BLOCK = 8  # stories whose messages come mixed up


@dataclass(frozen=True)
class Item:
    """One version of one story; a killed one is canceled."""

    guid: str
    version: int
    is_kill: bool = False

    @property
    def headline(self) -> str:
        return f"{self.guid.rpartition(':')[2]} harbour report {self.version}"


@dataclass(frozen=True)
class Delivery:
    """Bytes with a name, and what they say."""

    name: str
    raw: bytes
    items: tuple[Item, ...]


def news_item(item: Item, body: str = "", *, head: str = "", language: str = "") -> str:
    """Give the item as NewsML-G2; ``head`` stands in for its headline."""
    status = "canceled" if item.is_kill else "usable"
    words = body or f"<p>The pilots of Osk counted {item.version} boats.</p>"
    return (
        f'<newsItem xmlns="{NAMESPACE}" guid="{item.guid}" version="{item.version}"'
        f' standard="NewsML-G2" standardversion="2.33" xml:lang="{language or "en"}">'
        '<itemMeta><itemClass qcode="ninat:text"/>'
        f'<pubStatus qcode="stat:{status}"/></itemMeta>'
        f"<contentMeta><headline>{head or item.headline}</headline></contentMeta>"
        '<contentSet><inlineXML contenttype="application/xhtml+xml">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head>'
        f"<body>{words}</body></html></inlineXML></contentSet></newsItem>"
    )


def news_message(items: Iterable[Item]) -> str:
    """Give several items in one message."""
    return (
        f'<newsMessage xmlns="{NAMESPACE}"><header><sent>2026-03-04T09:15:00Z</sent>'
        f"</header><itemSet>{''.join(map(news_item, items))}</itemSet></newsMessage>"
    )


def delivery(*items: Item, name: str = "") -> Delivery:
    """Give the items as one delivery."""
    text = news_item(items[0]) if len(items) == 1 else news_message(items)
    first = items[0].guid.rpartition(":")[2]
    return Delivery(
        name or f"{first}-{items[0].version}.xml", text.encode(), tuple(items)
    )


def deliveries(chance: random.Random, mark: str) -> Iterator[Delivery]:
    """Give deliveries without end, out of order, some of several items.

    Each story has one to four versions; of every fourth the last one kills it.
    """
    for block in count():
        items = []
        for number in range(STORIES_A_BLOCK):
            guid = f"urn:x:osk:{mark}-{block}-{number}"
            last = chance.randint(1, 4)
            items += [
                Item(guid, version, is_kill=version == last and number % 4 == 3)
                for version in range(1, last + 1)
            ]
        chance.shuffle(items)
        while items:
            size = chance.choice((1, 1, 1, 1, 1, 1, 3))
            group, items = items[:size], items[size:]
            yield delivery(*group, name=f"{mark}-{block}-{len(items):02d}.xml")


@dataclass(frozen=True)
class Expected:
    """What must be shown of a story: the version, or nothing where it was killed."""

    guid: str
    state: str
    shows: Item


def expected(items: Iterable[Item]) -> list[Expected]:
    """Give where each story must stand, from the set of its items alone."""
    of_story: dict[str, set[Item]] = defaultdict(set)
    for item in items:
        of_story[item.guid].add(item)
    return [
        Expected(
            guid,
            "withdrawn" if any(item.is_kill for item in found) else "live",
            max(found, key=lambda item: item.version),
        )
        for guid, found in sorted(of_story.items())
    ]
