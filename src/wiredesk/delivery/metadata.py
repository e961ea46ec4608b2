"""What machines read of a page: schema.org's NewsArticle as JSON-LD, and OpenGraph.

Of each thing exactly what the page itself says: an author's name without "by", the
agency as holder of its words, a correction where one is printed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from wagtail.models import Site

from wiredesk.delivery.addresses import absolute, canonical_address, story_address
from wiredesk.delivery.authorship import Credited, authors_of
from wiredesk.delivery.pictures.sizes import LARGEST, Shape, picture_path, size_of
from wiredesk.lib.markup import data_script
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.text import one_line
from wiredesk.stories.models import Picture, StandingPage, StationSettings, Story

CONTEXT = "https://schema.org"
Json = dict[str, Any]

# Search engines want a picture of at least 50,000 pixels, and 1,200 across for the large
# previews.
LEAD_WIDTH = 1280
SHAPES = (Shape.WIDE, Shape.CLASSIC, Shape.SQUARE)
# schema.org's properties of a NewsMediaOrganization that are pages of the station.
_POLICIES = {
    StandingPage.Purpose.CORRECTIONS: "correctionsPolicy",
    StandingPage.Purpose.PRINCIPLES: "publishingPrinciples",
    StandingPage.Purpose.ETHICS: "ethicsPolicy",
    StandingPage.Purpose.FACT_CHECKING: "verificationFactCheckingPolicy",
    StandingPage.Purpose.UNNAMED_SOURCES: "unnamedSourcesPolicy",
    StandingPage.Purpose.FEEDBACK: "actionableFeedbackPolicy",
    StandingPage.Purpose.DIVERSITY: "diversityPolicy",
    StandingPage.Purpose.NO_BYLINES: "noBylinesPolicy",
    StandingPage.Purpose.MISSION: "missionCoveragePrioritiesPolicy",
    StandingPage.Purpose.MASTHEAD: "masthead",
    StandingPage.Purpose.OWNERSHIP: "ownershipFundingInfo",
}


def story_json_ld(
    story: Story,
    *,
    site: Site,
    station: StationSettings,
    zone: ZoneInfo,
    now: datetime,
    section: str = "",
) -> Json:
    """Give the one NewsArticle of a story's page.

    ``story`` should have what ``give_everything`` gives; ``zone`` is the station's, in
    which the page prints its times. ``section`` is the name of the story's section.
    """
    published = story.published_at or story.created_at
    updated = max(story.updated_at or published, published)
    station_id = {"@id": _station_id(site)}
    article: Json = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": canonical_address(story, site),
        "url": story_address(story, site),
        "mainEntityOfPage": story_address(story, site),
        "headline": _line(story.headline),
        "alternativeHeadline": _line(story.subheadline),
        "description": _line(story.summary or story.subheadline),
        "inLanguage": story.language,
        "datePublished": _when(published, zone),
        "dateModified": _when(updated, zone),
        "author": [_author(one, site) for one in authors_of(story)] or [station_id],
        "publisher": organisation_json_ld(site, station, now=now, context=False),
        "image": _images(story, site, now),
        "dateline": _line(story.dateline),
        "articleSection": section,
        "about": [
            {"@type": "Thing", "name": row.topic.name, **_topic_url(row, site)}
            for row in story.topics.all()
        ],
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": note.in_words(),
                "datePublished": _when(note.at, zone),
            }
            for note in story.corrections.all()
        ],
        "expires": _when(story.standing.visible_until, zone),
        "isAccessibleForFree": True,
        **_rights(story, station_id),
    }
    return _without_empty(article)


def unavailable_after(story: Story, zone: ZoneInfo) -> str:
    """Give when search engines must forget the story: the end of its use, else ""."""
    return _when(story.standing.visible_until, zone) or ""


def organisation_json_ld(
    site: Site,
    station: StationSettings,
    *,
    now: datetime,
    context: bool = True,
    policies: bool = False,
) -> Json:
    """Give the station as NewsMediaOrganization; ``policies`` adds its standing pages."""
    logo = station.logo
    found: Json = {
        "@context": CONTEXT if context else None,
        "@type": "NewsMediaOrganization",
        "@id": _station_id(site),
        "name": station.name,
        "legalName": station.legal_name,
        "url": absolute(site, "/"),
        "description": station.description,
        "email": station.contact_mail,
        "foundingDate": str(station.founded or ""),
        "logo": _image(logo, site, LARGEST, Shape.WHOLE)
        if logo and logo.is_shown(now)
        else None,
        "location": station.place,
    }
    if policies:
        found.update(_policies(site))
    return _without_empty(found)


def json_ld_script(data: Json) -> SafeString:
    """Give the data as a script element that no headline can get out of."""
    return data_script(data)


def open_graph(
    story: Story,
    *,
    site: Site,
    station: StationSettings,
    zone: ZoneInfo,
    now: datetime,
    section: str = "",
) -> list[tuple[str, str]]:
    """Give a story's OpenGraph properties in order, each with its content."""
    published = story.published_at or story.created_at
    pairs: list[tuple[str, str | None]] = [
        ("og:type", "article"),
        ("og:site_name", station.name),
        ("og:title", _line(story.headline)),
        ("og:description", _line(story.summary or story.subheadline)),
        ("og:url", canonical_address(story, site)),
        ("og:locale", story.language.replace("-", "_")),
        ("article:published_time", _when(published, zone)),
        (
            "article:modified_time",
            _when(max(story.updated_at or published, published), zone),
        ),
        ("article:section", section),
    ]
    pairs.extend(("article:tag", row.topic.name) for row in story.topics.all())
    pairs.extend(
        ("article:author", absolute(site, one.path))
        for one in authors_of(story)
        if one.path
    )
    pairs.extend(_og_image(story, site, now))
    return [(name, content) for name, content in pairs if content]


