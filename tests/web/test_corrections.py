"""What a reader is told was wrong: with the story, in feeds, and all on one page."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from lxml import etree
from lxml import html as lxml_html

from tests.web.newsroom import Newsroom
from wiredesk.delivery.surfaces import surfaces
from wiredesk.stories.models import (
    Correction,
    StandingPage,
    StationSettings,
    Story,
    StoryStanding,
)

if TYPE_CHECKING:
    from django.test import Client
    from lxml.html import HtmlElement

WRONG = "It was 410 yards, not 140."
ATOM = "{http://www.w3.org/2005/Atom}"


def page(client: Client, path: str, status: int = 200) -> HtmlElement:
    response = client.get(path)
    assert response.status_code == status
    return lxml_html.fromstring(response.content)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def corrected(newsroom: Newsroom, text: str = WRONG, **given: Any) -> Story:
    story = newsroom.wire_story(**given)
    Correction.objects.create(story=story, text=text, at=timezone.now())
    return story


def withdraw(story: Story) -> None:
    StoryStanding.objects.filter(story=story).update(
        state=StoryStanding.State.WITHDRAWN
    )


@pytest.mark.parametrize("place", ["top", "foot"])
def test_the_newsroom_says_where_a_correction_stands(
    client: Client, newsroom: Newsroom, place: str
) -> None:
    StationSettings.objects.update(corrections_at=place)
    story = corrected(newsroom)
    article = page(client, story.path or "").cssselect("article.story")[0]
    (box,) = article.cssselect(".corrections")
    text = words(article)
    assert WRONG in words(box)
    assert box.cssselect("time")
    assert (text.index(WRONG) < text.index("The county closed")) is (place == "top")
    # Whoever reads only the top is told where to look.
    assert bool(article.cssselect(".times a[href='#corrections']")) is (place == "foot")


def test_a_correction_without_words_is_said_plainly_and_in_the_stations_language(
    client: Client, newsroom: Newsroom
) -> None:
    story = corrected(newsroom, text="", language="fi")
    (box,) = page(client, story.path or "").cssselect(".corrections")
    (said,) = box.cssselect(".correction-text")
    assert words(said) == "This story has been corrected."
    assert box.get("lang") == "en"
    assert said.get("lang") is None


def test_what_went_with_a_kill_is_not_said_again(
    client: Client, newsroom: Newsroom
) -> None:
    story = corrected(newsroom)
    Correction.objects.update(ended_at=timezone.now())
    for path in (story.path or "", "/corrections/", "/feed.rss", "/feed.json"):
        assert WRONG not in client.get(path).content.decode(), path


def test_machines_read_the_same_correction_as_people(
    client: Client, newsroom: Newsroom
) -> None:
    story = corrected(newsroom)
    root = page(client, story.path or "")
    (script,) = root.cssselect("script[type='application/ld+json']")
    (said,) = json.loads(script.text_content())["correction"]
    shown = root.cssselect(".correction time")[0].get("datetime")
    assert said == {
        "@type": "CorrectionComment",
        "text": WRONG,
        "datePublished": shown,
    }


@pytest.mark.parametrize("mode", ["full", "excerpt"])
@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_every_feed_of_stories_carries_the_correction(
    client: Client, newsroom: Newsroom, kind: str, mode: str
) -> None:
    corrected(newsroom, feed_mode=mode)
    assert f"Correction: {WRONG}" in client.get(f"/feed.{kind}").content.decode()


def test_a_feed_that_may_only_give_headlines_gives_no_agencys_words(
    client: Client, newsroom: Newsroom
) -> None:
    corrected(newsroom, feed_mode="headline")
    assert WRONG not in client.get("/feed.rss").content.decode()


def test_a_correction_makes_an_entry_new_for_whoever_follows_a_feed(
    client: Client, newsroom: Newsroom
) -> None:
    corrected(newsroom)
    at = Correction.objects.get().at
    root = etree.fromstring(client.get("/feed.atom").content)
    (updated,) = root.findall(f"{ATOM}entry/{ATOM}updated")
    assert updated.text == at.isoformat(timespec="seconds")


# --- the page of all ------------------------------------------------------------------


def test_all_corrections_stand_on_one_page_newest_first(
    client: Client, newsroom: Newsroom
) -> None:
    for hours, text in ((3, "The oldest."), (1, "The newest."), (2, "The middle.")):
        story = newsroom.wire_story(headline=f"Story of {text}")
        at = timezone.now() - timedelta(hours=hours)
        Correction.objects.create(story=story, text=text, at=at)
    root = page(client, "/corrections/")
    entries = root.cssselect(".correction-entry")
    assert [words(each.cssselect(".correction-text")[0]) for each in entries] == [
        "The newest.",
        "The middle.",
        "The oldest.",
    ]
    link = entries[0].cssselect("a")[0]
    assert words(link) == "Story of The newest."
    assert client.get(link.get("href") or "").status_code == 200
    (foot,) = root.cssselect(".site-foot a[href='/corrections/']")
    assert words(foot) == "Corrections"


def test_a_withdrawn_storys_corrections_are_not_there(
    client: Client, newsroom: Newsroom
) -> None:
    story = corrected(newsroom)
    assert WRONG in client.get("/corrections/").content.decode()
    withdraw(story)
    for path in ("/corrections/", "/corrections/feed.rss", "/corrections/feed.atom"):
        said = client.get(path).content.decode()
        assert WRONG not in said
        assert story.headline not in said


def test_the_list_goes_on_page_by_page(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.wire_story()
    now = timezone.now()
    Correction.objects.bulk_create(
        Correction(story=story, text=f"Number {n}.", at=now - timedelta(minutes=n))
        for n in range(25)
    )
    first, second = page(client, "/corrections/"), page(client, "/corrections/?page=2")
    assert len(first.cssselect(".correction-entry")) == 20
    assert len(second.cssselect(".correction-entry")) == 5
    assert words(first.cssselect(".pager a")[0]).startswith("Older corrections")
    for path in ("?page=3", "?page=0", "?page=x"):
        page(client, f"/corrections/{path}", 404)


def test_the_page_of_corrections_costs_the_same_for_one_and_twenty(
    client: Client, newsroom: Newsroom, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        corrected(newsroom)
    with django_assert_max_num_queries(8):
        page(client, "/corrections/")


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_corrections_have_a_feed_of_their_own(
    client: Client, newsroom: Newsroom, kind: str
) -> None:
    story = corrected(newsroom)
    corrected(newsroom, text="Barred from feeds.", feed_mode="none")
    answer = client.get(f"/corrections/feed.{kind}")
    said = answer.content.decode()
    assert WRONG in said
    assert f"Correction: {story.headline}" in said
    assert (story.path or "?") in said
    assert "Barred" not in said
    assert answer["X-Robots-Tag"] == "noindex"
    linked = page(client, "/corrections/").cssselect("link[rel='alternate']")
    if kind != "json":
        assert f"/corrections/feed.{kind}" in [each.get("href") for each in linked]


def test_another_stations_corrections_are_not_ours(
    client: Client, newsroom: Newsroom
) -> None:
    story = corrected(newsroom)
    story.placements.all().delete()
    assert WRONG not in client.get("/corrections/").content.decode()


def test_the_newsrooms_policy_is_one_step_away(
    client: Client, newsroom: Newsroom
) -> None:
    root = page(client, "/corrections/")
    (link,) = root.cssselect(".page-intro a")
    assert link.get("href") == "/corrections-policy/"
    # A policy that has this very address is printed here: nobody could reach it else.
    policy = StandingPage.objects.get(purpose="corrections")
    policy.slug = "corrections"
    policy.save_revision().publish()
    root = page(client, "/corrections/")
    assert "By mail." in words(root.cssselect("#policy")[0])
    assert root.cssselect(".page-intro a")[0].get("href") == "#policy"


def test_a_killed_story_leaves_every_surface_of_corrections(
    client: Client, newsroom: Newsroom
) -> None:
    story = corrected(newsroom)
    own = [each for each in surfaces() if each.name.startswith("corrections")]
    assert {each.name for each in own} == {
        "corrections",
        "corrections rss",
        "corrections atom",
        "corrections json",
    }
    now = timezone.now()
    assert all(each.shows(story, now) for each in own)
    addresses = [url for each in own for url in each.urls_of(story)]
    assert len(addresses) == len(own)
    withdraw(story)
    assert not any(each.shows(story, now) for each in own)
    for address in addresses:
        path = "/" + address.split("/", 3)[3]
        assert WRONG not in client.get(path).content.decode()
