"""The station's own people and the stories they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.demo.markup import xhtml
from wiredesk.demo.story import copies, dispatch

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuthorSeed:
    """A person or desk with a page. ``portrait`` is a file ``draw_all`` makes."""

    slug: str
    name: str
    role: str
    biography: str
    portrait: str
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class StationStory:
    """A story of the station's own, to be published through the stories part.

    ``authors`` are slugs of ``authors()``, ``picture`` a name in ``CAPTIONS`` or empty,
    ``published`` an aware time before the start.
    """

    slug: str
    headline: str
    body_html: str
    authors: tuple[str, ...]
    section: str
    topics: tuple[str, ...]
    picture: str
    dateline: str
    language: str
    published: datetime


_PEOPLE = (
    AuthorSeed(
        "imani-castellane",
        "Imani Castellane",
        "Chief political reporter",
        "Imani Castellane has covered City Hall and the State House for eleven years "
        "and owns, she believes, the only complete set of council minutes outside the "
        "building. She grew up above a print shop in Fennick. Budgets are her favourite "
        "reading, because “that's where a city says what it means.”",
        "portrait-1.jpg",
    ),
    AuthorSeed(
        "teodor-brask",
        "Teodor Brask",
        "Chief meteorologist",
        "Teodor Brask forecasts the weather at six, noon and ten and explains it in "
        "between. Before television he was second mate on the Orrin Sound ferries. He "
        "publishes a scorecard of his own forecasts every month; his best is 91 percent "
        "and he would rather not say when the worst was.",
        "portrait-2.jpg",
    ),
    AuthorSeed(
        "roswitha-oyelaran",
        "Roswitha Oyelaran",
        "Courts and public safety",
        "Roswitha Oyelaran reports from the Tamsin County courts, the police and the "
        "fire service. She trained as a paralegal and still reads the footnotes. Her "
        "series on bail in small courts led the county to publish its figures.",
        "portrait-3.jpg",
    ),
    AuthorSeed(
        "callum-ferreby",
        "Callum Ferreby",
        "Sports editor",
        "Callum Ferreby has seen every Lanterns home game since he was seven, including "
        "one from the roof. He edits the sports pages, keeps the statistics of nine high "
        "schools, and coaches a girls' under-twelve team that has asked not to be named.",
        "portrait-4.jpg",
    ),
    AuthorSeed(
        "noor-hadjian",
        "Noor Hadjian",
        "Education reporter",
        "Noor Hadjian covers the county's schools and the college. She taught chemistry "
        "at Port Ellery High for six years and is still corrected by former pupils, in "
        "the comments and in the supermarket.",
        "portrait-5.jpg",
    ),
    AuthorSeed(
        "lucia-tamarel",
        "Lucía Tamarel",
        "Business and harbour",
        "Lucía Tamarel writes about the port, the shipyards and the shops of Port "
        "Ellery, in English and in Spanish. Her mother ran a stall in the Friday market. "
        "She keeps a list of every ship that has called here since she started.",
        "portrait-6.jpg",
    ),
    AuthorSeed(
        "jonah-pellworth",
        "Jonah Pellworth",
        "Arts and people",
        "Jonah Pellworth writes about theatre, music and anyone with a good story and "
        "half an hour. He plays the tuba in two bands, neither of which he is allowed to "
        "review.",
        "portrait-7.jpg",
    ),
    AuthorSeed(
        "mei-lin-ashgrove",
        "Mei-Lin Ashgrove",
        "Health reporter",
        "Mei-Lin Ashgrove covers hospitals, clinics and the county health department. "
        "A former ambulance dispatcher, she is known for asking how long, how many and "
        "compared with what.",
        "portrait-8.jpg",
    ),
)

_DESKS = (
    AuthorSeed(
        "meridian-desk",
        "Meridian News Cooperative",
        "News agency",
        "Meridian is a cooperative owned by the newspapers and stations it serves. Its "
        "regional desk in Dunmarrow covers Kerravane and the federal capital.",
        "desk-meridian.jpg",
        is_organisation=True,
    ),
    AuthorSeed(
        "halyard-desk",
        "Halyard Wire Service",
        "News agency",
        "Halyard reports from the courts, the coast and the playing fields of three "
        "states, and has done so since the days of the harbour telegraph.",
        "desk-halyard.jpg",
        is_organisation=True,
    ),
    AuthorSeed(
        "lodestar-desk",
        "Lodestar International",
        "News agency",
        "Lodestar sends features, science and culture in English, Spanish and Arabic "
        "from 40 countries.",
        "desk-lodestar.jpg",
        is_organisation=True,
    ),
)


def authors() -> list[AuthorSeed]:
    """Give the station's reporters, then the agencies' desks."""
    return [*_PEOPLE, *_DESKS]


def station_stories(start: datetime) -> list[StationStory]:
    """Give the station's own stories as they stand at ``start``, oldest first."""
    found = [_station_story(copy.slug, start) for copy in copies("newsroom")]
    return sorted(found, key=lambda story: story.published)


def _station_story(slug: str, start: datetime) -> StationStory:
    copy = next(c for c in copies("newsroom") if c.slug == slug)
    ready = dispatch(copy, start)
    return StationStory(
        slug=slug,
        headline=ready.headline,
        body_html=xhtml(ready.blocks),
        authors=(copy.author,),
        section=copy.section,
        topics=copy.topics,
        picture=copy.picture,
        dateline=f"{copy.place.upper()} —",
        language=copy.language,
        published=ready.version_created,
    )
