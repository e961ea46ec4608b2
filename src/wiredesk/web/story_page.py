"""A story's page, gathered: everything its template prints, in a dozen queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.html import format_html

from wiredesk.delivery.addresses import canonical_address, homes, story_address
from wiredesk.delivery.metadata import (
    json_ld_script,
    open_graph,
    story_json_ld,
    unavailable_after,
)
from wiredesk.lib.html import to_text
from wiredesk.lib.languages import Direction, direction
from wiredesk.lib.prepared import PreparedObjects
from wiredesk.lib.text import one_line, shorten
from wiredesk.stories.around import give_everything
from wiredesk.stories.history import with_history
from wiredesk.stories.models import Author, Correction, Placement, Story
from wiredesk.web.byline import Byline, byline
from wiredesk.web.cards import Label, label, summary_of
from wiredesk.web.pictures import PagePicture, show, show_use
from wiredesk.web.related import Related, related_to
from wiredesk.web.share import ShareLink, share_links
from wiredesk.web.story_text import Part, StoryText, compose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from wiredesk.stories.models.story import StoryQuerySet
    from wiredesk.topics.models import Topic
    from wiredesk.web.frame import Frame, Link

_DESCRIPTION = 200
# Below that, an update is the publication's own second thought and says nothing.
_WORTH_SAYING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AuthorBox:
    """An author as the box below the story shows one."""

    author: Author
    photo: PagePicture | None

    @property
    def is_desk(self) -> bool:
        """Tell whether this is an agency's desk and no person."""
        return self.author.kind == Author.Kind.AGENCY


@dataclass(frozen=True, slots=True)
class StoryPage:
    """What the page prints. ``address`` is ours, absolute; ``canonical`` may be another's."""

    story: Story
    direction: Direction
    address: str
    canonical: str
    label: Label
    byline: Byline
    updated_at: datetime | None
    lead: PagePicture | None
    more_pictures: tuple[PagePicture, ...]
    text: StoryText
    corrections: Sequence[Correction]
    topic: Topic | None
    section: Link | None
    boxes: tuple[AuthorBox, ...]
    share: tuple[ShareLink, ...]
    related: Related
    description: str = ""
    json_ld: SafeString | None = None
    open_graph: tuple[tuple[str, str], ...] = ()
    has_history: bool = False
    unavailable_after: str = ""


def fetch(number: int, frame: Frame, now: datetime) -> Story | None:
    """Give the public story of that number on the frame's site, or ``None``.

    With all that its page prints, in six queries.
    """
    found = _public([number], [frame.site.pk], at=now)
    give_everything(found)
    return found[0] if found else None


def _by_number(numbers: list[int], sites: list[int], now: datetime) -> StoryQuerySet:
    here = Placement.objects.filter(story=OuterRef("pk"), site_id__in=sites)
    home = here.filter(section__isnull=False).order_by("-canonical", "pk")
    return (
        with_history(Story.objects.public(now), now)
        .filter(Exists(here), pk__in=numbers)
        .annotate(section_here=Subquery(home.values("section")[:1]))
        .annotate(home=Subquery(homes()))
        .select_related("standing")
    )


_public = PreparedObjects(_by_number, lists=2, has_moment=True)


def gather(
    story: Story,
    frame: Frame,
    now: datetime,
    *,
    desk: bool = False,
    in_pieces: bool = False,
) -> StoryPage:
    """Give the page of ``story``; with ``desk`` as the preview of what isn't public.

    ``in_pieces`` leaves to the page store what it draws once for many pages.
    """
    address = story_address(story, frame.site)
    authors = [row.author for row in story.authors.all()]
    topic = _first_topic(story)
    pictures = [show_use(use, now, desk=desk) for use in story.pictures.all()]
    shown = [picture for picture in pictures if picture]
    parts = _parts(story, now, desk)
    return StoryPage(
        story=story,
        direction=direction(story.language),
        address=address,
        canonical=canonical_address(story, frame.site),
        label=label(story.urgency, story.published_at, now),
        byline=byline(story),
        updated_at=_updated_at(story),
        lead=shown[0] if shown else None,
        more_pictures=tuple(shown[1:]),
        text=compose(
            parts,
            story.dateline,
            (story.credit, story.copyright_notice),
            story.source_name,
        ),
        corrections=_corrections(story),
        topic=topic,
        section=_section(story, frame),
        boxes=tuple(AuthorBox(author, show(author.photo, now)) for author in authors),
        share=share_links(story.headline, address),
        related=related_to(story, topic, frame, now, in_pieces=in_pieces),
        description=shorten(_description(story, parts), _DESCRIPTION),
        has_history=getattr(story, "has_history", False),
        # A draft has no standing yet, and no machine reads a preview.
        **({} if desk else _for_machines(story, frame, now)),
    )


def _for_machines(story: Story, frame: Frame, now: datetime) -> dict[str, Any]:
    section = _section(story, frame)
    said: dict[str, Any] = {
        "site": frame.site,
        "station": frame.station,
        "zone": frame.zone,
        "now": now,
        "section": section.name if section else "",
    }
    return {
        "json_ld": json_ld_script(story_json_ld(story, **said)),
        "open_graph": tuple(open_graph(story, **said)),
        "unavailable_after": unavailable_after(story, frame.zone),
    }


def _parts(story: Story, now: datetime, desk: bool) -> list[Part]:
    parts: list[Part] = []
    for block in story.body:
        if block.block_type == "picture":
            picture = show(
                block.value["picture"],
                now,
                caption=block.value["caption"] or "",
                desk=desk,
            )
            if picture:
                parts.append(Part(picture=picture))
        elif words := format_html("{}", block.value):
            parts.append(Part(html=words))
    return parts


def _description(story: Story, parts: list[Part]) -> str:
    """Give what search engines print below the headline: the summary, else the opening."""
    if said := summary_of(story):
        return said
    first = next((part.html for part in parts if part.html), "")
    return one_line(to_text(first.partition("</p>")[0])) or ""


def _corrections(story: Story) -> list[Correction]:
    if not story.pk:
        return []
    # A preview's story has them all.
    return [each for each in story.corrections.all() if each.ended_at is None]


def _updated_at(story: Story) -> datetime | None:
    if story.published_at is None or story.updated_at is None:
        return None
    return (
        story.updated_at
        if story.updated_at - story.published_at >= _WORTH_SAYING
        else None
    )


def _first_topic(story: Story) -> Topic | None:
    return next((row.topic for row in story.topics.all() if row.topic.public), None)


def _section(story: Story, frame: Frame) -> Link | None:
    if hasattr(story, "section_here"):
        return frame.section(story.section_here)
    for placement in story.placements.all():
        if placement.site_id == frame.site.pk and placement.section_id:
            return frame.section(placement.section_id)
    return None
