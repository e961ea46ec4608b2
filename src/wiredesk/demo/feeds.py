"""The station, its sections and its feeds, as a newsroom would set them up."""

from __future__ import annotations

from dataclasses import dataclass

from wiredesk.demo.agencies import AGENCIES, Agency
from wiredesk.demo.topics import BRANCHES

STATION_NAME = "QPEL News 6"
STATION_TOWN = "Port Ellery"
STATION_TIME_ZONE = "America/Halifax"
STATION_TAGLINE = "News of the Sorrel valley and the coast"


@dataclass(frozen=True, slots=True)
class SectionSeed:
    """A section of the site and the Media Topics (any depth) that lead into it."""

    slug: str
    name: str
    description: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldRule:
    """Copy that waits for an editor: with this topic, or as urgent as this or more."""

    name: str
    topic: str | None = None
    urgency_up_to: int | None = None


@dataclass(frozen=True, slots=True)
class FeedSeed:
    """One feed as the newsroom configures it.

    ``sources`` are the guid prefixes the feed may speak for. ``canonical`` is ``own``
    (our address is the canonical one) or ``source`` (the agency's is, where it gives
    one). ``copyright_line`` may hold ``{year}``.
    """

    slug: str
    name: str
    sources: tuple[str, ...]
    credit_line: str
    copyright_line: str
    usage_terms: str
    canonical: str
    default_section: str
    publish_at_once: bool
    holds: tuple[HoldRule, ...] = ()


_SECTIONS = (
    SectionSeed(
        "news",
        "News",
        "What happened today in Tamsin County and beyond.",
        (
            "02000000",
            "03000000",
            "05000000",
            "10000000",
            "14000000",
            "20000269",
            "20000270",
            "20000341",
            "20001362",
        ),
    ),
    SectionSeed(
        "politics",
        "Politics",
        "City Hall, the State House and the Federal Assembly.",
        ("11000000",),
    ),
    SectionSeed(
        "sports",
        "Sports",
        "From the Lanterns to the high schools.",
        ("15000000",),
    ),
    SectionSeed(
        "weather",
        "Weather",
        "Forecasts, warnings and why they were wrong.",
        ("17000000", "20000154", "20000158"),
    ),
    SectionSeed(
        "business",
        "Business",
        "The port, the farms, the mills and the shops.",
        ("04000000",),
    ),
    SectionSeed(
        "arts",
        "Arts",
        "Stage, page, screen and the things people make.",
        ("01000000",),
    ),
    SectionSeed(
        "science",
        "Science & Nature",
        "Research, health and the living valley.",
        ("13000000", "06000000", "07000000"),
    ),
)

_HOLDS = (
    HoldRule("Flashes wait for a second pair of eyes", urgency_up_to=1),
    HoldRule("Homicide is read by an editor first", topic="20000099"),
)


def sections() -> list[SectionSeed]:
    """Give the sections in the order of the navigation; the first is the default."""
    return list(_SECTIONS)


def section_for(topics: tuple[str, ...]) -> str:
    """Give the slug of the section a story's first topic that has one leads into."""
    for topic in topics:
        for code in (topic, BRANCHES.get(topic, topic)):
            for section in _SECTIONS:
                if code in section.topics:
                    return section.slug
    return _SECTIONS[0].slug


def feeds() -> list[FeedSeed]:
    """Give the three agencies' feeds and the station's own."""
    return [
        _agency_feed("meridian", "news", _HOLDS),
        _agency_feed("halyard", "news", _HOLDS),
        _agency_feed("lodestar", "science", _HOLDS[:1]),
        FeedSeed(
            slug="newsroom",
            name=f"{STATION_NAME} newsroom",
            sources=("qpel.example",),
            credit_line=STATION_NAME,
            copyright_line=f"© {{year}} {STATION_NAME}, {STATION_TOWN}",
            usage_terms="",
            canonical="own",
            default_section="news",
            publish_at_once=True,
        ),
    ]


def _agency_feed(slug: str, section: str, holds: tuple[HoldRule, ...]) -> FeedSeed:
    agency: Agency = AGENCIES[slug]
    return FeedSeed(
        slug=slug,
        name=agency.name,
        sources=(agency.domain,),
        credit_line=agency.credit,
        copyright_line=agency.copyright,
        usage_terms=agency.usage_terms,
        canonical="source" if slug == "halyard" else "own",
        default_section=section,
        publish_at_once=True,
        holds=holds,
    )
