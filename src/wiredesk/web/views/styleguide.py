"""Every component on one page, with invented copy, for whoever changes the look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wiredesk.delivery.pictures.sizes import Shape
from wiredesk.delivery.pictures.sources import PictureSources
from wiredesk.stories.curated import Bar
from wiredesk.stories.models import Author, Correction, Story
from wiredesk.topics.models import Topic
from wiredesk.web.byline import Byline, Name
from wiredesk.web.cards import Card
from wiredesk.web.draw import draw
from wiredesk.web.frame import Link, frame_for
from wiredesk.web.lists import Listing
from wiredesk.web.related import Related
from wiredesk.web.share import share_links
from wiredesk.web.story_page import AuthorBox, StoryPage
from wiredesk.web.story_text import Part, StoryText

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

TOKENS = (
    "paper",
    "surface",
    "ink",
    "muted",
    "line",
    "accent",
    "accent-soft",
    "brand",
    "urgent",
    "bar",
)


@dataclass(frozen=True, slots=True)
class SamplePicture:
    """A drawing of ours in place of a picture from the library."""

    alt: str = "Three boats lie in a harbour below a hill"
    caption: str = "Boats wait out the gale in the harbour of Port Ellery."
    credit: str = "Ida Marlow"

    def sources(
        self, sizes: str, shape: Shape, most: int, alt: str | None
    ) -> PictureSources:
        """Give the drawing in its one size."""
        return PictureSources(
            src=static("web/sample.svg"),
            avif="",
            webp="",
            jpeg="",
            sizes=sizes,
            width=1280,
            height=720,
            alt=self.alt if alt is None else alt,
        )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; no story of the site's is on it."""
    frame, now = frame_for(request), timezone.now()
    cards = _cards(now)
    context = {
        "tokens": TOKENS,
        "cards": cards,
        "bar": Bar("The Orrin bridge is closed until Tuesday", "#bar", now),
        "page": _story(now, cards, f"{frame.address}/"),
        "listing": Listing(cards, number=2, newer=1, older=3),
        "path": request.path,
    }
    response = draw(request, "web/styleguide.html", context, frame=frame)
    response["X-Robots-Tag"] = "noindex"
    # Its sample stories are as old as when one looks.
    response["Cache-Control"] = "no-store"
    return response


def _cards(now: datetime) -> tuple[Card, ...]:
    plain = Card(
        href="#card",
        headline="Ferry fares rise by a dime in March",
        summary="The first increase in six years pays for a second night crossing.",
        published_at=now - timedelta(hours=3),
        language="en",
        direction="ltr",
        agency="Halyard Wire Service",
        section=Link("Harbour", "#section"),
    )
    picture = SamplePicture()
    return (
        replace(
            plain,
            headline="Gale closes the Orrin bridge and sends the fleet home",
            label="breaking",
            picture=picture,
        ),
        replace(plain, headline="Water boils over a budget line", label="urgent"),
        plain,
        replace(plain, headline="A long winter for the moss garden", picture=picture),
    )


def _story(now: datetime, cards: tuple[Card, ...], address: str) -> StoryPage:
    author = Author(
        name="Ida Marlow",
        slug="ida-marlow",
        role="Harbour reporter",
        bio="Ida Marlow has reported from the quays of Port Ellery for twelve years.",
    )
    story = Story(
        headline="Gale closes the Orrin bridge and sends the fleet home",
        subheadline="Gusts of 70 miles an hour are forecast until noon",
        language="en",
        published_at=now - timedelta(hours=5),
        credit="The-Halyard-Wire",
        copyright_notice="© Halyard Wire Service. All rights reserved.",
    )
    return StoryPage(
        story=story,
        direction="ltr",
        address=address,
        canonical=address,
        label="breaking",
        byline=Byline(
            (Name("Ida Marlow", "#author"), Name("Bo Lowe")), (Name("Halyard"),)
        ),
        updated_at=now - timedelta(hours=1),
        lead=SamplePicture(),
        more_pictures=(),
        text=_text(),
        corrections=[
            Correction(
                text="An earlier version gave the bridge a wrong length.",
                at=now - timedelta(hours=2),
            )
        ],
        topic=Topic(name="Weather", slug="weather"),
        section=Link("Harbour", "#section"),
        boxes=(AuthorBox(author, None),),
        share=share_links(story.headline, address),
        related=Related(cards),
    )


def _text() -> StoryText:
    words = format_html(
        "The bridge closed at noon, and the last ferry tied up an hour later.</p>"
        "<p>“{}” said the harbour master. The <a href='#text'>forecast</a> speaks of "
        "gusts until Tuesday.</p><h2>What stays open</h2><ul><li>The towpath</li>"
        "<li>The clinic's back door</li></ul><blockquote><p>{}</p></blockquote>"
        "<table><caption>Gusts by the hour</caption><thead><tr><th scope='col'>Hour</th>"
        "<th scope='col'>Miles an hour</th></tr></thead><tbody><tr><td>10 a.m.</td>"
        "<td>58</td></tr><tr><td>11 a.m.</td><td>71</td></tr></tbody></table>"
        "<pre>HERONS  3 1 2 — 6\nLANTERNS 0 2 1 — 3</pre>",
        _("Nobody sails today,"),
        _("The sea has the right of way."),
    )
    return StoryText(
        (Part(html=words), Part(picture=SamplePicture())),
        opening=format_html("<{}>", "p"),
        dateline="PORT ELLERY (Halyard) —",
    )
