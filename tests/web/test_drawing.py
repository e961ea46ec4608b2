"""Drawing a page costs little, and what is kept from one drawing to the next is true."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import format_html
from lxml.html import document_fromstring
from wagtail.models import PageViewRestriction, Site

from tests.store.drawing import drawing, drawn
from tests.web.newsroom import Newsroom, build_newsroom, draw_picture
from wiredesk.delivery.purge.keys import story_key
from wiredesk.delivery.store.asked import remembering
from wiredesk.delivery.store.clock import slot_of
from wiredesk.lib import places
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.write_bar import end_bar, write_bar
from wiredesk.stories.models import (
    Author,
    FrontPage,
    Picture,
    SectionPage,
    StationSettings,
    Story,
    StoryAuthor,
    StoryStanding,
)
from wiredesk.topics.models import Topic
from wiredesk.web.frame import Link, frame_for
from wiredesk.web.places import FOOTER
from wiredesk.web.views.search import SearchForm

WITHDRAWN = {"state": StoryStanding.State.WITHDRAWN, "was_public": True}
SECTIONS = ("Harbour", "Science", "Schools", "Courts", "Gardens", "Islands")


def test_a_front_of_many_sections_filled_by_topic_asks_the_database_little(
    client: Client,
    newsroom: Newsroom,
    media: Path,
    django_assert_max_num_queries: Any,
) -> None:
    for name in SECTIONS:
        newsroom.sections[name] = newsroom.front.add_child(
            instance=SectionPage(title=name, slug=name.lower())
        )
    picture = draw_picture()
    for number in range(60):
        section = list(newsroom.sections)[number % len(newsroom.sections)]
        newsroom.story(f"Story {number}", section=section, pictures=[picture])
    FrontPage.objects.update(fill_by="topic", fill_topic=newsroom.topic)
    client.get("/")  # content types and site paths are asked for once a process
    with django_assert_max_num_queries(20):
        page = client.get("/").content.decode()
    assert page.count('class="block"') == 7
    with django_assert_max_num_queries(20):
        assert drawn("/")[0] == 200


def test_a_story_drawn_for_the_store_asks_no_more_than_its_own(
    newsroom: Newsroom, media: Path, django_assert_max_num_queries: Any
) -> None:
    story = newsroom.wire_story(pictures=[draw_picture()])
    drawn("/")
    with django_assert_max_num_queries(11):
        status, page = drawn(story.path or "")
    assert status == 200
    assert story.headline in page


def test_a_card_shows_at_once_what_changed_in_it(
    client: Client, newsroom: Newsroom, media: Path
) -> None:
    story = newsroom.story("The ferry sails", pictures=[draw_picture()])
    for _ in range(2):
        assert 'width="777"' not in client.get("/").content.decode()
    Picture.objects.update(width=777, height=600)
    assert 'width="777"' in client.get("/").content.decode()
    Story.objects.filter(pk=story.pk).update(headline="The ferry stays", urgency=1)
    page = client.get("/").content.decode()
    assert "The ferry sails" not in page
    assert "label-breaking" in page
    Story.objects.filter(pk=story.pk).update(published_at=timezone.now().replace(2024))
    assert "2024" in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_section_found_once_is_no_longer_found_when_it_is_private_or_gone() -> None:
    newsroom = build_newsroom()
    newsroom.story("The ferry sails")
    section = newsroom.sections["local"]
    for _ in range(2):
        status, page = drawn("/local/")
        assert (status, "The ferry sails" in page) == (200, True)
    limit = PageViewRestriction.objects.create(
        page=section, restriction_type=PageViewRestriction.LOGIN
    )
    status, page = drawn("/local/")
    assert (status, "The ferry sails" in page) == (302, False)
    limit.delete()
    assert drawn("/local/")[0] == 200
    section.unpublish()
    assert drawn("/local/")[0] == 404


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_what_says_a_story_is_gone_is_drawn_once_unless_others_draw_around_it() -> None:
    newsroom = build_newsroom()
    gone = [newsroom.story(f"Case {number}", **WITHDRAWN) for number in range(3)]
    drawn(gone[0].path or "")  # the frame is kept from here on
    rendered: list[str] = []

    def note(template: Any, **_: Any) -> None:
        rendered.append(template.name)

    template_rendered.connect(note)
    pages = [drawn(story.path or "") for story in gone]
    assert [status for status, _ in pages] == [410] * 3
    assert len(set(pages)) == 1
    template_rendered.disconnect(note)
    assert rendered == []
    places.register(
        FOOTER,
        "test",
        lambda context: format_html("<p>{}</p>", context["request"].path),
    )
    try:
        for story in gone:
            status, page = drawn(story.path or "")
            assert (status, f"<p>{story.path}</p>" in page) == (410, True)
    finally:
        places.unregister(FOOTER, "test")
    assert drawn(gone[0].path or "") == pages[0]
    station = StationSettings.objects.get()
    station.name = "The Other Beacon"
    station.save()
    assert "The Other Beacon" in drawn(gone[0].path or "")[1]


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_what_stands_around_a_search_is_read_once_and_never_old(client: Client) -> None:
    build_newsroom()
    path = "/search/?q=xylophone"
    first = queries_of(client, path)
    # The site, its station, its pages; what may be chosen in three fields, and whether
    # others have more; the bar, and what it hangs on.
    assert queries_of(client, path) == first - 10
    station = StationSettings.objects.get()
    station.name = "The Other Beacon"
    station.save()
    section = SectionPage.objects.get(slug="weather")
    section.title = "Tides"
    section.save_revision().publish()
    page = client.get(path).content.decode()
    assert "The Other Beacon" in page
    assert "Orrin Sound 9" not in page
    assert ">Tides</option>" in page


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_a_search_names_the_sections_of_its_own_frame(rf: RequestFactory) -> None:
    build_newsroom()
    with remembering():
        frame = frame_for(rf.get("/search/"))
        # One that began before a section had another name, and what is kept of it.
        assert ">Tides<" not in SearchForm(QueryDict("q=a"), frame).narrowing()
        later = replace(frame, sections=(Link("Tides", "/tides/", 7),), drawn={})
        assert ">Tides<" in SearchForm(QueryDict("q=a"), later).narrowing()


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_the_bar_above_a_search_is_the_one_that_stands_at_the_moment(
    client: Client,
) -> None:
    newsroom = build_newsroom()
    story = newsroom.story()

    def has_bar(words: str) -> bool:
        answers = {
            words in client.get("/search/?q=xylophone").content.decode()
            for _ in range(2)
        }
        assert len(answers) == 1
        return answers.pop()

    soon = timezone.now() + timedelta(seconds=3)
    assert not has_bar("Bridge shut")
    write_bar(site=newsroom.site, words="Bridge shut", until=soon, by=None)
    assert has_bar("Bridge shut") or timezone.now() >= soon
    while timezone.now() < soon:
        time.sleep(0.05)
    assert not has_bar("Bridge shut")
    write_bar(
        site=newsroom.site,
        words="Fleet home",
        until=soon + timedelta(days=1),
        by=None,
        story=story,
    )
    assert has_bar("Fleet home")
    for state, is_seen in (("withdrawn", False), ("live", True)):
        with transaction.atomic():
            StoryStanding.objects.filter(pk=story.pk).update(state=state)
            announce([story.pk])
        assert has_bar("Fleet home") is is_seen
    end_bar(site=newsroom.site, by=None)
    assert not has_bar("Fleet home")


def choices(client: Client, name: str) -> list[str]:
    page = document_fromstring(client.get("/search/").content)
    return [
        option.text_content() for option in page.cssselect(f"#search-{name} option")
    ][1:]


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_whoever_writes_first_can_be_chosen_in_a_search_at_once(client: Client) -> None:
    newsroom = build_newsroom()
    newsroom.story()
    author = Author.objects.create(name="Ada Rowe", slug="ada-rowe")
    topic = Topic.objects.create(name="Harbours", slug="harbours", public=True)
    before = choices(client, "author"), choices(client, "topic")
    story = newsroom.story(
        authors=[newsroom.author, author], topics=[newsroom.topic, topic]
    )
    assert choices(client, "author") == sorted([*before[0], "Ada Rowe"])
    assert choices(client, "topic") == sorted([*before[1], "Harbours"])
    author.name = "Ada Rowe-Finch"
    author.save()
    assert choices(client, "author") == sorted([*before[0], "Ada Rowe-Finch"])
    assert choices(client, "topic") == sorted([*before[1], "Harbours"])
    topic.public = False
    topic.save()
    assert choices(client, "topic") == before[1]
    with transaction.atomic():
        StoryAuthor.objects.filter(author=author).delete()
        announce([story.pk])
    assert choices(client, "author") == before[0]


HOUR = timedelta(hours=1)
NOT_SHOWN: dict[str, Callable[[], dict[str, Any]]] = {
    "a draft": dict,
    "under embargo": lambda: {"visible_from": timezone.now() + HOUR},
    "killed": lambda: WITHDRAWN,
    "expired": lambda: {"visible_until": timezone.now() - HOUR, "was_public": True},
    "on another station": lambda: {"was_public": True},
}


@pytest.mark.parametrize("why", NOT_SHOWN)
def test_nobody_and_nothing_is_named_in_a_search_but_by_a_story_that_shows(
    client: Client, newsroom: Newsroom, why: str
) -> None:
    named: dict[str, Author | Topic] = {
        "author": Author.objects.create(name="Ada Rowe", slug="ada-rowe"),
        "topic": Topic.objects.create(name="Harbours", slug="harbours", public=True),
        "agency": Author.objects.create(
            name="Heron News", slug="heron", source="heron", kind=Author.Kind.AGENCY
        ),
    }
    signed: dict[str, Any] = {
        "authors": [named["author"], named["agency"]],
        "topics": [named["topic"]],
    }
    story = newsroom.story(**signed, **{"was_public": False, **NOT_SHOWN[why]()})
    if why == "a draft":
        StoryStanding.objects.filter(pk=story.pk).delete()
    if why == "on another station":
        root = newsroom.front.get_parent()
        front = root.add_child(instance=FrontPage(title="Coast", slug="coast"))
        other = Site.objects.create(hostname="coast.example", root_page=front)
        with transaction.atomic():
            story.placements.update(site=other, section=None)
            announce([story.pk])
    for field, one in named.items():
        assert one.name not in choices(client, field)
        # Of what never was out, not even that there is such a one; else nothing is found.
        answer = client.get(f"/search/?{field}={one.slug}").content.decode()
        is_unknown = why in {"a draft", "under embargo"}
        assert ("not one of the available choices" in answer) is is_unknown
        status = client.get(f"/api/stories/?{field}={one.slug}").status_code
        assert status == (400 if is_unknown else 200)
        assert story.headline not in answer
    newsroom.story(**signed)
    for field, one in named.items():
        assert one.name in choices(client, field)
        answer = client.get(f"/search/?{field}={one.slug}").content.decode()
        assert "not one of the available choices" not in answer


@pytest.mark.usefixtures("own_clock")
@pytest.mark.django_db(transaction=True)
def test_a_search_at_another_port_brings_no_other_station_into_kept_pages(
    client: Client,
) -> None:
    newsroom = build_newsroom()
    root = newsroom.front.get_parent()
    elsewhere = root.add_child(instance=FrontPage(title="Elsewhere", slug="elsewhere"))
    other = Site.objects.create(
        hostname="testserver", port=8000, root_page=elsewhere, site_name="Elsewhere"
    )
    StationSettings.objects.create(site=other, name="The Other Beacon")
    page = client.get("/search/", SERVER_PORT="8000").content.decode()
    assert "The Other Beacon" in page
    assert "Orrin Sound 9" in drawn("/")[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("why", ["there is no store", "the clock can't be read"])
def test_where_nobody_tells_of_changes_nothing_is_remembered_for_a_search(
    settings: Any, tmp_path: Path, client: Client, why: str
) -> None:
    build_newsroom()
    settings.WIREDESK_RUN = tmp_path
    if why == "there is no store":
        settings.WIREDESK_STORE_MEMORY = 0
    else:
        (tmp_path / "store").write_text("In the way.")
    path = "/search/?q=xylophone"
    assert queries_of(client, path) == queries_of(client, path)
    StationSettings.objects.update(name="The Other Beacon")  # past all actions
    assert "The Other Beacon" in client.get(path).content.decode()


@pytest.mark.parametrize("standing", [{}, WITHDRAWN], ids=["live", "withdrawn"])
def test_by_whatever_address_a_story_is_asked_for_its_change_ends_the_answer(
    newsroom: Newsroom, standing: dict[str, Any]
) -> None:
    story = newsroom.story("The ferry sails", **standing)
    path, number = story.path or "", story.pk
    kept = []
    for address in (
        path,
        path.rstrip("/"),
        f"/2026/1/2/other-words-{number}/",
        f"/2026/1/2/{number}",
        f"{path}history/",
        f"{path}history",
        f"/api/stories/{number}/",
    ):
        answer = drawing(address)
        if answer.may_be_kept:
            kept.append(answer.status)
            assert slot_of(story_key(number)) in answer.strict, address
    assert len(kept) >= 5
