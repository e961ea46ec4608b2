"""Lists name what the public may see, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Site

from tests.stories.wires import a_message, story_of, take
from wiredesk.stories import queries
from wiredesk.stories.models import Author, SectionPage
from wiredesk.topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    found: Site = Site.objects.get(is_default_site=True)
    return found


def test_every_list_loses_a_killed_story_at_once(site: Site) -> None:
    section = SectionPage(title="Politics", slug="politics")
    site.root_page.add_child(instance=section)
    take(a_message(media_topics=["11000000"]))
    politics = Topic.objects.get(code="11000000")
    desk = Author.objects.get(kind="agency")

    def lists() -> list[list[int]]:
        return [
            [story.pk for story in found]
            for found in (
                queries.newest(site),
                queries.in_sections([section.pk]),
                queries.on_topic(politics),
                queries.by_authors([desk.pk]),
            )
        ]

    assert lists() == [[story_of().pk]] * 4
    take(a_message(version="2", status="canceled"))
    assert lists() == [[]] * 4


def test_the_newest_story_leads(site: Site) -> None:
    take(*(a_message(f"urn:meridian:{number}") for number in range(4)))
    found = [story.pk for story in queries.newest(site, limit=3)]
    assert found == [story_of(f"urn:meridian:{number}").pk for number in (3, 2, 1)]


def test_an_embargoed_story_joins_the_lists_by_the_clock(site: Site) -> None:
    lifts = timezone.now() + timedelta(hours=1)
    take(a_message(status="embargoed", embargoed_until=lifts))
    assert not queries.newest(site, lifts - timedelta(seconds=1))
    assert queries.newest(site, lifts)


def test_soft_expiry_leaves_the_page_and_empties_the_lists(site: Site) -> None:
    ends = timezone.now() + timedelta(hours=1)
    take(a_message(expires=ends, policy={"hard_expiry": False}))
    assert queries.newest(site)
    assert not queries.newest(site, ends)
    assert story_of() in type(story_of()).objects.public(ends)


def test_status_says_what_a_standing_follows_from() -> None:
    assert queries.status("urn:meridian:1") == []
    take(a_message(), a_message(version="2", status="canceled"))
    (found,) = queries.status("urn:meridian:1")
    assert found.standing.state == "withdrawn"
    assert "version 2" in found.standing.reason
    assert found.url == story_of().path
    assert [row["decides"] for row in found.messages] == [False, True]


def test_a_batch_costs_the_same_queries_whatever_its_size(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    from tests.stories.wires import save
    from wiredesk.stories.actions.settle import settle

    take(a_message("urn:meridian:0"))
    for count in (5, 60):
        saved = save(*(a_message(f"urn:meridian:{count}:{n}") for n in range(count)))
        with django_assert_max_num_queries(45):
            settle(saved)
