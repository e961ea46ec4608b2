"""What lists, search and the other public pages promise, on a real database through Django's client."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.html import format_html
from lxml import html as lxml_html

from tests.web.newsroom import PARAGRAPHS, Newsroom, draw_picture
from tests.web.reading import only, page, words
from wiredesk.lib import places
from wiredesk.stories.models import (
    Author,
    SectionPage,
    StationSettings,
    StoryStanding,
)
from wiredesk.stories.preview import draw_preview
from wiredesk.web.checks import places_exist
from wiredesk.web.places import PLACES

if TYPE_CHECKING:
    from django.test import Client


HELD = StoryStanding.State.HELD
STORY_CEILING = 14 * 1024  # bytes of HTML and CSS, compressed
STYLES_CEILING = 30 * 1024  # bytes of CSS as it is written


# --- languages ----------------------------------------------------------------------------


def test_an_arabic_story_runs_from_right_to_left_in_our_page(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story("أمواج عالية", language="ar", body="<p>نص</p>")
    root = page(client, story.path)
    assert (root.get("lang"), root.get("dir")) == ("en", "ltr")
    article = only(root.cssselect("article.story"))
    assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")
    ours = only(root.cssselect(".story-foot"))
    assert (ours.get("lang"), ours.get("dir")) == ("en", "ltr")
    title = page(client, "/local/").cssselect(".card-title")[0]
    assert (title.get("lang"), title.get("dir")) == ("ar", "rtl")


def test_the_page_speaks_the_stations_language(
    client: Client, newsroom: Newsroom
) -> None:
    from wiredesk.stories.models import StationSettings

    StationSettings.objects.update(language="de", time_zone="Nowhere/At_all")
    story = newsroom.story(
        published_at=datetime.fromisoformat("2026-03-05T09:00:00+00:00")
    )
    root = page(client, story.path)
    assert root.get("lang") == "de"
    assert "5. März 2026" in words(only(root.cssselect(".times")))


# --- lists ----------------------------------------------------------------------------------


def test_a_list_is_read_page_by_page_with_none_lost_or_twice(
    client: Client, newsroom: Newsroom
) -> None:
    for number in range(45):
        newsroom.story(
            f"Story {number}",
            published_at=timezone.now() - timedelta(minutes=number),
        )
    seen: list[str] = []
    path = "/local/"
    while path:
        root = page(client, path)
        titles = root.cssselect(".section-top .card-title, .stream .card-title")
        seen += [words(title) for title in titles]
        older = root.xpath("//a[@rel='next']/@href")
        path = older[0] if older else ""
    assert seen == [f"Story {number}" for number in range(45)]
    canonical = page(client, "/local/?page=2").xpath("//link[@rel='canonical']/@href")
    assert canonical == ["http://testserver/local/?page=2"]


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "501", "1e3", "٢", ""])
def test_a_page_that_is_not_there_is_not_found(
    client: Client, newsroom: Newsroom, number: str
) -> None:
    newsroom.story()
    for path in ("/local/", "/topics/politics/", "/authors/imani-castellane/"):
        assert client.get(path, {"page": number}).status_code == 404


def test_the_most_urgent_story_leads_for_its_first_hours(
    client: Client, newsroom: Newsroom
) -> None:
    now = timezone.now()
    newsroom.story("An old flash", urgency=1, published_at=now - timedelta(hours=20))
    newsroom.story("A flash", urgency=1, published_at=now - timedelta(hours=3))
    newsroom.story("Something urgent", urgency=2, published_at=now)
    newsroom.story("The newest", published_at=now)
    root = page(client, "/")
    lead = only(root.cssselect(".card-lead"))
    assert words(only(lead.cssselect(".card-title"))) == "A flash"
    assert words(only(lead.cssselect(".label"))) == "Breaking"
    assert "An old flash" in words(root)
    assert len(root.cssselect(".label-breaking")) == 1


def test_a_front_without_a_story_says_so(client: Client, newsroom: Newsroom) -> None:
    assert "The first story is on its way." in words(page(client, "/"))


# --- search -----------------------------------------------------------------------------------


def test_search_finds_by_words_and_filters_and_nobody_keeps_it(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.wire_story(section="weather")
    newsroom.story("A bridge to somewhere else", section="local", topics=[])
    response = client.get("/search/", {"q": "bridge"})
    assert response["Cache-Control"] == "no-store"
    assert "2 stories" in words(lxml_html.fromstring(response.content))
    for narrow in (
        {"topic": "politics"},
        {"agency": "halyard-desk"},
        {"section": str(newsroom.sections["weather"].pk)},
    ):
        root = lxml_html.fromstring(
            client.get("/search/", {"q": "bridge", **narrow}).content
        )
        assert "1 story" in words(root), narrow
        assert root.cssselect("details[open]")


def test_search_is_narrowed_to_an_author_and_ordered_by_real_form_controls(
    client: Client, newsroom: Newsroom
) -> None:
    other = Author.objects.create(name="Bo Lowe", slug="bo-lowe")
    Author.objects.create(name="Nobody Yet", slug="nobody-yet")
    old = timezone.now() - timedelta(days=2)
    best = newsroom.story("Bridge, bridge and bridge", published_at=old)
    newest = newsroom.story("Council meets", body="<p>On the bridge.</p>")
    newsroom.story("A bridge elsewhere", authors=[other], published_at=old)

    def found(**asked: str) -> list[str]:
        root = page(client, f"/search/?{urlencode({'q': 'bridge', **asked})}")
        return [words(title) for title in root.cssselect(".stream .card-title")]

    assert found()[0] == newest.headline
    assert found(order="newest")[0] == newest.headline
    assert found(order="best")[0] == best.headline
    assert found(order="nonsense")[0] == newest.headline
    assert found(author="bo-lowe") == ["A bridge elsewhere"]
    assert found(author="nobody-there") == []
    form = only(page(client, "/search/?q=bridge&order=best").cssselect("main form"))
    authors = [words(each) for each in form.cssselect("#search-author option")]
    assert authors == ["All authors", "Bo Lowe", "Imani Castellane"]
    assert only(form.cssselect("[name=order]:checked")).get("value") == "best"
    for field in form.cssselect("input, select"):
        assert form.cssselect(f'label[for="{field.get("id")}"]'), field.get("name")


def test_a_page_of_an_answer_leads_to_the_next_with_all_that_was_asked(
    client: Client, newsroom: Newsroom
) -> None:
    for number in range(25):
        newsroom.story(f"Bridge {number}")
    asked = "q=bridge&order=best&author=imani-castellane"
    root = page(client, f"/search/?{asked}")
    older = str(only(root.xpath("//a[@rel='next']")).get("href"))
    assert set(older.partition("?")[2].split("&")) == {*asked.split("&"), "page=2"}
    assert len(page(client, older).cssselect(".stream .card-title")) == 5


def test_a_choice_keeps_what_was_chosen_and_says_names_back_as_text(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.topic.name = "<b>Bridges</b> & locks"
    newsroom.topic.save()
    newsroom.story()
    root = page(client, "/search/?topic=politics")
    chosen = only(root.cssselect("#search-topic option[selected]"))
    assert chosen.get("value") == "politics"
    assert words(chosen) == newsroom.topic.name


def test_search_by_a_day_means_the_stations_day(
    client: Client, newsroom: Newsroom
) -> None:
    at = datetime.fromisoformat("2026-11-23T01:30:00+00:00")
    newsroom.story("Sunday evening here", published_at=at)
    for day, found in (("2026-11-22", True), ("2026-11-23", False)):
        root = page(client, f"/search/?since={day}&until={day}")
        assert ("Sunday evening here" in words(root)) is found


def test_a_search_tells_when_in_the_stations_zone_and_language(
    client: Client, newsroom: Newsroom
) -> None:
    StationSettings.objects.update(language="de")
    at = datetime.fromisoformat("2024-03-23T01:30:00+00:00")
    newsroom.story("Friday evening here", published_at=at)
    (said,) = page(client, "/search/?q=friday").cssselect(".stream time")
    assert said.get("datetime") == "2024-03-22T19:30:00-06:00"
    assert words(said) == "22. März 2024"


@pytest.mark.parametrize(
    "question",
    [
        "q=" + "x" * 300,
        "topic=none",
        "since=yesterday",
        "section=x",
        "until=9999-12-31&since=0001-01-01",
    ],
)
def test_a_question_that_makes_no_sense_is_answered_kindly(
    client: Client, newsroom: Newsroom, question: str
) -> None:
    assert client.get(f"/search/?{question}").status_code == 200


# --- places, errors, bounds -----------------------------------------------------------------------


def test_an_empty_place_leaves_no_trace_and_a_filled_one_shows(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    before = client.get(story.path or "").content.decode()
    assert "comment" not in before.lower()
    for place in PLACES:
        places.register(
            place, "test", lambda context: format_html("<p>{}</p>", "<filled>")
        )
    try:
        after = client.get(story.path or "").content.decode()
        assert after.count("<p>&lt;filled&gt;</p>") == 6
        assert places_exist() == []
        places.register("nowhere", "test", lambda context: format_html("{}", ""))
        assert [error.id for error in places_exist()] == ["web.E001"]
    finally:
        for place in (*PLACES, "nowhere"):
            places.unregister(place, "test")


def test_an_editor_sees_a_draft_as_its_page_would_be(
    rf: Any, newsroom: Newsroom
) -> None:
    story = newsroom.story("A draft", state=HELD)
    draft = type(story)(headline="Never saved", body=[], language="en")
    for each in (story, draft):
        answer = draw_preview(each, rf.get("/desk/preview/"))
        assert each.headline in answer.content.decode()
        assert "noindex" in answer.content.decode()


def test_an_editor_sees_a_page_of_the_tree_before_it_is_saved(
    rf: Any, newsroom: Newsroom
) -> None:
    section = SectionPage(title="Harbour", slug="harbour")
    section.set_url_path(newsroom.front)
    for each in (section, newsroom.sections["local"], newsroom.front):
        answer = each.serve_preview(rf.get("/desk/preview/"), "")
        assert answer.status_code == 200


def test_the_error_page_needs_no_database(client: Client, settings: Any) -> None:
    from django.test import RequestFactory

    from wiredesk.web.views.errors import server_error

    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"Something broke" in response.content


def test_a_form_that_nobody_was_given_is_refused_on_a_page_of_ours(
    newsroom: Newsroom,
) -> None:
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/politics/", {"q": "x"})
    assert response.status_code == 403
    assert "web/look" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_host_without_a_site_gets_a_bare_page(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.site.delete()
    assert client.get("/").status_code == 404


def test_an_author_no_story_names_has_a_page_all_the_same(
    client: Client, newsroom: Newsroom
) -> None:
    Author.objects.create(name="Øyvind d'Arc-Låg", slug="oyvind")
    root = page(client, "/authors/oyvind/")
    assert words(only(root.cssselect(".portrait-letters"))) == "ØD"


def test_pages_ask_the_database_little(
    client: Client,
    newsroom: Newsroom,
    media: Path,
    django_assert_max_num_queries: Any,
) -> None:
    picture = draw_picture()
    for name in ("Harbour", "Science", "Schools"):
        newsroom.sections[name] = newsroom.front.add_child(
            instance=SectionPage(title=name, slug=name.lower())
        )
    for number in range(90):
        newsroom.story(
            f"Story {number}",
            section=list(newsroom.sections)[number % 9],
            pictures=[picture],
        )
    second = Author.objects.create(name="Bo Lowe", slug="bo-lowe", photo=picture)
    story = newsroom.wire_story(
        pictures=[picture, picture], authors=[newsroom.author, second, newsroom.desk]
    )
    bounds = {
        story.path: 12,
        "/": 20,
        "/local/": 17,
        "/topics/politics/": 8,
        "/authors/halyard-desk/": 8,
        "/search/?q=story": 12,
        "/nowhere/": 6,
    }
    for path, most in bounds.items():
        client.get(
            path or ""
        )  # content types and site paths are asked for once a process
        with django_assert_max_num_queries(most):
            client.get(path or "")


def test_a_text_story_with_its_styles_is_small(
    client: Client, newsroom: Newsroom
) -> None:
    path = finders.find("web/look.css")
    assert isinstance(path, str)
    styles = Path(path).read_bytes()
    assert len(styles) <= STYLES_CEILING
    for number in range(6):
        newsroom.story(f"A story number {number}")
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS * 3)
    response = client.get(newsroom.wire_story(body=body).path or "")
    size = len(brotli.compress(response.content)) + len(brotli.compress(styles))
    assert size <= STORY_CEILING


def test_no_template_has_a_style_or_a_handler_of_its_own(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.wire_story()
    for path in (story.path, "/", "/search/?q=a", "/styleguide/", "/about-us/"):
        text = client.get(path or "").content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), path
        scripts = re.findall(r"<script[^>]*>", text)
        assert set(scripts) <= {'<script type="application/ld+json">'}
        for block in re.findall(r"ld\+json\">(.*?)</script>", text):
            json.loads(block)