def site_open_graph(
    *, site: Site, station: StationSettings, title: str, path: str, now: datetime
) -> list[tuple[str, str]]:
    """Give the OpenGraph properties of a page that is no story, at ``path``."""
    logo = station.logo
    pairs = [
        ("og:type", "website"),
        ("og:site_name", station.name),
        ("og:title", _line(title)),
        ("og:description", _line(station.description or station.tagline)),
        ("og:url", absolute(site, path)),
    ]
    if logo and logo.is_shown(now):
        pairs.append(("og:image", _image(logo, site, LARGEST, Shape.WHOLE)["url"]))
    return [(name, content) for name, content in pairs if content]


def _og_image(story: Story, site: Site, now: datetime) -> list[tuple[str, str | None]]:
    for use in story.pictures.all():
        if use.picture is not None and use.picture.is_shown(now):
            image = _image(use.picture, site, LEAD_WIDTH, Shape.WIDE)
            return [
                ("og:image", image["url"]),
                ("og:image:type", "image/jpeg"),
                ("og:image:width", str(image["width"])),
                ("og:image:height", str(image["height"])),
                ("og:image:alt", _line(use.alt or use.picture.description)),
            ]
    return []


def _rights(story: Story, station_id: Json) -> Json:
    """Say whose words these are: the agency's, or with no source the station's own."""
    if not story.source:
        return {
            "sourceOrganization": station_id,
            "copyrightHolder": station_id,
            "creditText": _line(story.credit),
            "copyrightNotice": _line(story.copyright_notice),
        }
    named = {"@type": "NewsMediaOrganization", "name": story.source_name}
    agency = named if story.source_name else None
    return {
        "sourceOrganization": agency,
        "copyrightHolder": agency,
        "creditText": _line(story.credit or story.source_name),
        "copyrightNotice": _line(story.copyright_notice),
        "usageInfo": _line(story.usage_terms) if _is_address(story.usage_terms) else "",
        "isBasedOn": story.source_address,
    }


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and " " not in text


def _author(one: Credited, site: Site) -> Json:
    author = {
        "@type": "Organization" if one.organisation else "Person",
        "name": one.name,
    }
    if one.path:
        author["url"] = absolute(site, one.path)
    return author


def _images(story: Story, site: Site, now: datetime) -> list[Json]:
    """Give the leading picture in the three shapes asked for, then the others whole."""
    images: list[Json] = []
    for use in story.pictures.all():
        picture = use.picture
        if picture is None or not picture.is_shown(now):
            continue
        shapes = (Shape.WHOLE,) if images else SHAPES
        for shape in shapes:
            image = _image(picture, site, LEAD_WIDTH, shape)
            image["caption"] = _line(use.caption or picture.caption)
            image["creditText"] = _line(use.credit or picture.credit)
            images.append(_without_empty(image))
    return images


def _image(picture: Picture, site: Site, asked: int, shape: Shape) -> Json:
    width, height = size_of(picture.width, picture.height, asked, shape)
    address = absolute(site, picture_path(picture.pk, asked, "jpeg", shape))
    return {
        "@type": "ImageObject",
        "url": address,
        "contentUrl": address,
        "width": width,
        "height": height,
    }


_policy_pages = PreparedQuery(
    lambda purposes: (
        StandingPage.objects.live()
        .filter(purpose__in=purposes)
        .order_by("path")
        .values_list("purpose", "path", "url_path")
    )
)


def _policies(site: Site) -> Json:
    above: str = site.root_page.path
    root = len(site.root_page.url_path) - 1
    return {
        _POLICIES[StandingPage.Purpose(purpose)]: absolute(site, url_path[root:])
        for purpose, path, url_path in _policy_pages([each.value for each in _POLICIES])
        if path.startswith(above) and path != above
    }


def _topic_url(row: Any, site: Site) -> Json:
    topic = row.topic
    return {"url": absolute(site, topic.get_absolute_url())} if topic.public else {}


def _station_id(site: Site) -> str:
    return absolute(site, "/#station")


def _line(text: str) -> str:
    return one_line(text) or ""


def _when(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _without_empty(found: Json) -> Json:
    return {key: value for key, value in found.items() if value not in (None, "", [])}
