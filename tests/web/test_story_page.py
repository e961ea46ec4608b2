"""What a story's page promises, on a real database through Django's client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import extruct  # type: ignore[import-untyped]
import pytest
from django.utils import timezone
from lxml import html as lxml_html

from tests.web.newsroom import Newsroom, draw_picture
from tests.web.reading import only, page, words
from wiredesk.stories.models import (
    Correction,
    Placement,
    StoryStanding,
)
from wiredesk.topics.models import Topic

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

WITHDRAWN = StoryStanding.State.WITHDRAWN
HELD = StoryStanding.State.HELD


# --- a story ------------------------------------------------------------------------


def test_a_wire_story_has_its_parts_in_their_order(
    client: Client, newsroom: Newsroom, media: Path
) -> None:
    story = newsroom.wire_story(
        pictures=[draw_picture()],
        updated_at=timezone.now() - timedelta(minutes=5),
    )
    text = words(page(client, story.path).body)
    order = (
        "Skip to content",
        "Orrin Sound 9",
        "Local",
        story.headline,
        story.subheadline,
        "By Ida Marlow and Bo Lowe, Halyard Wire Service",
        "Published",
        "Updated",
        "Boats wait out the gale in the harbour.",
        "Ida Marlow/Halyard",
        "(Halyard) — The county closed",
        "The-Halyard-Wire",
        "™ & © 2026 Halyard Wire Service.",
        "Article Topic Follows: Politics",
        "Share",
        "Halyard Wire Service News agency",
        "About us",
        "Skip to content",
    )
    at = -1
    for part in order:
        found = text.find(part, at + 1)
        assert found > at, part
        at = found


def test_one_main_heading_is_the_headline(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.wire_story()
    assert words(only(page(client, story.path).findall(".//h1"))) == story.headline


def test_times_are_said_in_the_stations_zone(
    client: Client, newsroom: Newsroom
) -> None:
    at = datetime.fromisoformat("2026-11-23T01:30:00+00:00")
    story = newsroom.story(
        published_at=at, updated_at=at + timedelta(hours=2), authors=[]
    )
    times = page(client, story.path).cssselect(".times time")
    assert [time.get("datetime") for time in times] == [
        "2026-11-22T18:30:00-07:00",
        "2026-11-22T20:30:00-07:00",
    ]
    assert words(times[0]) == "Nov. 22, 2026, 6:30 p.m. MST"


def test_a_story_that_never_changed_has_no_time_of_update(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    assert page(client, story.path).cssselect(".updated") == []


def test_authors_with_a_page_are_linked_and_wire_names_are_text(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story(
        bylines=["I. Castellane", "Bo Lowe"], authors=[newsroom.author]
    )
    byline = only(page(client, story.path).cssselect(".byline"))
    assert words(byline) == "By Imani Castellane and Bo Lowe"
    assert [a.get("href") for a in byline.findall(".//a")] == [
        "/authors/imani-castellane/"
    ]


def test_an_agency_called_by_part_of_its_name_is_its_desk_and_no_person(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.wire_story(
        bylines=["Ida Marlow", "Halyard"], source_name="Halyard Wire Service"
    )
    response = client.get(story.path or "")
    byline = only(lxml_html.fromstring(response.content).cssselect(".byline"))
    assert words(byline) == "By Ida Marlow, Halyard Wire Service"
    kinds = [author["@type"] for author in news_article(response)["author"]]
    assert kinds == ["Person", "Organization"]


def test_a_list_says_no_dateline(client: Client, newsroom: Newsroom) -> None:
    newsroom.story(
        dateline="PORT ELLERY (Halyard) —",
        summary="PORT ELLERY, Nov. 23 (Halyard) — The bridge closed.",
    )
    assert words(only(page(client, "/").cssselect(".card-summary"))) == (
        "The bridge closed."
    )


def test_search_engines_are_told_what_a_story_is_about_also_without_a_summary(
    client: Client, newsroom: Newsroom
) -> None:
    def told(**given: Any) -> str:
        story = newsroom.story(subheadline="", **given)
        found = only(page(client, story.path).xpath("//meta[@name='description']"))
        return str(found.get("content"))

    assert told(summary="Boats wait.", body="<p>Else.</p>") == "Boats wait."
    body = "<p>The ferry <em>sails</em>\nagain &amp; again.</p><p>More.</p>"
    assert told(summary="", body=body) == "The ferry sails again & again."


def test_the_dateline_is_printed_once_where_the_body_brings_it(
    client: Client, newsroom: Newsroom
) -> None:
    body = "<p>PORT ELLERY (Halyard) — The bridge closed.</p>"
    story = newsroom.wire_story(body=body)
    text = words(only(page(client, story.path).cssselect(".story-text")))
    assert text == "PORT ELLERY (Halyard) — The bridge closed."


def test_blocks_stand_in_their_order_with_pictures_between(
    client: Client, newsroom: Newsroom, media: Path
) -> None:
    picture = draw_picture()
    story = newsroom.story(
        blocks=[
            {"type": "text", "value": "<p>One.</p>"},
            {"type": "locked", "value": "<table><tr><td>Two.</td></tr></table>"},
            {"type": "picture", "value": {"picture": picture.pk, "caption": "Three."}},
            {"type": "text", "value": "<p>Four.</p>"},
        ]
    )
    text = only(page(client, story.path).cssselect(".story-text"))
    assert words(text) == "One. Two. Three. Four."
    image = only(text.findall(".//img"))
    assert image.get("src", "").startswith(f"/pictures/{picture.pk}/")
    assert image.get("width")
    assert image.get("height")


def test_a_withdrawn_picture_is_on_no_page(
    client: Client, newsroom: Newsroom, media: Path
) -> None:
    picture = draw_picture()
    story = newsroom.story(pictures=[picture])
    assert page(client, story.path).cssselect(".story img")
    picture.withdrawn_at = timezone.now()
    picture.save()
    for path in (story.path, "/", "/local/"):
        assert page(client, path).findall(".//img") == []


def test_a_correction_is_said_on_the_page_and_to_machines(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    Correction.objects.create(story=story, text="It was 410 yards.", at=timezone.now())
    response = client.get(story.path or "")
    assert "It was 410 yards." in words(
        only(lxml_html.fromstring(response.content).cssselect(".corrections"))
    )
    assert news_article(response)["correction"]["text"] == "It was 410 yards."


def test_a_private_topic_is_not_offered_to_follow(
    client: Client, newsroom: Newsroom
) -> None:
    hidden = Topic.objects.create(name="Desk only", slug="desk-only", public=False)
    story = newsroom.story(topics=[hidden, newsroom.topic])
    follows = only(page(client, story.path).cssselect(".topic-follows"))
    assert words(follows) == "Article Topic Follows: Politics"
    client.get("/topics/desk-only/")
    assert client.get("/topics/desk-only/").status_code == 404


def test_share_links_tell_nobody_where_the_reader_was(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story("Rain & wind: “no” sailing")
    links = page(client, story.path).cssselect(".share a")
    assert links[0].get("href", "").startswith("mailto:?subject=Rain%20%26%20wind")
    for link in links[1:]:
        assert link.get("referrerpolicy") == "no-referrer"
        assert "noopener" in link.get("rel", "")
        assert "%2F2026%2F11%2F23%2F" in link.get("href", "")


# --- who may see it -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/2026/11/23/another-slug-{}/",
        "/2026/11/23/a-story-{}",
        "/2025/1/2/a-story-{}/",
        "/2026/11/23/{}/",
    ],
)
def test_another_address_with_the_right_number_leads_to_the_storys_own(
    client: Client, newsroom: Newsroom, path: str
) -> None:
    story = newsroom.story()
    response = client.get(path.format(story.pk))
    assert (response.status_code, response["Location"]) == (301, story.path)


@pytest.mark.parametrize("state", [WITHDRAWN, HELD])
@pytest.mark.parametrize("slug", ["a-story", "another"])
def test_a_story_that_was_public_and_is_not_is_gone_without_a_word(
    client: Client, newsroom: Newsroom, state: str, slug: str
) -> None:
    story = newsroom.wire_story(state=state, was_public=True)
    newsroom.story("Something else")
    response = client.get(f"/2026/11/23/{slug}-{story.pk}/")
    assert response.status_code == 410
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    text = response.content.decode()
    for word in ("Gale", "Orrin bridge", "Halyard", "Marlow", "2026/11/23"):
        assert word not in text


@pytest.mark.parametrize(
    "given",
    [
        {"state": HELD},
        {"state": WITHDRAWN, "was_public": False},
        {"visible_from": timezone.now() + timedelta(hours=1), "was_public": False},
    ],
)
def test_a_story_that_never_was_public_is_as_if_there_were_none(
    client: Client, newsroom: Newsroom, given: dict[str, Any]
) -> None:
    story = newsroom.story("A secret", **given)
    for path in (story.path, f"/2026/11/23/wrong-{story.pk}/", "/2026/11/23/x-999/"):
        response = client.get(path or "")
        assert response.status_code == 404
        assert b"secret" not in response.content


def test_an_expired_story_is_gone(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.story(visible_until=timezone.now() - timedelta(minutes=1))
    assert client.get(story.path or "").status_code == 410


def test_what_is_not_public_is_on_no_list(client: Client, newsroom: Newsroom) -> None:
    newsroom.story("A secret", state=HELD)
    newsroom.story("A kill", state=WITHDRAWN, was_public=True)
    newsroom.story("Tomorrow", visible_from=timezone.now() + timedelta(days=1))
    newsroom.story("Yesterday", visible_until=timezone.now() - timedelta(days=1))
    shown = newsroom.story("In the open")
    for path in (
        "/",
        "/local/",
        "/topics/politics/",
        "/authors/imani-castellane/",
        "/search/?topic=politics",
        shown.path,
    ):
        text = words(page(client, path))
        assert "In the open" in text
        for hidden in ("A secret", "A kill", "Tomorrow", "Yesterday"):
            assert hidden not in text, path


def test_a_story_placed_on_no_site_of_ours_is_not_found(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    Placement.objects.filter(story=story).delete()
    assert client.get(story.path or "").status_code == 404


def test_a_number_no_database_holds_is_not_found(
    client: Client, newsroom: Newsroom
) -> None:
    assert client.get("/2026/11/23/a-9999999999999999999/").status_code == 404


def test_reading_writes_nothing_and_sets_no_cookie(
    client: Client, newsroom: Newsroom, django_assert_max_num_queries: Any
) -> None:
    story = newsroom.wire_story()
    for path in (story.path, "/", "/local/", "/search/?q=bridge", "/nowhere/"):
        with django_assert_max_num_queries(30) as captured:
            response = client.get(path or "")
        assert not response.cookies
        asked = {query["sql"].split()[0] for query in captured.captured_queries}
        # PostgreSQL reads a long answer through a cursor that it declares.
        assert asked <= {"SELECT", "DECLARE"}, path
    assert client.post(story.path or "").status_code == 405


# --- what machines read -----------------------------------------------------------------


def news_article(response: Any) -> dict[str, Any]:
    found = extruct.extract(response.content.decode(), syntaxes=["json-ld"])["json-ld"]
    article: dict[str, Any] = next(x for x in found if x["@type"] == "NewsArticle")
    correction = article.get("correction")
    if isinstance(correction, list):
        article["correction"] = correction[0]
    return article


def test_machines_read_what_people_read(
    client: Client, newsroom: Newsroom, media: Path
) -> None:
    story = newsroom.wire_story(pictures=[draw_picture()])
    response = client.get(story.path or "")
    root = lxml_html.fromstring(response.content)
    article = news_article(response)
    canonical = only(root.xpath("//link[@rel='canonical']")).get("href")
    assert article["@id"] == canonical == f"http://testserver{story.path}"
    assert article["headline"] == words(only(root.findall(".//h1")))
    shown = root.cssselect(".published time")[0].get("datetime")
    assert article["datePublished"] == shown
    names = [author["name"] for author in article["author"]]
    byline = words(only(root.cssselect(".byline")))
    assert all(byline.count(name) == 1 for name in names)


def test_no_headline_gets_out_of_its_place(client: Client, newsroom: Newsroom) -> None:
    headline = "Is </script><script>alert(1)</script> \u2028 <b>news</b> & “true”?"
    story = newsroom.story(headline, subheadline=headline, summary=headline)
    for path in (story.path, "/", "/local/", "/search/?q=news"):
        response = client.get(path or "")
        assert b"<script>alert" not in response.content
        assert b"<b>news" not in response.content
    article = news_article(client.get(story.path or ""))
    assert "</script>" in article["headline"]


def test_a_query_is_said_back_as_text(client: Client, newsroom: Newsroom) -> None:
    response = client.get("/search/", {"q": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    ("given", "canonical", "robots"),
    [
        ({}, None, "max-image-preview:large"),
        ({"noindex": True}, None, "noindex,max-image-preview:large"),
        (
            {"canonical": "source", "source_address": "https://halyard.example/1"},
            "https://halyard.example/1",
            "max-image-preview:large",
        ),
        ({"canonical": "source"}, None, "max-image-preview:large"),
        (
            {"visible_until": datetime(2099, 1, 2, 10, tzinfo=UTC)},
            None,
            "max-image-preview:large,unavailable_after:2099-01-02T03:00:00-07:00",
        ),
    ],
)
def test_the_feeds_policy_decides_what_search_engines_keep(
    client: Client,
    newsroom: Newsroom,
    given: dict[str, Any],
    canonical: str | None,
    robots: str,
) -> None:
    story = newsroom.wire_story(**given)
    root = page(client, story.path)
    link = only(root.xpath("//link[@rel='canonical']")).get("href")
    assert link == (canonical or f"http://testserver{story.path}")
    assert only(root.xpath("//meta[@name='robots']")).get("content") == robots


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "/feed.rss"),
        ("/local/", "/local/feed.rss"),
        ("/topics/politics/", "/topics/politics/feed.rss"),
        ("/authors/imani-castellane/", "/authors/imani-castellane/feed.rss"),
    ],
)
def test_each_list_names_its_feeds_and_they_answer(
    client: Client, newsroom: Newsroom, path: str, feed: str
) -> None:
    newsroom.story()
    found = page(client, path).xpath("//link[@rel='alternate']/@href")
    assert feed in found
    assert all(client.get(address).status_code == 200 for address in found)
