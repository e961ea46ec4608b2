"""The three agencies of the demo, all invented, and how each dresses its copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.demo.dates import agency_date

if TYPE_CHECKING:
    from wiredesk.demo.story import Dispatch


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency's name and lines. ``{year}`` in the copyright is the story's year."""

    slug: str
    name: str
    short: str
    domain: str
    credit: str
    copyright_holder: str
    copyright: str
    usage_terms: str

    def dateline(self, dispatch: Dispatch) -> str:
        """Give the dateline in the agency's style, without a space after its dash."""
        place = dispatch.copy.place
        if self.slug == "meridian":
            return f"{place.upper()} (Meridian) —"
        if self.slug == "halyard":
            day = agency_date(dispatch.version_created, dispatch.copy.language)
            return f"{place.upper()}, {day} (Halyard) \N{EN DASH}"
        return "(Lodestar) —"

    def copyright_notice(self, dispatch: Dispatch) -> str:
        """Give the copyright line with the year the story was written in."""
        return self.copyright.replace("{year}", str(dispatch.version_created.year))


MERIDIAN = Agency(
    slug="meridian",
    name="Meridian News Cooperative",
    short="Meridian",
    domain="meridian.example",
    credit="Meridian",
    copyright_holder="Meridian News Cooperative",
    copyright="Copyright {year} Meridian News Cooperative. All rights reserved.",
    usage_terms=(
        "For members of the cooperative. Credit and dateline must stay with the text."
    ),
)
HALYARD = Agency(
    slug="halyard",
    name="Halyard Wire Service",
    short="Halyard",
    domain="halyard.example",
    credit="The-Halyard-Wire",
    copyright_holder="Halyard Wire Service",
    copyright=(
        "™ & © {year} Halyard Wire Service, a Corrigan Tidewater company. "
        "All rights reserved."
    ),
    usage_terms="No archive use after thirty days without a separate agreement.",
)
LODESTAR = Agency(
    slug="lodestar",
    name="Lodestar International",
    short="Lodestar",
    domain="lodestar.example",
    credit="Lodestar International",
    copyright_holder="Lodestar International Ltd",
    copyright="© Lodestar International {year}",
    usage_terms="Pictures may be used with this text only.",
)

AGENCIES = {agency.slug: agency for agency in (MERIDIAN, HALYARD, LODESTAR)}
