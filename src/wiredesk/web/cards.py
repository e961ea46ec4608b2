"""A story as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from wiredesk.lib.languages import Direction, direction
from wiredesk.lib.text import shorten
from wiredesk.lib.truth import true_until
from wiredesk.stories.datelines import without_dateline
from wiredesk.web.pictures import PagePicture, show_use

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.stories.models import Story
    from wiredesk.web.frame import Frame, Link

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


def card(story: Story, frame: Frame, now: datetime) -> Card:
    """Give the card of a story that ``lists`` has fetched with all a card needs."""
    return Card(
        href=story.path or "",
        headline=story.headline,
        summary=shorten(summary_of(story), _SUMMARY),
        published_at=story.published_at,
        language=story.language,
        direction=direction(story.language),
        agency=story.source_name,
        section=_section(story, frame),
        picture=_lead(story, now),
        label=label(story.urgency, story.published_at, now),
        urgency=story.urgency,
        number=story.pk,
    )


def summary_of(story: Story) -> str:
    """Give what a list says of a story; its dateline belongs to the story."""
    summary = without_dateline(story.summary, story.dateline, story.source_name)
    return summary or story.subheadline


def _section(story: Story, frame: Frame) -> Link | None:
    for placement in story.placements.all():
        if placement.site_id == frame.site.pk and placement.section_id:
            return frame.section(placement.section_id)
    return None


def _lead(story: Story, now: datetime) -> PagePicture | None:
    shown = (show_use(use, now) for use in story.pictures.all())
    return next((picture for picture in shown if picture), None)
