"""Whatever changes a public page says so, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.dispatch import Signal
from django.test import Client
from wagtail.models import Site

from tests.desk.newsroom import desk_of
from tests.web.newsroom import Newsroom, build_newsroom
from wiredesk.delivery.models import Purge
from wiredesk.stories.models import Author, SectionPage, StandingPage, StationSettings
from wiredesk.stories.signals import frame_changed
from wiredesk.topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return build_newsroom()


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    """Collect what the signal carries, and that it came inside a transaction."""
    told: list[dict[str, Any]] = []
    depth = len(connection.savepoint_ids)

    def hear(sender: Any, signal: Any, **carried: Any) -> None:
        assert len(connection.savepoint_ids) > depth
        told.append(carried)

    signal.connect(hear)
    try:
        yield told
    finally:
        signal.disconnect(hear)


@pytest.mark.parametrize("verb", ["publish", "unpublish", "move", "delete"])
def test_a_section_that_changes_for_readers_changes_the_frame_of_its_site(
    newsroom: Newsroom, verb: str
) -> None:
    section = newsroom.sections["local"]
    section.title = "Around here"
    revision = section.save_revision()
    with heard(frame_changed) as told:
        if verb == "publish":
            revision.publish()
        elif verb == "unpublish":
            section.unpublish()
        elif verb == "move":
            section.move(newsroom.front, pos="last-child")
        else:
            SectionPage.objects.get(pk=section.pk).delete()
    assert told
    assert all(each == {"site_ids": [newsroom.site.pk]} for each in told)


def test_a_draft_changes_nothing_for_readers(newsroom: Newsroom) -> None:
    page = StandingPage.objects.get(slug="about-us")
    page.title = "About this station"
    with heard(frame_changed) as told:
        page.save_revision()
    assert told == []


def test_what_the_desk_says_of_station_topic_author_and_site_changes_the_frame(
    newsroom: Newsroom,
) -> None:
    chief = desk_of("desk-chief")
    topic, author = newsroom.topic, newsroom.author
    forms: dict[str, dict[str, Any]] = {
        f"/desk/settings/stories/stationsettings/{newsroom.site.pk}/": {
            "name": "Orrin Sound 10",
            "language": "en",
            "time_zone": "UTC",
            "corrections_at": "foot",
        },
        f"/desk/topics/edit/{topic.pk}/": {
            "name": "City Hall",
            "slug": topic.slug,
            "public": "on",
            **formset("rules"),
        },
        f"/desk/authors/edit/{author.pk}/": {
            "name": "Imani C. Castellane",
            "slug": author.slug,
            "kind": "staff",
            **formset("names"),
        },
    }
    for address, values in forms.items():
        with heard(frame_changed) as told:
            answer = chief.post(address, values)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        assert told, address
    assert StationSettings.objects.get().name == "Orrin Sound 10"
    assert Topic.objects.get(pk=topic.pk).name == "City Hall"
    assert Author.objects.get(pk=author.pk).name == "Imani C. Castellane"

    site = Site.objects.get(pk=newsroom.site.pk)
    site.port = 8080
    with heard(frame_changed) as told:
        site.save()
    assert told == [{"site_ids": [site.pk]}]


def test_a_changed_frame_is_dropped_from_every_page_a_cache_keeps(
    newsroom: Newsroom, client: Client, settings: Any
) -> None:
    settings.WIREDESK_VARNISH = ["http://127.0.0.1:1"]
    settings.WIREDESK_SURROGATE_SECONDS = 60
    story = newsroom.story()
    Purge.objects.all().delete()
    newsroom.sections["local"].save()
    (purge,) = Purge.objects.all()
    for path in ("/", "/local/", story.path or "", "/feed.rss"):
        kept_under = client.get(path)[settings.WIREDESK_SURROGATE_HEADER].split()
        assert set(purge.keys) & set(kept_under), path


def test_a_change_of_the_frame_that_is_undone_purges_nothing(
    newsroom: Newsroom, settings: Any
) -> None:
    settings.WIREDESK_VARNISH = ["http://127.0.0.1:1"]

    def fail_after_the_change() -> None:
        with transaction.atomic():
            newsroom.author.save()
            assert Purge.objects.exists()
            raise RuntimeError

    Purge.objects.all().delete()
    with pytest.raises(RuntimeError):
        fail_after_the_change()
    assert not Purge.objects.exists()


def formset(name: str) -> dict[str, str]:
    """Give an inline form without rows."""
    counts = {"TOTAL": "0", "INITIAL": "0", "MIN_NUM": "0", "MAX_NUM": "1000"}
    return {f"{name}-{key}_FORMS": value for key, value in counts.items()}
