"""A story as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from wiredesk.lib.languages import Direction, direction
from wiredesk.lib.text import shorten
from wiredesk.lib.truth import true_until
from wiredesk.stories.datelines import without_dateline
from wiredesk.web.pictures import PagePicture

if TYPE_CHECKING:
    from wiredesk.stories.models import Story
    from wiredesk.web.frame import Link

Label: TypeAlias = Literal["breaking", "urgent", ""]

# IPTC urgency: 1 is the most urgent, 5 the middle.
BREAKING = 1
URGENT = 2
# How long a story's first hours last: an old story is not breaking for ever.
URGENT_FOR = timedelta(hours=12)
_SUMMARY = 220


@dataclass(frozen=True, slots=True)
class Card:
    """A story in a list. ``label`` is there for a story's first hours only."""

    href: str
    headline: str
    summary: str
    published_at: datetime | None
    language: str
    direction: Direction
    agency: str = ""
    section: Link | None = None
    picture: PagePicture | None = None
    label: Label = ""
    urgency: int | None = None
    number: int = 0


def label(urgency: int | None, published_at: datetime | None, now: datetime) -> Label:
    """Say how a headline that can't wait is marked; "" for all others."""
    if urgency is None or published_at is None or now - published_at > URGENT_FOR:
        return ""
    if urgency in (BREAKING, URGENT):
        true_until(published_at + URGENT_FOR)
    if urgency == BREAKING:
        return "breaking"
    return "urgent" if urgency == URGENT else ""


class Row(NamedTuple):
    """What a card says of a story itself, as it is read: see ``lists.for_cards``."""

    id: int
    path: str | None
    headline: str
    summary: str
    subheadline: str
    dateline: str
    source_name: str
    published_at: datetime | None
    language: str
    urgency: int | None


def card(
    story: Row, now: datetime, *, section: Link | None, picture: PagePicture | None
) -> Card:
    """Give the card of a story with the section it is in here, and its picture."""
    return Card(
        href=story.path or "",
        headline=story.headline,
        summary=shorten(summary_of(story), _SUMMARY),
        published_at=story.published_at,
        language=story.language,
        direction=direction(story.language),
        agency=story.source_name,
        section=section,
        picture=picture,
        label=label(story.urgency, story.published_at, now),
        urgency=story.urgency,
        number=story.id,
    )


def summary_of(story: Row | Story) -> str:
    """Give what a list says of a story; its dateline belongs to the story."""
    summary = without_dateline(story.summary, story.dateline, story.source_name)
    return summary or story.subheadline
