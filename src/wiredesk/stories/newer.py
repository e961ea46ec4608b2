"""Which of two messages is the newer one, and which of several; pure.

Each rule, and the clause behind it, is in ``docs/explanation/standing.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wiredesk.stories.facts import WireFact

BEGINNING = datetime.min.replace(tzinfo=UTC)
_NO_NUMBER = (-1, "")
# At a tie the darker one counts as the newer.
_DARKNESS = {"usable": 0, "embargoed": 1, "withheld": 3, "canceled": 4}
_UNKNOWN_DARKNESS = 2
_DIGITS = frozenset("0123456789")


def is_newer(fact: WireFact, than: WireFact) -> bool:
    """Tell whether ``fact`` provably comes after ``than``; in doubt it doesn't.

    Whole-number versions of one item compare as integers of any size; then version
    times; receipt counts only where an item has neither. Versions of different items
    say nothing about each other, so only times are compared.
    """
    numbered = _number(fact.version), _number(than.version)
    if fact.guid == than.guid and None not in numbered and numbered[0] != numbered[1]:
        return (numbered[0] or _NO_NUMBER) > (numbered[1] or _NO_NUMBER)
    mine, other = _time(fact, numbered[0]), _time(than, numbered[1])
    return mine is not None and other is not None and mine > other


def newest(facts: Sequence[WireFact]) -> WireFact:
    """Give the newest of one or more facts; of equals the darker, then the last."""
    if len(facts) == 1:
        return facts[0]
    one_item = len({fact.guid for fact in facts}) == 1
    return max(facts, key=_Order(one_item))


class _Order:
    """The total order by which the newest is found; ``is_newer`` decides endings."""

    def __init__(self, one_item: bool) -> None:
        self._one_item = one_item

    def __call__(self, fact: WireFact) -> tuple[object, ...]:
        number = _number(fact.version)
        received = aware(fact.received_at)
        if self._one_item:
            at = aware(fact.version_at) if fact.version_at else BEGINNING
            key: tuple[object, ...] = (number or _NO_NUMBER, at)
        else:
            key = (aware(fact.version_at) if fact.version_at else received,)
        return (*key, _DARKNESS.get(fact.status, _UNKNOWN_DARKNESS), received, fact.id)


def none_newer(facts: list[WireFact]) -> list[WireFact]:
    """Give the facts than which none is provably newer: one, but for contradictions."""
    if len(facts) < 2:
        return facts
    # Newest first, so that one look tells for almost all.
    order = _Order(len({fact.guid for fact in facts}) == 1)
    ordered = sorted(facts, key=order, reverse=True)
    left = [
        fact for fact in ordered if not any(is_newer(other, fact) for other in ordered)
    ]
    # Numbers and times can contradict each other all around; then all count.
    return left or ordered


def _number(version: str) -> tuple[int, str] | None:
    """Give a whole number as something that compares like it, whatever its size."""
    digits = version.strip()
    if not digits or not _DIGITS.issuperset(digits):
        return None
    digits = digits.lstrip("0")
    return len(digits), digits


def _time(fact: WireFact, number: tuple[int, str] | None) -> datetime | None:
    if fact.version_at is not None:
        return aware(fact.version_at)
    return aware(fact.received_at) if number is None else None


def aware(at: datetime) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
