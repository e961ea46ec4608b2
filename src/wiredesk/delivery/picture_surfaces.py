"""Every surface on which a picture can show, whatever stories have it.

Its own addresses, and every registered surface of the stories that show it: a surface
that is added for stories is asked for pictures, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute
from wiredesk.delivery.models import BodyPicture
from wiredesk.delivery.pictures import gate
from wiredesk.delivery.pictures.sizes import CONTENT_TYPES, WIDTHS, Shape, picture_path
from wiredesk.delivery.proof.gone import Traces
from wiredesk.delivery.surfaces import Expects, give_places, surfaces
from wiredesk.stories.models import Picture, Story

OWN = "picture"
STORIES = 20  # the newest; more pages that name the picture are purged, not asked


@dataclass(frozen=True, slots=True)
class PictureSurface:
    """A surface's name, and its addresses at which the picture showed."""

    name: str
    urls: list[str]

    @property
    def expects(self) -> Expects:
        """Tell how the addresses answer once the picture is gone: pages stay."""
        return expects_of(self.name)


def surfaces_with(picture: Picture, now: datetime) -> list[PictureSurface]:
    """Give the picture's own addresses, then those of the pages that showed it."""
    found = [PictureSurface(OWN, _own_urls(picture))]
    stories = _stories_with(picture, now)
    give_places(stories)
    for surface in surfaces():
        if surface.name == "pictures":
            continue
        urls = [url for story in stories for url in surface.urls_of(story)]
        if urls:
            found.append(PictureSurface(surface.name, list(dict.fromkeys(urls))))
    return found


def expects_of(name: str) -> Expects:
    """Tell how addresses of that surface answer without the picture."""
    own = name == OWN or name.startswith(f"{OWN} ")
    return Expects.GONE if own else Expects.UNLISTED


def shows_picture(picture: Picture, now: datetime) -> bool:
    """Tell whether readers may see the picture anywhere."""
    return gate.ask(picture.pk, now).picture is not None


def picture_traces(picture: Picture) -> Traces:
    """Give what must not be found of the picture: its address, in whatever size."""
    return Traces(f"/pictures/{picture.pk}/", headline="", what="picture")


def _own_urls(picture: Picture) -> list[str]:
    return [
        absolute(site, picture_path(picture.pk, width, kind, shape))
        for site in Site.objects.select_related("root_page").order_by("pk")
        for shape in Shape
        for width in WIDTHS
        for kind in CONTENT_TYPES
    ]


def _stories_with(picture: Picture, now: datetime) -> list[Story]:
    inside = BodyPicture.objects.filter(picture=picture).values("story")
    uses = picture.uses.values("story")
    stories = Story.objects.public(now).filter(Q(pk__in=uses) | Q(pk__in=inside))
    return list(stories.order_by("-published_at", "-pk")[:STORIES])
