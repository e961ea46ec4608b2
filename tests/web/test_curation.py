"""Fronts and sections stand as editors arranged them, as far as the wire allows it now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Site

from tests.desk.newsroom import staff
from tests.stories.test_announced import heard
from tests.web.newsroom import Newsroom, draw_picture
from tests.web.reading import only, page, words
from wiredesk.delivery.models import Purge
from wiredesk.logbook.models import Entry
from wiredesk.stories.actions.pin_story import move_pin, pin_story, unpin_story
from wiredesk.stories.actions.write_bar import end_bar, write_bar
from wiredesk.stories.curated import bar_true_until
from wiredesk.stories.models import (
    BreakingBar,
    FrontPage,
    Pin,
    Placement,
    SectionPage,
    Story,
    StoryStanding,
)
from wiredesk.stories.signals import bar_changed, lists_changed
from wiredesk.web.breaking import BEGINS, ENDS, breaking_bar_html

State = StoryStanding.State


@pytest.fixture
def stories(newsroom: Newsroom) -> list[Story]:
    """Give twelve stories, the newest first."""
    return [
        newsroom.story(
            f"Story {number}",
            published_at=timezone.now() - timedelta(hours=number + 1),
            topics=[],
        )
        for number in range(12)
    ]


def pin(newsroom: Newsroom, story: Story, slot: str = "lead", **given: Any) -> Pin:
    given = {"page": newsroom.front, "by": None, **given}
    return pin_story(story=story, slot=slot, **given)


def lead(client: Client, path: str = "/") -> str:
    return words(only(page(client, path).cssselect(".card-lead .card-title")))


def beside(client: Client, path: str = "/") -> list[str]:
    titles = page(client, path).cssselect(".beside .card-title")
    return [words(title) for title in titles]


class TestPins:
    def test_a_pinned_story_leads_and_stands_nowhere_else_above(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        assert lead(client) == "Story 0"
        pin(newsroom, stories[9])
        assert lead(client) == "Story 9"
        assert "Story 9" not in beside(client)

    def test_editors_order_what_stands_beside_and_the_rule_fills_the_rest(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        pin(newsroom, stories[7], "beside")
        second = pin(newsroom, stories[8], "beside", first=False)
        assert beside(client)[:3] == ["Story 7", "Story 8", "Story 1"]
        move_pin(pin=second, to="up", by=None)
        assert beside(client)[:3] == ["Story 8", "Story 7", "Story 1"]
        move_pin(pin=second, to="up", by=None)
        unpin_story(pin=second, by=None)
        unpin_story(pin=second, by=None)
        assert beside(client)[:2] == ["Story 7", "Story 1"]

    def test_what_is_pinned_below_stands_there_even_without_a_picture(
        self, client: Client, newsroom: Newsroom, stories: list[Story], media: Path
    ) -> None:
        newsroom.story("Pictured", pictures=[draw_picture()], topics=[])
        for number in (3, 4):
            pin(newsroom, stories[number], "below", first=False)
        newsroom.story("Pictured too", pictures=[draw_picture()], topics=[])
        grid = page(client, "/").cssselect(".grid .card-title")
        assert [words(title) for title in grid][:2] == ["Story 3", "Story 4"]

    @pytest.mark.parametrize(
        "change",
        [
            {"state": State.WITHDRAWN},
            {"state": State.HELD},
            {"visible_until": timezone.now() - timedelta(minutes=1)},
            {"visible_from": timezone.now() + timedelta(hours=1)},
            {"listed_until": timezone.now() - timedelta(minutes=1)},
            {"expired_at": timezone.now() - timedelta(minutes=1)},
        ],
        ids=["withdrawn", "held", "ended", "embargoed", "unlisted", "once past"],
    )
    def test_the_slot_of_a_story_that_goes_dark_has_the_next_one_at_once(
        self,
        client: Client,
        newsroom: Newsroom,
        stories: list[Story],
        change: dict[str, Any],
    ) -> None:
        pin(newsroom, stories[6], first=False)
        pin(newsroom, stories[5])
        assert lead(client) == "Story 5"
        StoryStanding.objects.filter(story=stories[5]).update(**change)
        assert lead(client) == "Story 6"
        StoryStanding.objects.filter(story=stories[6]).update(**change)
        assert lead(client) == "Story 0"

    def test_a_pin_ends_by_the_clock(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        made = pin(newsroom, stories[5], until=timezone.now() + timedelta(hours=1))
        assert lead(client) == "Story 5"
        Pin.objects.filter(pk=made.pk).update(until=timezone.now())
        assert lead(client) == "Story 0"

    def test_a_story_that_leaves_the_site_leaves_its_slot(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        pin(newsroom, stories[5])
        Placement.objects.filter(story=stories[5]).delete()
        assert lead(client) == "Story 0"

    def test_a_section_has_its_own_pins_and_lists_nothing_twice(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        local = newsroom.sections["local"]
        pin(newsroom, stories[10], page=local)
        pin(newsroom, stories[11], "beside", page=local)
        root = page(client, "/local/")
        shown = [words(title) for title in root.cssselect(".card-title")]
        assert shown[:3] == ["Story 10", "Story 11", "Story 0"]
        assert sorted(shown) == sorted(story.headline for story in stories)
        assert lead(client) == "Story 0"

    def test_a_story_of_another_station_a_past_time_and_a_wrong_slot_are_refused(
        self, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        elsewhere = newsroom.story("Elsewhere")
        elsewhere.placements.all().delete()
        with pytest.raises(ValidationError, match="doesn't stand on this page's site"):
            pin(newsroom, elsewhere)
        with pytest.raises(ValidationError, match="time is past"):
            pin(newsroom, stories[0], until=timezone.now() - timedelta(seconds=1))
        with pytest.raises(ValidationError, match="no such slot"):
            pin(newsroom, stories[0], "below", page=newsroom.sections["local"])
        assert not Pin.objects.exists()

    def test_pinning_is_for_editors_and_stands_in_the_logbook(
        self, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        for role in ("reporter", "moderator", "engineer"):
            with pytest.raises(PermissionDenied):
                pin(newsroom, stories[0], by=staff(role))
        editor = staff("editor")
        made = pin(newsroom, stories[0], by=editor)
        pin(newsroom, stories[0], by=editor)
        unpin_story(pin=made, by=staff("desk-chief"))
        entries = Entry.objects.filter(thing=f"page:{newsroom.front.pk}")
        assert list(entries.order_by("pk").values_list("verb", "person__name")) == [
            ("pinned", "editor"),
            ("unpinned", "desk-chief"),
        ]

    def test_each_change_tells_which_page_to_ask_for_anew(
        self, newsroom: Newsroom, stories: list[Story], settings: Any
    ) -> None:
        settings.WIREDESK_VARNISH = ["http://127.0.0.1:1"]
        local = newsroom.sections["local"]
        Purge.objects.all().delete()
        with heard(lists_changed) as told:
            made = pin(newsroom, stories[0], page=local)
            unpin_story(pin=made, by=None)
        where = {
            "site_id": newsroom.site.pk,
            "page_ids": [local.pk],
            "paths": ["/local/"],
        }
        assert told == [where, where]
        keys = [purge.keys for purge in Purge.objects.all()]
        assert keys == [["list-local"], ["list-local"]]

    def test_a_pinned_story_that_changes_changes_the_page_it_is_pinned_on(
        self, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        from wiredesk.stories.actions.announce import announce

        politics = newsroom.sections["politics"]
        pin(newsroom, stories[0], page=politics)
        with heard(lists_changed) as told, transaction.atomic():
            announce([stories[0].pk])
            announce([stories[1].pk])
        assert [each["paths"] for each in told] == [["/politics/"]]


class TestRules:
    def test_a_front_may_be_filled_with_the_most_urgent_of_the_day(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        Story.objects.filter(pk=stories[8].pk).update(urgency=3)
        old = newsroom.story(
            "Old alarm", urgency=1, published_at=timezone.now() - timedelta(days=3)
        )
        FrontPage.objects.update(fill_by="urgency")
        assert lead(client) == "Story 8"
        assert old.headline not in beside(client)

    def test_a_front_may_be_filled_by_topic_and_then_the_newest(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        newsroom.story(
            "Council", published_at=timezone.now() - timedelta(days=9), section="arts"
        )
        FrontPage.objects.update(fill_by="topic", fill_topic=newsroom.topic)
        assert lead(client) == "Council"
        assert beside(client)[0] == "Story 0"

    def test_a_section_is_filled_by_topic_from_its_own_stories_alone(
        self, client: Client, newsroom: Newsroom, stories: list[Story]
    ) -> None:
        newsroom.story("Elsewhere", section="arts")
        newsroom.story("Here", published_at=timezone.now() - timedelta(days=9))
        SectionPage.objects.update(fill_by="topic", fill_topic=newsroom.topic)
        root = page(client, "/local/")
        shown = [words(title) for title in root.cssselect(".card-title")]
        assert shown[:2] == ["Here", "Story 0"]
        assert "Elsewhere" not in shown

    def test_a_page_filled_by_topic_needs_one(self, newsroom: Newsroom) -> None:
        newsroom.front.fill_by = "topic"
        with pytest.raises(ValidationError, match="Choose the topic"):
            newsroom.front.full_clean()


class TestBar:
    def write(self, newsroom: Newsroom, **given: Any) -> BreakingBar:
        until = timezone.now() + timedelta(hours=1)
        given = {"words": "The bridge is closed", "until": until, "by": None, **given}
        return write_bar(site=newsroom.site, **given)

    def bar(self, client: Client, path: str = "/", status: int = 200) -> str:
        found = page(client, path, status).cssselect(".breaking")
        return words(only(found)) if found else ""

    def test_it_stands_on_every_page_of_its_site_and_no_other(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        story = newsroom.wire_story()
        self.write(newsroom, story=story)
        said = "Breaking The bridge is closed"
        for path in ("/", "/local/", story.path, "/search/", "/about-us/"):
            assert self.bar(client, path or "") == said
        assert self.bar(client, "/nowhere/", 404) == said
        other = Site(hostname="other.example", root_page=newsroom.front)
        other.save()
        assert BEGINS in breaking_bar_html(other, timezone.now())
        assert "bridge" not in breaking_bar_html(other, timezone.now())

    def test_it_is_a_named_region_and_alarms_nobody_anew(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        self.write(newsroom)
        bar = only(page(client, "/").cssselect(".breaking"))
        assert bar.tag == "section"
        assert bar.get("aria-label") == "Breaking news"
        assert bar.get("role") is None

    def test_it_goes_by_the_clock_and_by_an_editor(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        self.write(newsroom)
        BreakingBar.objects.update(until=timezone.now())
        assert self.bar(client) == ""
        self.write(newsroom, words="Another")
        assert self.bar(client) == "Breaking Another"
        end_bar(site=newsroom.site, by=None)
        end_bar(site=newsroom.site, by=None)
        assert self.bar(client) == ""

    def test_it_goes_with_the_story_that_it_links(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        story = newsroom.wire_story()
        self.write(newsroom, story=story)
        assert self.bar(client)
        StoryStanding.objects.filter(story=story).update(state=State.WITHDRAWN)
        assert self.bar(client) == ""
        assert (story.path or "no path") not in client.get("/").content.decode()

    def test_a_kept_page_can_have_the_bar_put_in(
        self, client: Client, newsroom: Newsroom
    ) -> None:
        """The fragment by itself is what a page drawn anew would have."""
        story = newsroom.wire_story()
        before = client.get(story.path or "").content.decode()
        self.write(newsroom, story=story)
        after = client.get(story.path or "").content.decode()
        with translation.override("de"):
            fragment = breaking_bar_html(newsroom.site, timezone.now()).strip()
        head, _, rest = before.partition(BEGINS)
        tail = rest.partition(ENDS)[2]
        assert head + fragment + tail == after
        assert fragment.startswith(BEGINS)
        assert fragment.endswith(ENDS)

    def test_it_says_until_when_it_is_true(self, newsroom: Newsroom) -> None:
        now = timezone.now()
        assert bar_true_until(newsroom.site, now) is None
        soon, late = now + timedelta(minutes=5), now + timedelta(hours=1)
        story = newsroom.wire_story(visible_until=soon)
        self.write(newsroom, story=story, until=late)
        assert bar_true_until(newsroom.site, now) == soon
        self.write(newsroom, until=late)
        assert bar_true_until(newsroom.site, now) == late

    def test_a_cache_keeps_no_page_beyond_the_end_of_the_bar(
        self, client: Client, newsroom: Newsroom, settings: Any
    ) -> None:
        settings.WIREDESK_SURROGATE_SECONDS = 600
        self.write(newsroom, until=timezone.now() + timedelta(seconds=90))
        control = client.get("/")["Surrogate-Control"]
        assert int(control.removeprefix("max-age=")) <= 90

    def test_every_change_of_it_says_so(self, newsroom: Newsroom) -> None:
        with heard(bar_changed) as told:
            self.write(newsroom, until=(until := timezone.now() + timedelta(hours=2)))
            self.write(newsroom, until=until)
            end_bar(site=newsroom.site, by=None)
        assert told == [{"site_id": newsroom.site.pk}] * 2

    def test_who_may_write_it_and_what_it_may_say(self, newsroom: Newsroom) -> None:
        with pytest.raises(PermissionDenied):
            self.write(newsroom, by=staff("reporter"))
        for wrong in (
            {"words": "  "},
            {"words": "x" * 141},
            {"until": timezone.now()},
        ):
            with pytest.raises(ValidationError):
                self.write(newsroom, **wrong)
        self.write(newsroom, by=staff("editor"), words="<b>Storm</b>  \n & wind")
        assert "&lt;b&gt;Storm&lt;/b&gt; &amp; wind" in breaking_bar_html(
            newsroom.site, timezone.now()
        )
