"""What machines are told of a story agrees with what people read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import extruct  # type: ignore[import-untyped]
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import format_html

from tests.delivery.conftest import Newsroom
from wiredesk.delivery.metadata import (
    json_ld_script,
    open_graph,
    organisation_json_ld,
    story_json_ld,
)
from wiredesk.stories.around import give_everything
from wiredesk.stories.models import (
    Correction,
    Picture,
    StandingPage,
    StationSettings,
    Story,
)

pytestmark = pytest.mark.urls("wiredesk.delivery.urls")
ZONE = ZoneInfo("America/Boise")


def fetched(story: Story) -> Story:
    """Give the story as a page or feed has it."""
    found = Story.objects.get(pk=story.pk)
    give_everything([found])
    return found


def said_of(newsroom: Newsroom, story: Story) -> dict[str, Any]:
    """Give the one NewsArticle that a reader of the page's HTML finds."""
    found = fetched(story)
    data = story_json_ld(found, **around(newsroom))
    page = format_html(
        "<html><head>{}</head><body></body></html>", json_ld_script(data)
    )
    things = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    articles = [thing for thing in things if thing["@type"] == "NewsArticle"]
    assert len(things) == len(articles) == 1
    return dict(articles[0])


def around(newsroom: Newsroom) -> dict[str, Any]:
    return {
        "site": newsroom.site,
        "station": StationSettings.objects.get(),
        "zone": ZONE,
        "now": timezone.now(),
        "section": "Politics",
    }


def test_a_page_holds_one_article_under_its_canonical_address(
    newsroom: Newsroom,
) -> None:
    story = newsroom.story("Ferry returns", summary="It is back.", language="en-GB")
    said = said_of(newsroom, story)
    assert said["@id"] == said["url"] == f"http://testserver{story.path}"
    assert said["headline"] == "Ferry returns"
    assert said["inLanguage"] == "en-GB"
    assert said["articleSection"] == "Politics"
    assert said["isAccessibleForFree"] is True
    assert said["about"] == [
        {
            "@type": "Thing",
            "name": "Elections",
            "url": "http://testserver/topics/elections/",
        }
    ]


def test_the_source_s_address_is_canonical_where_the_contract_says_so(
    newsroom: Newsroom,
) -> None:
    story = newsroom.story(
        canonical="source", source="m", source_address="https://meridian.example/1"
    )
    said = said_of(newsroom, story)
    assert said["@id"] == said["isBasedOn"] == "https://meridian.example/1"
    assert said["url"] == f"http://testserver{story.path}"


def test_every_author_is_named_apart_with_the_page_one_has(newsroom: Newsroom) -> None:
    story = newsroom.story(
        bylines=["Iva Brandt", "Tomas Reyne"], authors=[newsroom.author, newsroom.desk]
    )
    assert said_of(newsroom, story)["author"] == [
        {
            "@type": "Person",
            "name": "Iva Brandt",
            "url": "http://testserver/authors/iva-brandt/",
        },
        {"@type": "Person", "name": "Tomas Reyne"},
        {
            "@type": "Organization",
            "name": "Meridian Press",
            "url": "http://testserver/authors/meridian-press/",
        },
    ]


def test_an_agency_s_words_are_the_agency_s_and_never_ours(newsroom: Newsroom) -> None:
    story = newsroom.story(
        source="meridian",
        source_name="Meridian Press",
        credit="Meridian Press",
        copyright_notice="© 2026 Meridian Press",
        authors=[],
    )
    said = said_of(newsroom, story)
    assert said["author"] == [{"@type": "Organization", "name": "Meridian Press"}]
    assert said["sourceOrganization"]["name"] == "Meridian Press"
    assert said["copyrightHolder"]["name"] == "Meridian Press"
    assert said["creditText"] == "Meridian Press"
    assert said["copyrightNotice"] == "© 2026 Meridian Press"
    assert said["publisher"]["@type"] == "NewsMediaOrganization"
    assert said["publisher"]["name"] == "Lake City News"


def test_a_wire_story_names_its_agency_though_it_has_no_page(
    newsroom: Newsroom,
) -> None:
    wire: dict[str, Any] = {"source": "direct", "authors": [], "bylines": ["Alan Berg"]}
    said = said_of(newsroom, newsroom.story(source_name="Harrow Press", **wire))
    assert said["author"] == [
        {"@type": "Person", "name": "Alan Berg"},
        {"@type": "Organization", "name": "Harrow Press"},
    ]
    said = said_of(newsroom, newsroom.story(source_name="", **wire))
    assert said["author"] == [{"@type": "Person", "name": "Alan Berg"}]
    assert "sourceOrganization" not in said


