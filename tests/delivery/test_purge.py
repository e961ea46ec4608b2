"""Outside caches hear of every change, of what went dark first, and nothing is lost."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from tests.delivery.caches import SmallCache, small_cache
from tests.delivery.conftest import Newsroom
from wiredesk.delivery.models import Purge, Withdrawal
from wiredesk.delivery.purge.drain import Drain
from wiredesk.delivery.purge.targets import all_targets
from wiredesk.delivery.surrogate import end_of
from wiredesk.logbook.models import Alarm, Entry
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.models import (
    FrontPage,
    Picture,
    Placement,
    Story,
    StoryStanding,
)
from wiredesk.stories.signals import stories_changed


@pytest.fixture
def cache() -> Iterator[SmallCache]:
    with small_cache() as cache:
        yield cache


@pytest.fixture
def varnish(cache: SmallCache, settings: Any) -> SmallCache:
    settings.WIREDESK_VARNISH = [cache.address]
    return cache


@pytest.fixture
def story(newsroom: Newsroom) -> Story:
    return newsroom.story("Ferry returns to Harbour Street")


def make_due() -> None:
    Purge.objects.filter(done_at=None).update(due_at=timezone.now())


def test_a_kill_tells_the_cache_to_drop_the_story_its_pictures_and_every_list(
    newsroom: Newsroom, varnish: SmallCache, draw: Callable[..., Picture]
) -> None:
    leading, inside = draw(), draw(1200, 900)
    story = newsroom.story(
        pictures=[leading],
        blocks=[{"type": "picture", "value": {"picture": inside.pk, "caption": ""}}],
    )
    Drain().finish()
    varnish.told.clear()
    newsroom.withdraw(story)
    Drain().finish()
    (keys,) = varnish.asked_keys()
    assert {
        f"story-{story.pk}",
        f"picture-{leading.pk}",
        f"picture-{inside.pk}",
        "list-front",
        "list-politics",
        "list-topics-elections",
        "list-authors-iva-brandt",
    } <= set(keys)
    assert {told.method for told in varnish.told} == {"BAN"}


def test_a_change_that_is_undone_purges_nothing(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    Purge.objects.all().delete()

    def fail_after_the_kill() -> None:
        with transaction.atomic():
            newsroom.withdraw(story)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_the_kill()
    assert not Purge.objects.exists()
    assert not Withdrawal.objects.exists()


def test_the_word_of_a_kill_goes_before_all_that_only_refreshes(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    Purge.objects.all().delete()
    others = [newsroom.story(f"Another story of the day {n}") for n in range(5)]
    newsroom.withdraw(story)
    Drain().finish()
    first, *rest = varnish.asked_keys()
    assert f"story-{story.pk}" in first
    assert not any(f"story-{other.pk}" in first for other in others)
    # What may wait is told in one request.
    assert len(rest) == 1
    assert all(f"story-{other.pk}" in rest[0] for other in others)


def test_a_kill_is_purged_once_more_after_answers_under_way_have_ended(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    newsroom.withdraw(story)
    Drain().finish()
    (waiting,) = Purge.objects.filter(done_at=None)
    assert waiting.first
    assert waiting.due_at - waiting.written_at >= timedelta(seconds=5)
    make_due()
    Drain().finish()
    assert sum(f"story-{story.pk}" in keys for keys in varnish.asked_keys()) >= 2
    assert not Purge.objects.filter(done_at=None).exists()


def test_a_cache_that_is_down_is_told_when_it_is_back_even_by_another_worker(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    varnish.status = 503
    newsroom.withdraw(story)
    for _attempt in range(3):
        make_due()
        Drain().finish()
    row = Purge.objects.filter(first=True).order_by("pk")[0]
    assert row.done_at is None
    assert row.attempts == 3
    assert row.due_at > timezone.now()  # not at once, and not never
    varnish.status = 200
    make_due()
    Drain().finish()
    row = Purge.objects.get(pk=row.pk)
    assert row.done_at is not None
    assert [attempt["status"] for attempt in row.history] == [503, 503, 503, 200]
    assert Entry.objects.filter(verb="purged", thing=f"story:{story.pk}").exists()


def test_pauses_between_attempts_grow_and_end_at_a_quarter_of_a_minute(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    varnish.status = 500
    newsroom.withdraw(story)
    pauses = []
    for _attempt in range(12):
        make_due()
        Drain().finish()
        row = Purge.objects.filter(first=True, attempts__gt=0).order_by("pk")[0]
        pauses.append((row.due_at - timezone.now()).total_seconds())
    assert pauses[0] <= 0.5
    assert 5 <= pauses[-1] <= 15


def test_the_desk_is_told_of_a_cache_that_fails_for_half_a_minute_until_it_hears(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    varnish.status = 503
    newsroom.withdraw(story)
    drain = Drain()
    drain.finish()
    assert not Alarm.objects.filter(cleared_at=None).exists()
    Purge.objects.update(written_at=timezone.now() - timedelta(seconds=31))
    make_due()
    drain.watch_due = 0
    drain.finish()
    drain.watch_due = 0
    drain.look()
    alarm = Alarm.objects.get(cleared_at=None)
    assert varnish.address in alarm.text
    varnish.status = 200
    make_due()
    drain.finish()
    drain.watch_due = 0
    drain.look()
    assert not Alarm.objects.filter(cleared_at=None).exists()


def test_one_cache_that_hangs_keeps_no_other_from_hearing_of_a_kill(
    newsroom: Newsroom, varnish: SmallCache, settings: Any, story: Story
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes, and never answers
        address = f"http://127.0.0.1:{mute.getsockname()[1]}"
        settings.WIREDESK_VARNISH = [address, varnish.address]
        newsroom.withdraw(story)
        drain = Drain()
        began = time.monotonic()
        while not varnish.told and time.monotonic() - began < 3:
            drain.look()
            time.sleep(0.01)
        assert f"story-{story.pk}" in varnish.asked_keys()[0]
        assert address in drain.errands


def test_a_cache_taken_out_of_the_settings_is_waited_for_no_longer(
    newsroom: Newsroom, varnish: SmallCache, settings: Any, story: Story
) -> None:
    newsroom.withdraw(story)
    settings.WIREDESK_VARNISH = []
    make_due()
    Drain().finish()
    assert varnish.told == []
    row = Purge.objects.filter(first=True)[0]
    assert row.done_at is not None
    assert "no longer name" in row.history[0]["failure"]


def test_any_other_cache_is_told_in_its_own_words(
    newsroom: Newsroom, cache: SmallCache, settings: Any, story: Story
) -> None:
    settings.WIREDESK_PURGE_URL = f"{cache.address}/zones/7/purge"
    settings.WIREDESK_PURGE_METHOD = "POST"
    settings.WIREDESK_PURGE_HEADERS = ["Authorization: Bearer s3cret", "X-Keys: {keys}"]
    settings.WIREDESK_PURGE_BODY = '{"tags": {json}}'
    settings.WIREDESK_PURGE_KEYS = 2
    newsroom.withdraw(story)
    Drain().finish()
    tags = [json.loads(told.body)["tags"] for told in cache.told]
    assert max(map(len, tags)) == 2
    assert f"story-{story.pk}" in [key for some in tags for key in some]
    told = cache.told[0]
    assert (told.method, told.path) == ("POST", "/zones/7/purge")
    assert told.headers["authorization"] == "Bearer s3cret"
    assert told.headers["x-keys"].split() == tags[0]
    assert "s3cret" not in Purge.objects.filter(first=True)[0].target


def test_a_cache_that_takes_one_key_in_the_address_gets_them_one_by_one(
    newsroom: Newsroom, cache: SmallCache, settings: Any, story: Story
) -> None:
    settings.WIREDESK_PURGE_URL = cache.address + "/purge/{key}"
    settings.WIREDESK_PURGE_METHOD = "PURGE"
    newsroom.withdraw(story)
    Drain().finish()
    assert f"/purge/story-{story.pk}" in [told.path for told in cache.told]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WIREDESK_VARNISH", ["varnish.example:6081"]),
        ("WIREDESK_PURGE_URL", "https://cdn.example/purge"),  # says nowhere which keys
        ("WIREDESK_PURGE_URL", "ftp://cdn.example/{key}"),
        ("WIREDESK_INDEXNOW_KEY", "short"),
    ],
)
def test_settings_that_can_not_be_used_are_refused_by_name(
    name: str, value: object, settings: Any
) -> None:
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        all_targets()


# --- what answers say to a cache ------------------------------------------------------


def test_an_answer_names_every_story_and_picture_on_it(
    client: Client,
    newsroom: Newsroom,
    settings: Any,
    draw: Callable[..., Picture],
) -> None:
    settings.WIREDESK_SURROGATE_SECONDS = 300
    picture = draw()
    stories = [
        newsroom.story(f"Story number {n}", pictures=[picture]) for n in range(3)
    ]
    for path in ("/", "/politics/", "/topics/elections/", "/feed.rss", "/feed.json"):
        answer = client.get(path)
        keys = answer["Surrogate-Key"].split()
        assert {f"story-{story.pk}" for story in stories} <= set(keys), path
        assert answer["Surrogate-Control"] == "max-age=300", path
        assert answer["Cache-Control"] == "no-cache", path
    assert "list-topics-elections" in client.get("/topics/elections/")["Surrogate-Key"]
    own = client.get(str(stories[0].path))["Surrogate-Key"].split()
    assert {f"story-{stories[0].pk}", f"picture-{picture.pk}"} <= set(own)
    file = client.get(f"/pictures/{picture.pk}/320.webp")
    assert f"picture-{picture.pk}" in file["Surrogate-Key"].split()


def test_a_cache_is_told_nothing_unless_the_engineer_set_one_up(
    client: Client, story: Story
) -> None:
    for path in ("/", str(story.path), "/feed.rss"):
        assert "Surrogate-Control" not in client.get(path)
        assert "Surrogate-Key" not in client.get(path)


def test_what_nobody_may_keep_is_never_marked_for_a_cache(
    client: Client, newsroom: Newsroom, settings: Any, story: Story
) -> None:
    settings.WIREDESK_SURROGATE_SECONDS = 300
    newsroom.withdraw(story)
    for path in (str(story.path), "/search/?q=ferry", "/nothing-here/", "/desk/login/"):
        answer = client.get(path)
        assert "Surrogate-Control" not in answer, path


def test_a_cache_keeps_no_page_beyond_the_end_of_a_story(
    client: Client, newsroom: Newsroom, settings: Any
) -> None:
    settings.WIREDESK_SURROGATE_SECONDS = 300
    now = timezone.now()
    newsroom.story("Ends soon", visible_until=now + timedelta(seconds=40))
    age = int(client.get("/")["Surrogate-Control"].removeprefix("max-age="))
    assert 10 <= age <= 20  # half of what is left: it is kept here as well
    newsroom.story(
        "Begins sooner",
        visible_from=now + timedelta(seconds=20),
        published_at=now + timedelta(seconds=20),
    )
    age = int(client.get("/")["Surrogate-Control"].removeprefix("max-age="))
    assert 3 <= age <= 10


@pytest.mark.parametrize("path", ["/", "story", "/sitemaps/news.xml"])
def test_an_answer_says_when_the_clock_alone_will_change_it(
    client: Client, newsroom: Newsroom, path: str
) -> None:
    now = timezone.now()
    published = now - timedelta(hours=11)
    story = newsroom.story(urgency=1, published_at=published)
    answer = client.get(str(story.path) if path == "story" else path)
    # A label on pages for twelve hours, news for forty-eight.
    hours = 48 if path.endswith(".xml") else 12
    end = published + timedelta(hours=hours)
    assert end_of(answer, now) == end
    StoryStanding.objects.filter(story=story).update(
        listed_until=now + timedelta(minutes=5)
    )
    assert end_of(answer, now) == now + timedelta(minutes=5)


def test_a_picture_s_end_is_the_end_of_the_pages_that_show_it(
    client: Client, newsroom: Newsroom, draw: Callable[..., Picture]
) -> None:
    end = timezone.now() + timedelta(minutes=30)
    story = newsroom.story(pictures=[draw(expires=end)])
    for path in ("/", str(story.path), "/feed.rss"):
        assert end_of(client.get(path), timezone.now()) == end, path


# --- search engines -------------------------------------------------------------------


@pytest.fixture
def engines(cache: SmallCache, settings: Any) -> SmallCache:
    settings.WIREDESK_INDEXNOW_KEY = "a1b2c3d4e5f6"
    settings.WIREDESK_INDEXNOW_URL = f"{cache.address}/indexnow"
    return cache


def test_search_engines_are_told_of_a_withdrawn_page_and_can_check_who_said_so(
    client: Client, newsroom: Newsroom, engines: SmallCache, story: Story
) -> None:
    Purge.objects.all().delete()  # the word that it is new
    newsroom.withdraw(story)
    Drain().finish()
    (told,) = engines.told
    assert json.loads(told.body) == {
        "host": "testserver",
        "key": "a1b2c3d4e5f6",
        "keyLocation": "http://testserver/a1b2c3d4e5f6.txt",
        "urlList": [f"http://testserver{story.path}"],
    }
    assert client.get("/a1b2c3d4e5f6.txt").content == b"a1b2c3d4e5f6"
    assert client.get("/a1b2c3d4e5f7.txt").status_code == 404


def test_of_a_story_on_two_stations_its_home_is_told_and_of_its_end_each_address(
    newsroom: Newsroom, engines: SmallCache, story: Story
) -> None:
    root = newsroom.site.root_page.get_root()
    front = root.add_child(instance=FrontPage(title="Coast", slug="coast"))
    coast = Site.objects.create(hostname="coast.example", root_page=front)
    Placement.objects.create(story=story, site=coast, canonical=False)
    Purge.objects.all().delete()
    stories_changed.send(sender=Story, story_ids=[story.pk])
    make_due()
    Drain().finish()
    newsroom.withdraw(story)
    Drain().finish()
    lists = [json.loads(told.body)["urlList"] for told in engines.told]
    at_home, on_the_coast = (
        f"http://{host}{story.path}" for host in ("testserver", "coast.example")
    )
    assert lists[0] == [at_home]
    assert sorted(lists[1:]) == sorted([[at_home], [on_the_coast]])


def test_search_engines_hear_nothing_of_what_is_kept_from_them(
    newsroom: Newsroom, engines: SmallCache
) -> None:
    newsroom.withdraw(newsroom.story(noindex=True))
    newsroom.story(canonical="source", source_address="https://meridian.example/1")
    newsroom.story(state="held")
    make_due()
    Drain().finish()
    assert engines.told == []


def test_search_engines_are_told_what_is_new_and_changed_a_minute_s_at_once(
    newsroom: Newsroom, engines: SmallCache
) -> None:
    at = timezone.now()
    first, second = newsroom.story("One"), newsroom.story("Two")
    change(first, reason="an update")
    waiting = Purge.objects.filter(done_at=None)
    assert all(at < row.due_at <= at + timedelta(minutes=2) for row in waiting)
    make_due()
    Drain().finish()
    (told,) = engines.told
    assert sorted(json.loads(told.body)["urlList"]) == sorted(
        f"http://testserver{story.path}" for story in (first, second)
    )


# --- what counts as gone dark ---------------------------------------------------------


def change(story: Story, **values: Any) -> None:
    with transaction.atomic():
        StoryStanding.objects.filter(story=story).update(**values)
        stories_changed.send(sender=Story, story_ids=[story.pk])


def test_each_way_of_going_dark_is_noted_once_and_ends_when_the_story_is_back(
    story: Story,
) -> None:
    assert not Withdrawal.objects.exists()
    change(story, state="held")
    change(story, state="held", reason="still")
    change(story, state="withdrawn")
    held, killed = Withdrawal.objects.order_by("pk")
    assert (held.kind, killed.kind) == ("held", "withdrawn")
    assert held.ended_at is not None
    assert killed.ended_at is None
    change(story, state="live")
    assert not Withdrawal.objects.filter(ended_at=None).exists()
    change(story, expired_at=timezone.now())
    assert Withdrawal.objects.get(ended_at=None).kind == "expired"


def test_caches_hear_of_the_lift_of_an_embargo_over_what_was_public(
    newsroom: Newsroom, varnish: SmallCache, story: Story
) -> None:
    lifts = timezone.now() + timedelta(hours=1)
    change(story, visible_from=lifts, lifts_at=lifts)
    withdrawal = Withdrawal.objects.get(story=story, ended_at=None)
    assert withdrawal.kind == "embargoed"
    Purge.objects.all().delete()
    now = timezone.now()
    StoryStanding.objects.update(visible_from=now, lifts_at=now)  # the hour is over
    assert note_expiry() == 1
    withdrawal.refresh_from_db()
    assert withdrawal.ended_at is not None
    assert any(f"story-{story.pk}" in purge.keys for purge in Purge.objects.all())
    assert any("list-front" in purge.keys for purge in Purge.objects.all())


def test_what_never_was_public_is_nothing_to_withdraw(newsroom: Newsroom) -> None:
    newsroom.withdraw(newsroom.story(state="held"))
    assert not Withdrawal.objects.exists()
