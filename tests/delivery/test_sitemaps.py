"""Sitemaps name what search engines may keep, all of it and nothing else, and truly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from tests.delivery.conftest import Newsroom
from wiredesk.delivery.models import LastChange
from wiredesk.delivery.robots import security_contacts
from wiredesk.delivery.sitemaps import contents
from wiredesk.stories.models import (
    Correction,
    Placement,
    StandingPage,
    StationSettings,
    Story,
    StoryStanding,
)

SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
NEWS = "/sitemaps/news.xml"


def read(client: Client, path: str) -> etree._Element:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def said(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=SPACES)
    assert isinstance(found, list)
    return [str(one.text) for one in found if isinstance(one, etree._Element)]


def paths(client: Client, path: str) -> list[str]:
    return [
        address.removeprefix("http://testserver")
        for address in said(read(client, path), "//s:loc")
    ]


def part(story: Story) -> str:
    return f"/sitemaps/stories-{contents.part_of(story.pk)}.xml"


def test_the_index_leads_to_every_public_story_and_page(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.site.root_page.add_child(
        instance=StandingPage(title="About", slug="about")
    )
    story = newsroom.story()
    listed = paths(client, "/sitemap.xml")
    assert listed == ["/sitemaps/pages.xml", NEWS, part(story)]
    found = [path for one in listed for path in paths(client, one)]
    assert {
        "/",
        "/politics/",
        "/about/",
        "/corrections/",
        "/topics/elections/",
        "/authors/iva-brandt/",
        story.path,
    } <= set(found)
    for path in found:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "given",
    [
        {"noindex": True},
        {"canonical": "source", "source_address": "https://meridian.example/1"},
        {"state": StoryStanding.State.HELD},
        {"state": StoryStanding.State.WITHDRAWN},
        {"visible_from": timezone.now() + timedelta(days=400)},
        {"visible_until": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_search_engines_may_not_keep_is_on_no_sitemap(
    client: Client, newsroom: Newsroom, given: dict[str, Any]
) -> None:
    shown = newsroom.story()
    hidden = newsroom.story("Not for search engines", **given)
    assert contents.part_of(shown.pk) == contents.part_of(hidden.pk)
    assert paths(client, part(shown)) == [shown.path]
    assert paths(client, NEWS) == [shown.path]


def test_a_source_that_names_no_address_leaves_the_story_to_us(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story(canonical="source")
    assert paths(client, part(story)) == [story.path]


def test_a_story_of_another_site_is_not_on_ours(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    Placement.objects.filter(story=story).delete()
    assert client.get(part(story)).status_code == 404
    assert paths(client, NEWS) == []


def test_a_story_says_when_it_last_changed_corrections_too(
    client: Client, newsroom: Newsroom
) -> None:
    first = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    newsroom.story(published_at=first)
    newsroom.story(published_at=first, updated_at=first + timedelta(hours=1))
    story = newsroom.story(published_at=first)
    Correction.objects.create(story=story, text="Two.", at=first + timedelta(hours=2))
    taken_back = first + timedelta(hours=3)
    Correction.objects.create(story=story, text="3", at=taken_back, ended_at=taken_back)
    assert said(read(client, part(story)), "//s:lastmod") == [
        "2026-03-04T05:06:07+00:00",
        "2026-03-04T06:06:07+00:00",
        "2026-03-04T07:06:07+00:00",
    ]


def test_a_kill_is_a_change_of_the_file_it_leaves(
    client: Client, newsroom: Newsroom
) -> None:
    newsroom.story("It stays")
    story = newsroom.story()
    old = timezone.now() - timedelta(days=3)
    LastChange.objects.update(at=old)
    address = f"http://testserver{part(story)}"
    changed = f"//s:sitemap[s:loc='{address}']/s:lastmod"
    assert said(read(client, "/sitemap.xml"), changed) == [
        old.astimezone(UTC).isoformat(timespec="seconds")
    ]
    newsroom.withdraw(story)
    (now,) = said(read(client, "/sitemap.xml"), changed)
    assert timezone.now() - datetime.fromisoformat(now) < timedelta(minutes=1)


def test_an_older_install_knows_of_each_smaller_file_when_it_changed(db: None) -> None:
    migration = import_module("wiredesk.delivery.migrations.0006_smaller_sitemaps")
    LastChange.objects.all().delete()
    now = timezone.now()
    times = {1: now, 2: now - timedelta(hours=1), 4: now - timedelta(hours=2)}
    LastChange.objects.bulk_create(
        LastChange(pk=key, at=at) for key, at in times.items()
    )
    migration.divide(apps, None)
    divided = dict(LastChange.objects.values_list("pk", "at"))
    assert divided == {
        1: times[1],
        **dict.fromkeys(range(2, 7), times[2]),
        **dict.fromkeys(range(12, 17), times[4]),
    }
    migration.join(apps, None)
    assert dict(LastChange.objects.values_list("pk", "at")) == times


def test_news_is_news_for_two_days_by_the_clock(newsroom: Newsroom) -> None:
    story = newsroom.story()
    at = story.published_at
    assert at is not None

    def named(after: timedelta) -> list[int]:
        return contents.news(newsroom.site, at + after)

    assert named(timedelta(hours=47, minutes=59)) == [story.pk]
    assert named(timedelta(hours=48, minutes=1)) == []
    assert named(timedelta(seconds=-1)) == []


def test_what_is_served_as_news_ends_after_two_days(
    client: Client, newsroom: Newsroom
) -> None:
    now = timezone.now()
    for hours, minutes in ((47, 59), (48, 1)):
        newsroom.story(
            f"{hours}:{minutes:02}",
            published_at=now - timedelta(hours=hours, minutes=minutes),
            updated_at=now,  # an update makes no old story news again
        )
    root = read(client, NEWS)
    assert said(root, "//n:title") == ["47:59"]
    (published,) = said(root, "//n:publication_date")
    published_at = datetime.fromisoformat(published)
    assert published_at == (now - timedelta(hours=47, minutes=59)).replace(
        microsecond=0
    )


def test_news_names_the_publication_exactly(client: Client, newsroom: Newsroom) -> None:
    StationSettings.objects.update(name="Lake & City <News>", language="en-GB")
    newsroom.story("Is </news:title> & \u2028 “true”?")
    root = read(client, NEWS)
    assert said(root, "//n:publication/n:name") == ["Lake & City <News>"]
    assert said(root, "//n:publication/n:language") == ["en"]
    assert said(root, "//n:title") == ["Is </news:title> & “true”?"]


def many(newsroom: Newsroom, count: int, *, at: datetime) -> list[int]:
    """Write rows by the thousand, as one import does."""
    stories = Story.objects.bulk_create(
        Story(headline=f"Story {n}", slug="story", published_at=at, updated_at=at)
        for n in range(count)
    )
    for story in stories:
        story.path = f"/2026/11/23/story-{story.pk}/"
    Story.objects.bulk_update(stories, ["path"], batch_size=400)
    live = StoryStanding.State.LIVE
    StoryStanding.objects.bulk_create(
        StoryStanding(story=story, state=live, since=at) for story in stories
    )
    Placement.objects.bulk_create(
        Placement(story=story, site=newsroom.site, sort_at=at) for story in stories
    )
    return [story.pk for story in stories]


def test_a_thousand_and_one_stories_take_more_than_one_file_of_news(
    client: Client, newsroom: Newsroom
) -> None:
    numbers = many(newsroom, 1001, at=timezone.now() - timedelta(hours=1))
    listed = paths(client, "/sitemap.xml")
    # Of one age, so that the highest numbers count as newest: the first is left over.
    further = f"/sitemaps/news-{contents.part_of(numbers[0])}.xml"
    assert [one for one in listed if "/news" in one] == [NEWS, further]
    first = paths(client, NEWS)
    assert len(first) == 1000
    assert len(paths(client, further)) <= 1000
    assert len({*first, *paths(client, further)}) == 1001


def test_a_story_is_in_the_same_file_of_news_however_many_come(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    own = f"/sitemaps/news-{contents.part_of(story.pk)}.xml"
    assert own not in paths(client, "/sitemap.xml")  # the first names it already
    assert paths(client, own) == [story.path]
    beyond = f"/sitemaps/news-{contents.part_of(story.pk) + 1}.xml"
    assert client.get(beyond).status_code == 404
    newsroom.withdraw(story)
    assert client.get(own).status_code == 404


def test_the_archive_costs_a_query_a_file_and_no_counting_through(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = many(newsroom, 40, at=timezone.now() - timedelta(days=9))
    monkeypatch.setattr(contents, "PART", 10)
    client.get("/sitemap.xml")  # what is asked for once a process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        listed = paths(client, "/sitemap.xml")
    files = [path for path in listed if "stories-" in path]
    assert len(files) == len({number // 10 for number in numbers})
    assert len(asked) <= len(files) + 10
    assert not any("OFFSET" in query["sql"] for query in asked)
    found = [path for one in reversed(files) for path in paths(client, one)]
    assert found == [f"/2026/11/23/story-{number}/" for number in numbers]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans alone")
def test_an_archive_is_neither_sorted_nor_read_for_two_days_of_news(
    newsroom: Newsroom,
) -> None:
    now = timezone.now()
    first = contents.numbers_from([newsroom.site.pk], [5000], now).explain()
    assert "TEMP B-TREE" not in first
    recent = contents.recent_stories([newsroom.site.pk], now).explain()
    assert "published_at>? AND published_at<?" in recent


@pytest.mark.parametrize(
    "path",
    [
        "/sitemaps/stories-00.xml",
        "/sitemaps/stories-7777777.xml",
        "/sitemaps/stories--1.xml",
        "/sitemaps/news-00.xml",
        "/sitemaps/news-7777777.xml",
        "/sitemaps/news-x.xml",
        "/sitemaps/news-99999999999999999999.xml",
    ],
)
def test_no_other_address_is_a_sitemap(
    client: Client, newsroom: Newsroom, path: str
) -> None:
    newsroom.story()
    assert client.get(path).status_code == 404


def test_a_sitemap_that_is_unchanged_costs_no_body(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.story()
    for path in ("/sitemap.xml", "/sitemaps/pages.xml", NEWS, part(story)):
        etag = client.get(path)["ETag"]
        again = client.get(path, headers={"if-none-match": etag})
        assert again.status_code == 304, path


# --- robots.txt and security.txt ------------------------------------------------------


def test_robots_find_the_sitemaps_and_keep_off_the_desk(
    client: Client, newsroom: Newsroom
) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert "Disallow: /desk/" in lines
    named = [line.removeprefix("Sitemap: ") for line in lines if "Sitemap:" in line]
    assert named == [
        "http://testserver/sitemap.xml",
        "http://testserver/sitemaps/news.xml",
    ]


def test_who_finds_a_hole_is_told_whom_to_tell(
    client: Client, newsroom: Newsroom, settings: Any
) -> None:
    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    StationSettings.objects.update(contact_mail="desk@lake.example")
    lines = client.get(address).content.decode().splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    assert told["Contact"] == "mailto:desk@lake.example"
    assert told["Canonical"] == f"http://testserver{address}"
    ahead = datetime.fromisoformat(told["Expires"]) - timezone.now()
    assert timedelta(days=30) < ahead < timedelta(days=365)
    settings.WIREDESK_SECURITY_CONTACT = [
        "https://lake.example/holes",
        "tel:+1-555-0100",
    ]
    text = client.get(address).content.decode()
    assert "Contact: https://lake.example/holes\nContact: tel:+1-555-0100\n" in text
    assert "desk@lake.example" not in text


def test_a_contact_nobody_can_use_stops_the_start(settings: Any) -> None:
    settings.WIREDESK_SECURITY_CONTACT = ["security@lake.example"]
    with pytest.raises(ImproperlyConfigured, match="mailto:"):
        security_contacts()
