"""What stands around every page: the station, its sections and standing pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from wiredesk.delivery.purge.keys import FRAME
from wiredesk.delivery.sites import site_of, station_of
from wiredesk.delivery.store.known import Known
from wiredesk.lib.languages import Direction, direction
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.truth import answering
from wiredesk.stories.models import StationSettings
from wiredesk.web.pictures import Shown, show

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from wiredesk.stories.models.pages import CuratedPage


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads. ``number`` is the page's, to mark where one is."""

    name: str
    href: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """One site's frame. ``address`` is its root without a slash at the end."""

    site: Site
    station: StationSettings
    address: str
    zone: ZoneInfo
    language: str
    direction: Direction
    logo: Shown | None
    sections: tuple[Link, ...]
    pages: tuple[Link, ...]
    # What was drawn of it already, by name and by where the reader is.
    drawn: dict[tuple[str, str, int], SafeString] = field(
        default_factory=dict, compare=False, repr=False
    )
    # Its front and sections that anybody may read, by path, as they were found.
    found: dict[str, CuratedPage] = field(
        default_factory=dict, compare=False, repr=False
    )

    def section(self, number: int | None) -> Link | None:
        """Give the section of that page number, where it is one of the site's."""
        return next((link for link in self.sections if link.number == number), None)


def frame_for(request: HttpRequest) -> Frame:
    """Give the frame of the site that answers ``request``; three queries.

    For the page store none where nothing of it has changed, as the clock of changes
    tells. Raises ``Http404`` where no site answers to that host.
    """

    def read() -> tuple[Frame, list[str], datetime | None]:
        with answering() as truth:
            frame = _read(request)
        return frame, [FRAME], truth.until

    return _kept.find_or_keep((request.get_host(), request.get_port()), read)


# By host and port, as a site is found.
_kept: Known[tuple[str, str], Frame] = Known(most=100)


def _read(request: HttpRequest) -> Frame:
    site = site_of(request)
    station = station_of(site)
    language = station.language or settings.LANGUAGE_CODE
    sections, pages = _children(site)
    return Frame(
        site=site,
        station=station,
        address=site.root_url,
        zone=zone_of(station),
        language=language,
        direction=direction(language),
        logo=show(station.logo, timezone.now(), alt=station.name),
        sections=sections,
        pages=pages,
    )


def zone_of(station: StationSettings) -> ZoneInfo:
    """Give the station's time zone; one nobody knows falls back to the server's."""
    try:
        return ZoneInfo(station.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


# Asked for every page, so built once; an install's few pages are sorted by site here.
_pages = PreparedQuery(
    lambda: (
        Page.objects.filter(
            live=True,
            content_type__app_label="stories",
            content_type__model__in=("sectionpage", "standingpage"),
        )
        .order_by("path")
        .values_list("pk", "title", "slug", "path", "content_type__model")
    ),
    lists=0,
)


def _children(site: Site) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Give the site's sections and standing pages in the order of the tree."""
    root: str = site.root_page.path
    below = len(root) + Page.steplen
    found: dict[str, list[Link]] = {"sectionpage": [], "standingpage": []}
    for number, title, slug, path, kind in _pages():
        if len(path) == below and path.startswith(root):
            href = reverse("wagtail_serve", args=(f"{slug}/",))
            found[kind].append(Link(title, href, number))
    return tuple(found["sectionpage"]), tuple(found["standingpage"])
