"""A story on several stations: each shows it, and all name one address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from tests.web.newsroom import Newsroom
from wiredesk.delivery.sitemaps.contents import named
from wiredesk.stories.models import (
    Author,
    FrontPage,
    Placement,
    StationSettings,
    Story,
    StoryAuthor,
    StoryStanding,
    StoryTopic,
)
from wiredesk.stories.queries import are_few, authors_on, topics_on
from wiredesk.topics.models import Topic


@pytest.fixture
def other(newsroom: Newsroom, settings: Any) -> Site:
    """Give a second station beside the first."""
    settings.ALLOWED_HOSTS = ["testserver", "coast.example"]
    root = Page.get_first_root_node()
    assert root is not None
    front = root.add_child(instance=FrontPage(title="Coast", slug="coast"))
    site: Site = Site.objects.create(hostname="coast.example", root_page=front)
    StationSettings.objects.create(site=site, name="Coast 4")
    return site


def canonical(client: Client, story: Story, host: str) -> str:
    page = client.get(story.path or "", headers={"host": host}).content.decode()
    address = f"http://{host}{story.path}"
    assert f'"url":"{address}"' in page, "each station names its own page"
    links = [line for line in page.splitlines() if 'rel="canonical"' in line]
    address = links[0].partition('href="')[2].partition('"')[0]
    assert f'"@id":"{address}"' in page
    assert f'"og:url" content="{address}"' in page
    return address


def test_a_story_on_two_stations_has_one_canonical_address(
    client: Client, newsroom: Newsroom, other: Site
) -> None:
    story = newsroom.story()
    Placement.objects.create(story=story, site=other, canonical=False)
    home = f"http://testserver{story.path}"
    assert canonical(client, story, "testserver") == home
    assert canonical(client, story, "coast.example") == home
    now = timezone.now()
    assert list(named([newsroom.site.pk], now)) == [story]
    assert not named([other.pk], now).exists(), "a sitemap names what is at home there"


def test_an_editor_may_make_another_station_a_storys_home(
    client: Client, newsroom: Newsroom, other: Site
) -> None:
    story = newsroom.story()
    story.placements.update(canonical=False)
    Placement.objects.create(story=story, site=other, canonical=True)
    home = f"http://coast.example{story.path}"
    assert canonical(client, story, "testserver") == home
    assert canonical(client, story, "coast.example") == home


def test_the_sources_address_stays_the_canonical_one_where_its_contract_says_so(
    client: Client, newsroom: Newsroom, other: Site
) -> None:
    source = "https://halyard.example/gale"
    story = newsroom.wire_story(canonical="source", source_address=source)
    Placement.objects.create(story=story, site=other, canonical=False)
    for host in ("testserver", "coast.example"):
        assert canonical(client, story, host) == source


def test_a_small_station_beside_a_large_one_names_what_its_own_stories_do(
    client: Client, newsroom: Newsroom, other: Site
) -> None:
    for _ in range(4):
        newsroom.story()
    shown, gone = newsroom.story(), newsroom.story()
    for story, name in ((shown, "Harbours"), (gone, "Quarries")):
        topic = Topic.objects.create(name=name, slug=name.lower(), public=True)
        StoryTopic.objects.create(story=story, topic=topic)
        author = Author.objects.create(name=f"Ada of {name}", slug=f"ada-{name}")
        StoryAuthor.objects.create(story=story, author=author)
        story.placements.update(site=other, section=None)
    StoryStanding.objects.filter(pk=gone.pk).update(state="withdrawn")
    sites = {True: [other.pk], False: [newsroom.site.pk]}
    for is_small, each in sites.items():
        assert are_few(each) is is_small
        for named_on in (topics_on, authors_on):
            assert set(named_on(each, few=True)) == set(named_on(each))
    page = client.get("/search/", headers={"host": "coast.example"}).content.decode()
    assert "Ada of Harbours" in page
    assert "Quarries" not in page
