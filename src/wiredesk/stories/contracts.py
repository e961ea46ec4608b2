"""What the end of a feed's contract takes, and what stays; reads only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from wiredesk.stories.actions.gather_cases import (
    ends_of_contracts,
    gather_for_stories,
)
from wiredesk.stories.models import (
    LocalEdit,
    Picture,
    Story,
    StoryIdentity,
    StoryPicture,
    StoryStanding,
    StoryVersion,
)
from wiredesk.stories.standing import standing
from wiredesk.wire.journaled import FORMAT
from wiredesk.wire.models import Delivery, Message

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from wiredesk.wire.models import Feed

_NAMED = 20  # stories and pictures that stay and are named; the rest is counted
_GROUP = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What an end takes and what stays.

    ``public`` are the stories that readers see now, of ``stories`` whose words are the
    feed's. A story stays where another feed brought the same version, a picture where
    another feed's story brought it, an original where another feed delivered the same
    bytes. ``bytes`` are those of the originals.
    """

    stories: int
    public: int
    stories_stay: int
    pictures: int
    pictures_stay: int
    originals: int
    originals_stay: int
    bytes: int
    messages: int
    versions: int
    local_edits: int
    staying: list[str]

    def as_json(self) -> dict[str, Any]:
        """Give the counts as plain JSON."""
        return asdict(self)


def report(feed: Feed, now: datetime | None = None) -> Report:
    """Tell what an end of ``feed``'s contract would take, whenever it comes."""
    now = now or timezone.now()
    of_feed = stories_of(feed)
    stories = of_feed.count()
    stay = stories_that_stay(feed, now)
    pictures = Picture.objects.filter(feed=feed, erased_at=None)
    held = pictures_that_stay(feed)
    originals = originals_of(feed).aggregate(
        count=Count("pk"), bytes=Sum("size", default=0)
    )
    paths = Story.objects.filter(pk__in=stay[:_NAMED]).values_list("path", flat=True)
    titles = held.order_by("pk").values_list("title", flat=True)[:_NAMED]
    return Report(
        stories=stories,
        public=of_feed.filter(pk__in=Story.objects.public(now).values("pk")).count(),
        stories_stay=len(stay),
        pictures=pictures.count(),
        pictures_stay=held.count(),
        originals=originals["count"],
        originals_stay=shared_originals(feed).count(),
        bytes=originals["bytes"],
        messages=Message.objects.filter(feed=feed, erased_at=None).count(),
        versions=StoryVersion.objects.filter(message__feed=feed).count(),
        local_edits=LocalEdit.objects.filter(base__feed=feed).count(),
        staying=[*(path or "" for path in paths), *titles],
    )


def stories_of(feed: Feed) -> QuerySet[Story]:
    """Give the stories whose words on the row are the feed's."""
    return Story.objects.filter(wire_message__feed=feed)


def showing(feed: Feed) -> QuerySet[StoryStanding]:
    """Give the standings that only the clock bounds and whose words are the feed's."""
    return StoryStanding.objects.filter(
        state=StoryStanding.State.LIVE, shows__feed=feed
    )


def stories_that_stay(feed: Feed, now: datetime) -> list[int]:
    """Give the public stories that another feed's contract keeps, judged one by one."""
    other = Message.objects.exclude(feed=feed).filter(
        source=OuterRef("source"), guid=OuterRef("guid"), erased_at=None
    )
    both = StoryIdentity.objects.filter(
        Exists(other), story__wire_message__feed=feed
    ).values("story")
    public = Story.objects.public(now).filter(pk__in=both)
    ids = list(public.order_by("pk").values_list("pk", flat=True))
    supposed = {**ends_of_contracts(), feed.pk: (now, True)}
    stay = []
    for start in range(0, len(ids), _GROUP):
        for case in gather_for_stories(ids[start : start + _GROUP], supposed):
            stands = standing(case.facts, case.orders, now)
            if case.story is not None and stands.state.value == "live":
                stay.append(case.story.pk)
    return sorted(stay)


def pictures_that_stay(feed: Feed) -> QuerySet[Picture]:
    """Give the feed's pictures that a story of another feed brought as well.

    An editor's use of one in another story is none: the picture is the feed's.
    """
    brought = _brought_by_others(feed.pk).filter(picture=OuterRef("pk"))
    return Picture.objects.filter(Exists(brought), feed=feed, erased_at=None)


def feed_that_goes_on(picture: Picture) -> int | None:
    """Give the feed, without an end, whose story brought the picture as well."""
    uses = _brought_by_others(picture.feed_id).filter(picture=picture.pk)
    found = uses.values_list("story__wire_message__feed", flat=True).first()
    return int(found) if found is not None else None


def _brought_by_others(feed: int | None) -> QuerySet[StoryPicture]:
    return (
        StoryPicture.objects.filter(story__wire_message__isnull=False)
        .exclude(Q(href="") | Q(story__wire_message__feed=feed))
        .exclude(story__wire_message__feed__in=list(ends_of_contracts()))
        .order_by("pk")
    )


def originals_of(feed: Feed) -> QuerySet[Delivery]:
    """Give the deliveries of the feed whose bytes are an agency's and still here."""
    return Delivery.objects.filter(feed=feed, erased_at=None).exclude(format=FORMAT)


def shared_originals(feed: Feed) -> QuerySet[Delivery]:
    """Give those whose file another feed needs as well: the same bytes are one file."""
    others = Delivery.objects.exclude(feed=feed).filter(
        sha256=OuterRef("sha256"), erased_at=None
    )
    return originals_of(feed).filter(Exists(others))
