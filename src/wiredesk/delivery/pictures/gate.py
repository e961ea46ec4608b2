"""Whether the public may see a picture at this moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from wiredesk.delivery.models import BodyPicture
from wiredesk.stories.models import (
    Author,
    Picture,
    StandingPage,
    StationSettings,
    Story,
    StoryPicture,
    StoryStanding,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says. ``picture`` is empty unless it may be shown."""

    picture: Picture | None
    was_public: bool = False  # gone rather than never there


def ask(picture_id: int, now: datetime, *, without: Story | None = None) -> Verdict:
    """Tell whether the picture may be shown at ``now``.

    It may if ``Picture.is_shown`` says so and a public story has it, or an
    author, a station's logo or a standing page. ``without`` leaves one story out of
    account: whether the picture would still be shown if that one went.
    """
    this = OuterRef("pk")
    public = Story.objects.public(now)
    if without is not None:
        public = public.exclude(pk=without.pk)
    once = Story.objects.filter(standing__was_public=True)
    in_text = BodyPicture.objects.filter(picture=this)
    in_story = StoryPicture.objects.filter(picture=this)
    of_story = OuterRef("story_id")
    picture = (
        Picture.objects.filter(pk=picture_id)
        .annotate(
            in_public_story=Exists(in_story.filter(Exists(public.filter(pk=of_story)))),
            in_public_text=Exists(in_text.filter(Exists(public.filter(pk=of_story)))),
            was_in_story=Exists(in_story.filter(Exists(once.filter(pk=of_story)))),
            was_in_text=Exists(in_text.filter(Exists(once.filter(pk=of_story)))),
            of_author=Exists(Author.objects.filter(photo=this)),
            of_station=Exists(StationSettings.objects.filter(logo=this)),
        )
        .first()
    )
    if picture is None:
        return Verdict(None)
    shown = (
        picture.in_public_story
        or picture.in_public_text
        or picture.of_author
        or picture.of_station
        or _on_standing_page(picture_id)
    )
    if shown and picture.is_shown(now):
        return Verdict(picture)
    return Verdict(None, shown or picture.was_in_story or picture.was_in_text)


def shown_by(picture_id: int, now: datetime) -> StoryStanding | None:
    """Give the standing of one public story that shows the picture, the most lasting.

    ``None`` where an author, a station or a standing page shows it, and no story.
    """
    uses = (
        StoryPicture.objects.filter(picture=picture_id).values("story"),
        BodyPicture.objects.filter(picture=picture_id).values("story"),
    )
    return (
        StoryStanding.objects.filter(
            Q(story__in=uses[0]) | Q(story__in=uses[1]),
            story__in=Story.objects.public(now).values("pk"),
        )
        .order_by(F("visible_until").desc(nulls_first=True), "pk")
        .first()
    )


def _on_standing_page(picture_id: int) -> bool:
    """Look into the rich text of the few standing pages; an index would be late."""
    embed = re.compile(rf'<embed\b[^>]*\bid="{picture_id}"')
    bodies = StandingPage.objects.live().filter(body__contains=f'id="{picture_id}"')
    return any(
        'embedtype="image"' in match[0]
        for body in bodies.values_list("body", flat=True)
        for match in embed.finditer(body)
    )
