"""Stories beside a story: the newest of its topic, the same row for all of the topic.

The page store draws the row once and leaves out of it, on each page, the page's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from wiredesk.web.lists import cards, newest, on_topic

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.stories.models import Story
    from wiredesk.topics.models import Topic
    from wiredesk.web.cards import Card
    from wiredesk.web.frame import Frame

MOST = 4


@dataclass(frozen=True, slots=True)
class Related:
    """The row of a page: its ``cards``, or where the page store gets it.

    ``piece`` is the address of the row for any page, ``without`` the page's own number.
    """

    cards: tuple[Card, ...] = ()
    piece: str = ""
    without: int = 0
    most: int = MOST


def related_to(
    story: Story,
    topic: Topic | None,
    frame: Frame,
    now: datetime,
    *,
    in_pieces: bool = False,
) -> Related:
    """Give the stories beside ``story``; two queries, or none ``in_pieces``."""
    if in_pieces:
        if topic:
            address = reverse("related_piece", args=(topic.slug,))
        else:
            address = reverse("newest_piece")
        return Related(piece=address, without=story.pk)
    row = row_of(topic, frame, now)
    return Related(tuple(each for each in row if each.number != story.pk)[:MOST])


def row_of(topic: Topic | None, frame: Frame, now: datetime) -> tuple[Card, ...]:
    """Give the newest of a topic, or of the site, and one to spare for the page's own."""
    near = on_topic(topic.pk, frame, now) if topic else newest(frame, now)
    return cards(near(MOST + 1, 0), frame, now, sections=False)
