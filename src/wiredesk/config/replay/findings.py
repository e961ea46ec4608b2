"""What a replay found: what differs, what is missing, what a contract erased."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wiredesk.stories.addresses import without_words
from wiredesk.wire.models import Delivery, Message

_MOST = 1000  # of each kind are named; the rest is counted
_LONG = 160  # characters of a value in a line


@dataclass(frozen=True, slots=True)
class Difference:
    """``thing`` has ``site`` on the site and ``replayed`` when made anew."""

    thing: str
    name: str
    site: Any
    replayed: Any

    def as_json(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return {
            "thing": self.thing,
            "name": self.name,
            "site": self.site,
            "replayed": self.replayed,
        }

    def in_words(self) -> str:
        """Say it in one line."""
        return (
            f"{self.thing}: {self.name} is {_short(self.site)} on the site and "
            f"{_short(self.replayed)} when replayed"
        )


@dataclass(slots=True)
class Named:
    """Things by name, the first thousand, and how many there are."""

    count: int = 0
    named: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, words: str) -> None:
        """Note a thing, once."""
        if name in self.named:
            return
        self.count += 1
        if len(self.named) < _MOST:
            self.named[name] = words


@dataclass(slots=True)
class Findings:
    """Everything that is told in the end."""

    differing: int = 0
    differences: list[Difference] = field(default_factory=list)
    erased_by_contract: Named = field(default_factory=Named)
    missing_originals: Named = field(default_factory=Named)
    # Stories whose words a contract had erased, by number.
    wordless: set[int] = field(default_factory=set)

    @property
    def is_same(self) -> bool:
        """Tell whether the site is what follows from what came in."""
        return not self.differing and not self.missing_originals.count

    def differ(self, thing: str, name: str, site: Any, replayed: Any) -> None:
        """Note one difference."""
        self.differing += 1
        if len(self.differences) < _MOST:
            self.differences.append(Difference(thing, name, site, replayed))

    def lost(self, thing: str, what: str) -> None:
        """Note that something of the desk's can't be done again."""
        self.differ(thing, what, "there", "not there")

    def compare_message(
        self,
        message: Message,
        site: tuple[str, str] | None,
        replayed: tuple[str, str],
    ) -> None:
        """Note what became of a message, where it isn't the same."""
        if site is None:
            self.differ(_message(message), "outcome", None, replayed[0])
            return
        words = message.headline
        for name, was, now in zip(("outcome", "path"), site, replayed, strict=True):
            # Of words that were erased nobody can make the address again.
            is_erased = was and now and (not words or without_words(now) == was)
            if was != now and not (name == "path" and is_erased):
                self.differ(_message(message), name, was, now)

    def note_altered(
        self, message: Message, kept: Message, names: Iterable[str]
    ) -> None:
        """Note in what a message isn't what its original says."""
        for name in names:
            site = kept.item if name == "item" else getattr(kept, name)
            replayed = message.item if name == "item" else getattr(message, name)
            self.differ(_message(kept), name, plain(site), plain(replayed))

    def erased(self, delivery: Delivery) -> None:
        """Note a delivery whose words a contract had erased."""
        self.erased_by_contract.add(_delivery(delivery), "erased by contract")

    def missing(self, delivery: Delivery, why: str) -> None:
        """Note an original that should be there and can't be read."""
        self.missing_originals.add(_delivery(delivery), why)


def plain(value: Any) -> Any:
    """Give a value as plain JSON."""
    return json.loads(json.dumps(value, default=str))


def _delivery(delivery: Delivery) -> str:
    name = f" ({delivery.name})" if delivery.name else ""
    return f"delivery {delivery.pk}{name}, {delivery.sha256[:12]}…"


def _message(message: Message) -> str:
    version = f" version {message.version}" if message.version else ""
    return f"message {message.pk} ({message.source} {message.guid}{version})"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
