"""The byline as readers see it: people first, then whom they wrote for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.delivery.authorship import authors_of

if TYPE_CHECKING:
    from wiredesk.stories.models import Story


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the byline; ``href`` is empty for one who has no page."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Byline:
    """People in their order, then the organisations they wrote for."""

    people: tuple[Name, ...]
    organisations: tuple[Name, ...]

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations)


def byline(story: Story) -> Byline:
    """Give every author of ``story`` once: the same ones that machines are told."""
    credited = authors_of(story)
    return Byline(
        tuple(Name(each.name, each.path) for each in credited if not each.organisation),
        tuple(Name(each.name, each.path) for each in credited if each.organisation),
    )
