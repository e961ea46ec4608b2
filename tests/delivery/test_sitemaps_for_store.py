"""Of a sitemap that is drawn anew only what changed is written anew, and nothing old is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from tests.delivery.conftest import Newsroom
from tests.store.drawing import text_of
from wiredesk.delivery.sitemaps import contents, known
from wiredesk.delivery.sites import station_of
from wiredesk.stories.actions.write_correction import write_correction
from wiredesk.stories.models import Correction, StationSettings, Story
from wiredesk.stories.signals import stories_changed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_clock"),
]
NEWS = "/sitemaps/news.xml"


@pytest.fixture
def story(newsroom: Newsroom) -> Story:
    story = newsroom.story("Ferry returns")
    for path in (NEWS, file_of(story)):
        assert str(story.path) in text_of(path)
    return story


def file_of(story: Story) -> str:
    return f"/sitemaps/stories-{contents.part_of(story.pk)}.xml"


def stories_read(path: str) -> int:
    """Give how many queries asked for stories' addresses."""
    with CaptureQueriesContext(connection) as asked:
        text_of(path)
    return sum(
        'SELECT "stories_story"."id" AS "pk", "stories_story"."path"' in each["sql"]
        for each in asked
    )


def test_a_sitemap_reads_the_lines_of_new_stories_alone(
    newsroom: Newsroom, story: Story
) -> None:
    assert [stories_read(path) for path in (NEWS, file_of(story))] == [0, 0]
    newer = newsroom.story("Bridge opens")
    assert [stories_read(path) for path in (NEWS, file_of(newer))] == [1, 1]
    assert [stories_read(path) for path in (NEWS, file_of(newer))] == [0, 0]
    assert text_of(NEWS).index("Bridge opens") < text_of(NEWS).index("Ferry returns")


def change_headline(story: Story) -> tuple[str, str]:
    Story.objects.filter(pk=story.pk).update(headline="Ferry <stays> & waits")
    stories_changed.send(sender=Story, story_ids=[story.pk])
    return NEWS, "<news:title>Ferry &lt;stays&gt; &amp; waits</news:title>"


def correct(story: Story) -> tuple[str, str]:
    write_correction(story=story, text="Another pier was named.", by=None)
    at = Correction.objects.get().at
    return file_of(story), f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>"


def rename_the_station(story: Story) -> tuple[str, str]:
    station = StationSettings.objects.get()
    station.name = "Lakeside & Hills"
    station.save()
    return NEWS, "<news:name>Lakeside &amp; Hills</news:name>"


def move_the_station(story: Story) -> tuple[str, str]:
    site = StationSettings.objects.get().site
    site.hostname = "lake.example"
    site.save()
    return file_of(story), f"<loc>http://lake.example{story.path}</loc>"


CHANGES = (change_headline, correct, rename_the_station, move_the_station)


@pytest.mark.parametrize("change", CHANGES)
def test_a_sitemap_shows_at_once_what_changed_in_a_story(
    story: Story, change: Callable[[Story], tuple[str, str]]
) -> None:
    path, words = change(story)
    assert words in text_of(path)


def test_a_line_made_of_what_was_read_before_a_change_is_not_known(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.story("Ferry returns")
    once = iter([rename_the_station])

    def read_then_renamed(site: Site) -> StationSettings:
        station = station_of(site)
        for rename in once:
            rename(Story())
        return station

    monkeypatch.setattr(known, "station_of", read_then_renamed)
    assert "Lakeside" not in text_of(NEWS)
    assert "<news:name>Lakeside &amp; Hills</news:name>" in text_of(NEWS)


def test_what_is_withdrawn_is_on_no_sitemap_though_its_line_is_known(
    newsroom: Newsroom, story: Story
) -> None:
    other = newsroom.story("Bridge opens")
    newsroom.withdraw(story)
    for path in (NEWS, file_of(other)):
        assert str(story.path) not in text_of(path)
        assert str(other.path) in text_of(path)
