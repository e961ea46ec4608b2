"""Before a change is committed what readers ask for is drawn as the change makes it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone, translation

from tests.store.desk import HOST, Desk, before_the_commit
from tests.web.newsroom import build_newsroom
from wiredesk.accounts.actions.create_staff import create_staff
from wiredesk.delivery.first_asked import MOST_STORIES
from wiredesk.delivery.purge.keys import FRAME, list_key, story_key
from wiredesk.delivery.store import changes
from wiredesk.delivery.store.ahead import Ahead
from wiredesk.delivery.store.clock import EVERYTHING, OPEN, slots_of
from wiredesk.delivery.store.store import Limits, PageStore
from wiredesk.lib.databases.ending import rolled_back
from wiredesk.stories.actions.announce import announce, announce_lists
from wiredesk.stories.models import (
    StationSettings,
    Story,
    StoryStanding,
    StoryTopic,
)

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
OTHERS = slots_of([story_key(999_999)])


@pytest.fixture
def desk(tmp_path: Path, settings: Any) -> Iterator[Desk]:
    settings.WIREDESK_RUN = tmp_path
    newsroom, clock = build_newsroom(), changes.clock()
    limits = Limits(memory=1 << 20, disk=1 << 24)
    # However slow the machine is that the tests are run on.
    store = PageStore(
        clock, tmp_path / "pages", limits, WSGIHandler(), about_to_change=60.0
    )
    made = Desk(newsroom, clock, store, WSGIHandler())
    made.ahead = Ahead(store.disk, made, longest=60.0)
    changes.draw_ahead_with(made.ahead.draw)
    yield made
    changes.draw_ahead_with(None)


def test_what_is_asked_for_is_there_as_soon_as_a_change_is_committed(
    desk: Desk,
) -> None:
    story = desk.newsroom.story("The ferry sails")
    path = story.path or ""
    asked = (path, "/", "/local/")
    assert all("The ferry sails" in desk.ask(each) for each in asked)
    desk.update(story, "The ferry stays")
    for each in asked:
        page = desk.found(each)
        assert page is not None, each
        assert "The ferry stays" in page.plain().decode()
        assert "The ferry sails" not in page.plain().decode()
    assert desk.drawn.count(path) == 1


def test_a_kill_is_gone_from_all_of_them_as_soon_as_it_is_committed(
    desk: Desk,
) -> None:
    story = desk.newsroom.story("The ferry sails")
    asked = (story.path or "", "/", "/local/")
    assert all("The ferry sails" in desk.ask(each) for each in asked)
    desk.kill(story)
    pages = [desk.found(each) for each in asked]
    assert [page and page.status for page in pages] == [410, 200, 200]
    assert not any(
        page and "The ferry sails" in page.plain().decode() for page in pages
    )


def test_what_nobody_asked_for_since_it_changed_last_is_not_drawn_again(
    desk: Desk,
) -> None:
    story = desk.newsroom.story("The ferry sails")
    path = story.path or ""
    desk.update(story, "Nobody asked yet")
    assert desk.drawn == []
    desk.ask(path)
    desk.update(story, "Drawn ahead")
    desk.update(story, "Not drawn ahead")
    assert desk.drawn.count(path) == 1
    assert desk.found(path) is None
    assert "Not drawn ahead" in desk.ask(path)
    desk.update(story, "Drawn ahead again")
    assert desk.drawn.count(path) == 2
    page = desk.found(path)
    assert page is not None
    assert "Drawn ahead again" in page.plain().decode()
    # What was drawn ahead has just been asked for.
    desk.update(story, "Drawn ahead once more")
    assert desk.drawn.count(path) == 3
    page = desk.found(path)
    assert page is not None
    assert "Drawn ahead once more" in page.plain().decode()


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_page_drawn_for_a_change_that_is_undone_is_never_seen(
    desk: Desk, is_heard: bool
) -> None:
    story, path = desk.asked()

    @transaction.atomic
    def change() -> None:
        desk.change(story, "The ferry stays")
        # What the database refuses at the commit itself, when everything was drawn.
        StoryTopic.objects.create(story=story, topic_id=999_999, sort_at=NOW)

    if not is_heard:  # as where the connection is lost
        assert rolled_back.disconnect(dispatch_uid="delivery.store")
    try:
        with pytest.raises(IntegrityError):
            change()
    finally:
        rolled_back.connect(changes._let_go, dispatch_uid="delivery.store")
    assert path in desk.drawn
    changes.settle_what_is_over()
    with desk.store.disk.sole(HOST + path) as is_sole:
        assert is_sole
    assert desk.found(path) is None
    assert "The ferry sails" in desk.ask(path)


@pytest.mark.parametrize("is_over", [True, False])
@pytest.mark.parametrize("what", ["its story", "a list it was on", "the station"])
def test_a_page_is_not_taken_for_true_if_somebody_else_changes_something_meanwhile(
    desk: Desk, what: str, is_over: bool
) -> None:
    story, path = desk.asked()
    keys = {
        "its story": story_key(story.pk),
        "a list it was on": list_key("/topics/politics/"),
        "the station": FRAME,
    }
    slots = slots_of([keys[what]])

    def change() -> None:
        desk.clock.open(slots)
        if is_over:
            desk.clock.close(slots)

    desk.meanwhile = change
    desk.update(story, "The ferry stays")
    assert path in desk.drawn
    assert "The ferry stays" not in desk.on_disk(path)
    if not is_over:
        desk.clock.close(slots)
    assert desk.found(path) is None
    assert "The ferry stays" in desk.ask(path)


@pytest.mark.parametrize("what", ["its story", "the station", "all", "beside it"])
def test_what_changes_between_the_drawing_and_the_commit_is_seen(
    desk: Desk, what: str
) -> None:
    story = desk.newsroom.story("The ferry sails")
    other = desk.newsroom.story("The bakery opens")
    path = story.path or ""
    assert "The bakery opens" in desk.ask(path)
    keys = {
        "its story": [story_key(story.pk)],
        "the station": [FRAME],
        "beside it": [story_key(other.pk)],
    }
    slots = [EVERYTHING] if what == "all" else slots_of(keys[what])
    with before_the_commit(lambda: desk.clock.stamp(slots)):
        desk.update(story, "The ferry stays")
    assert path in desk.drawn
    assert desk.found(path) is None


def test_what_somebody_else_has_open_when_it_is_drawn_is_not_kept(desk: Desk) -> None:
    story, path = desk.asked()
    slots = slots_of([story_key(story.pk)])
    desk.clock.open(slots)
    desk.update(story, "The ferry stays")
    assert desk.drawn == []  # it couldn't be kept
    desk.clock.close(slots)
    assert desk.found(path) is None


def test_no_page_is_begun_when_the_commit_has_waited_long_enough(desk: Desk) -> None:
    story = desk.newsroom.story("The ferry sails")
    path = story.path or ""
    for each in (path, "/"):
        desk.ask(each)
    desk.ahead.longest = 0.2
    desk.meanwhile = lambda: time.sleep(0.3)
    desk.update(story, "The ferry stays")
    assert desk.drawn == [path]
    assert desk.found(path) is not None
    assert desk.found("/") is None


def test_a_change_of_something_else_meanwhile_doesnt_spoil_it(desk: Desk) -> None:
    story, path = desk.asked()
    desk.meanwhile = lambda: desk.clock.stamp(OTHERS)
    desk.update(story, "The ferry stays")
    assert desk.found(path) is not None


def test_what_a_page_was_made_of_is_looked_at_after_the_commit_too(
    desk: Desk,
) -> None:
    story, path = desk.asked()
    desk.update(story, "The ferry stays")
    assert desk.found(path) is not None
    desk.clock.stamp(slots_of([story_key(story.pk)]))
    assert desk.found(path) is None


def test_a_page_that_cant_be_drawn_stands_in_no_kills_way(desk: Desk) -> None:
    story, path = desk.asked()

    def fail(environment: dict[str, Any], _start: Callable[..., Any]) -> HttpResponse:
        # On PostgreSQL nothing can be asked of a transaction after this.
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM no_such_table")
        return HttpResponse("Something went wrong.", status=500)

    desk.handler = fail  # type: ignore[assignment]
    desk.kill(story)
    assert path in desk.drawn
    assert StoryStanding.objects.get(pk=story.pk).state == "withdrawn"
    assert desk.found(path) is None
    desk.handler = WSGIHandler()
    assert "The ferry sails" not in desk.ask(path)


@pytest.mark.parametrize("when", ["drawing", "keeping"])
def test_whatever_goes_wrong_with_a_page_stands_in_no_kills_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    story, path = desk.asked()

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    if when == "drawing":
        desk.meanwhile = fail
    else:
        monkeypatch.setattr(desk.store.disk, "write", fail)
    told: list[str] = []
    with transaction.atomic():
        transaction.on_commit(lambda: told.append("committed"))
        desk.change(story, "The ferry sails", state=StoryStanding.State.WITHDRAWN)
    monkeypatch.undo()
    assert path in desk.drawn
    assert told == ["committed"]
    assert StoryStanding.objects.get(pk=story.pk).state == "withdrawn"
    with desk.store.disk.sole(HOST + path) as is_sole:
        assert is_sole
    desk.meanwhile = lambda: None
    assert "The ferry sails" not in desk.ask(path)


def test_one_page_that_cant_be_drawn_takes_no_other_with_it(desk: Desk) -> None:
    story = desk.newsroom.story("The ferry sails")
    path = story.path or ""
    for each in (path, "/"):
        desk.ask(each)

    def fail() -> None:
        if desk.drawn == [path]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT no_such_column FROM no_such_table")

    desk.meanwhile = fail
    desk.update(story, "The ferry stays")
    assert desk.drawn == [path, "/"]
    assert desk.found(path) is None
    assert desk.found("/") is not None


def test_a_change_made_after_one_that_was_undone_is_drawn_for_itself_alone(
    desk: Desk,
) -> None:
    story = desk.newsroom.story("The ferry sails")
    other = desk.newsroom.story("The bakery opens")
    for each in (story, other):
        desk.ask(each.path or "")
    with transaction.atomic():
        with transaction.atomic():
            desk.change(story, "Nobody said so")
            transaction.set_rollback(True)
        assert desk.drawn == []
    with transaction.atomic():
        desk.change(other, "The bakery stays closed")
    assert desk.drawn == [other.path]


@pytest.mark.parametrize("page", ["first", "second"])
def test_a_connection_that_is_lost_while_drawing_is_used_again(
    desk: Desk, page: str
) -> None:
    story = desk.newsroom.story("The ferry sails")
    path = story.path or ""
    asked = (path, "/", "/local/")
    for each in asked:
        desk.ask(each)

    def lose() -> None:
        if desk.drawn == list(asked[: 1 if page == "first" else 2]):
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")  # as the database does it by itself

    desk.meanwhile = lose
    with pytest.raises(DatabaseError):
        desk.update(story, "The ferry stays")
    assert Story.objects.get(pk=story.pk).headline == "The ferry sails"
    assert desk.clock.words[slots_of([story_key(story.pk)])[0]] < OPEN
    with desk.store.disk.sole(HOST + path) as is_sole:
        assert is_sole
    desk.meanwhile = lambda: None
    assert "The ferry sails" in desk.ask(path)
    desk.update(story, "The ferry stays")
    found = desk.found(path)
    assert found is not None
    assert "The ferry stays" in found.plain().decode()


def test_what_drawing_writes_is_undone_and_what_it_wants_done_isnt(desk: Desk) -> None:
    story = desk.newsroom.story("The ferry sails")
    desk.ask(story.path or "")
    done: list[str] = []

    def write() -> None:
        StationSettings.objects.update(name="The Other Beacon")
        transaction.on_commit(lambda: done.append("told"))

    desk.meanwhile = write
    desk.update(story, "The ferry stays")
    assert desk.drawn
    assert StationSettings.objects.get().name == "Orrin Sound 9"
    assert done == []
    assert Story.objects.get(pk=story.pk).headline == "The ferry stays"


def test_others_keep_off_a_page_until_it_is_there(desk: Desk) -> None:
    story, path = desk.asked()
    seen: list[bool] = []

    def look() -> None:
        with desk.store.disk.sole(HOST + path) as is_sole:
            seen.append(is_sole)

    desk.meanwhile = look
    desk.update(story, "The ferry stays")
    assert seen == [False]
    look()
    assert seen == [False, True]


def test_who_asks_while_it_is_drawn_gets_it_and_has_nothing_drawn(desk: Desk) -> None:
    story, path = desk.asked()
    waiting, began = [], Event()
    with ThreadPoolExecutor(1) as thread:

        def ask() -> None:
            # The web process's own handler would answer: it isn't asked.
            fetched = desk.store.fetch(HOST, path, "gzip")
            waiting.append(thread.submit(asyncio.run, fetched))
            assert began.wait(30)

        desk.store.wait = began.set
        desk.store.joiner.handler = _nobody
        desk.meanwhile = ask
        desk.update(story, "The ferry stays")
        made = waiting[0].result()
    assert made is not None
    assert made.page is not None
    assert "The ferry stays" in made.page.plain().decode()


def _nobody(environment: dict[str, Any], _start: Callable[..., Any]) -> HttpResponse:
    raise AssertionError(f"{environment['PATH_INFO']} is drawn a second time.")


def test_many_stories_at_once_are_not_waited_for(desk: Desk) -> None:
    stories = [
        desk.newsroom.story(f"Case {number}") for number in range(MOST_STORIES + 1)
    ]
    desk.ask("/")
    with transaction.atomic():
        announce([story.pk for story in stories])
    assert desk.drawn == []
    with transaction.atomic():
        announce([story.pk for story in stories[1:]])
    assert desk.drawn == ["/"]


def test_what_an_editor_pins_is_on_the_front_at_once(desk: Desk) -> None:
    desk.newsroom.story("The ferry sails")
    desk.ask("/")
    with transaction.atomic():
        announce_lists([desk.newsroom.front.pk])
    assert desk.drawn == ["/"]
    assert desk.found("/") is not None


def test_what_an_editor_corrects_on_the_desk_is_there_at_once(
    desk: Desk, client: Client
) -> None:
    story, path = desk.asked()
    user, password = create_staff(username="mara", role="editor")
    assert client.login(username=user.username, password=password)
    form = f"/desk/corrections/of/{story.pk}/"
    answer = client.post(form, {"text": "She sails at noon."}, follow=True)
    assert "The correction stands with the story." in answer.content.decode()
    page = desk.found(path)
    assert page is not None
    assert "She sails at noon." in page.plain().decode()


def test_whoever_changes_something_finds_his_thread_as_it_was(desk: Desk) -> None:
    story = desk.newsroom.story("The ferry sails")
    desk.ask(story.path or "")
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        set_urlconf("wiredesk.config.no_such_addresses")
        try:
            desk.update(story, "The ferry stays")
            assert desk.drawn
            assert get_urlconf() == "wiredesk.config.no_such_addresses"
            assert translation.get_language() == "de"
            assert timezone.get_current_timezone_name() == "Asia/Tokyo"
        finally:
            set_urlconf(None)
    page = desk.found(story.path or "")
    assert page is not None
    assert 'lang="en"' in page.plain().decode()