def test_the_station_s_own_story_without_a_name_is_the_station_s(
    newsroom: Newsroom,
) -> None:
    said = said_of(newsroom, newsroom.story(authors=[]))
    assert said["author"] == [{"@id": said["publisher"]["@id"]}]
    assert "isBasedOn" not in said


def test_times_carry_the_station_s_zone_and_never_run_backwards(
    newsroom: Newsroom,
) -> None:
    published = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    story = newsroom.story(
        published_at=published,
        updated_at=published - timedelta(hours=1),
        visible_until=timezone.now() + timedelta(days=1),
    )
    said = said_of(newsroom, story)
    assert said["datePublished"] == said["dateModified"] == "2026-03-04T16:30:00-07:00"
    assert datetime.fromisoformat(said["expires"]) > timezone.now()


def test_every_correction_is_told(newsroom: Newsroom) -> None:
    story = newsroom.story()
    Correction.objects.create(story=story, text="It was two.", at=timezone.now())
    (note,) = said_of(newsroom, story)["correction"]
    assert note["@type"] == "CorrectionComment"
    assert note["text"] == "It was two."
    assert datetime.fromisoformat(note["datePublished"]).tzinfo


def test_the_lead_picture_comes_in_three_shapes_at_our_address(
    client: Client, newsroom: Newsroom, draw: Callable[..., Picture]
) -> None:
    story = newsroom.story(pictures=[draw(), draw()])
    images = said_of(newsroom, story)["image"]
    ratios = [round(image["width"] / image["height"], 2) for image in images]
    assert ratios == [1.78, 1.33, 1.0, 2.0]
    for image in images:
        assert image["width"] * image["height"] >= 50_000
        assert image["creditText"] == "Mira Holt"
        path = image["url"].removeprefix("http://testserver")
        assert client.get(path).status_code == 200


def test_a_withdrawn_picture_is_told_nowhere(
    newsroom: Newsroom, draw: Callable[..., Picture]
) -> None:
    story = newsroom.story(pictures=[draw(withdrawn_at=timezone.now())])
    assert "image" not in said_of(newsroom, story)
    found = fetched(story)
    names = [name for name, _ in open_graph(found, **around(newsroom))]
    assert "og:image" not in names


@pytest.mark.parametrize(
    "headline",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "a\u2028b",
        '"},{"x":"',
        "]]>",
    ],
)
def test_a_headline_stays_a_headline(newsroom: Newsroom, headline: str) -> None:
    story = newsroom.story(headline)
    expected = headline.replace("\u2028", " ")
    assert said_of(newsroom, story)["headline"] == expected
    found = fetched(story)
    script = json_ld_script(story_json_ld(found, **around(newsroom)))
    assert script.count("<") == 2


def test_open_graph_tells_the_same(
    newsroom: Newsroom, draw: Callable[..., Picture]
) -> None:
    story = newsroom.story("Ferry returns", pictures=[draw()])
    found = fetched(story)
    pairs = dict(open_graph(found, **around(newsroom)))
    assert pairs["og:type"] == "article"
    assert pairs["og:title"] == "Ferry returns"
    assert pairs["og:url"] == f"http://testserver{story.path}"
    assert pairs["og:image"].startswith("http://testserver/pictures/")
    assert pairs["og:image:alt"] == "A ferry at a pier"
    assert pairs["article:section"] == "Politics"


def test_the_front_says_who_the_station_is(newsroom: Newsroom) -> None:
    newsroom.site.root_page.add_child(
        instance=StandingPage(
            title="Corrections", slug="corrections", purpose="corrections"
        )
    )
    for purpose in ("principles", "ethics", "facts", "sources", "feedback", "bylines"):
        newsroom.site.root_page.add_child(
            instance=StandingPage(title=purpose, slug=purpose, purpose=purpose)
        )
    said = organisation_json_ld(
        newsroom.site, StationSettings.objects.get(), now=timezone.now(), policies=True
    )
    assert said["@type"] == "NewsMediaOrganization"
    assert said["legalName"] == "Lake City Media"
    assert said["correctionsPolicy"].endswith("/corrections/")
    assert said["publishingPrinciples"] == "http://testserver/principles/"
    assert said["ethicsPolicy"] == "http://testserver/ethics/"
    assert said["verificationFactCheckingPolicy"] == "http://testserver/facts/"
    assert said["unnamedSourcesPolicy"] == "http://testserver/sources/"
    assert said["actionableFeedbackPolicy"] == "http://testserver/feedback/"
    assert said["noBylinesPolicy"] == "http://testserver/bylines/"
    assert "ownershipFundingInfo" not in said
