"""On the desk an editor chooses between the wire's new words and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browsing import Axe, Chromium
from tests.desk.forms import fields_of
from tests.desk.newsroom import bring, desk_of, item, make_feed, story_of
from wiredesk.accounts.actions.create_staff import create_staff
from wiredesk.accounts.actions.settle_roles import settle_roles
from wiredesk.logbook.models import Alarm
from wiredesk.stories.desk_words import html_of
from wiredesk.stories.models import LocalEdit, Order, Story
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from wiredesk.wire.models import Feed

BRIDGE = "<p>The Orrin bridge closes on Monday at noon, the county said.</p>"
FERRY = "<p>The ferry to Eastmoor runs every half hour until then.</p>"
TABLE = "<table><tr><th>Ferry</th></tr><tr><td>Every half hour</td></tr></table>"
BODY = BRIDGE + FERRY


def edit_address(story: Story) -> str:
    return f"/desk/stories/edit/{story.pk}/"


def opened(desk: Client, story: Story) -> dict[str, Any]:
    """Open the story's form; give what a browser would send."""
    page = desk.get(edit_address(story))
    assert page.status_code == 200
    return fields_of(page.content)


def send(
    desk: Client, story: Story, fields: dict[str, Any], *, draft: bool = False
) -> Any:
    action = {} if draft else {"action-publish": "yes"}
    return desk.post(edit_address(story), {**fields, **action}, follow=True)


def publish(desk: Client, story: Story, **words: str) -> None:
    answer = send(desk, story, {**opened(desk, story), **words})
    assert answer.redirect_chain, answer.context["form"].errors


def body_of(story: Story) -> str:
    return html_of(story.body.raw_data)


def conflict(feed: Feed, desk: Client, **values: Any) -> Story:
    """Let the desk and the wire write different headlines; the wire changes more."""
    bring(feed, item(body_xhtml=BODY))
    publish(desk, story_of(), headline="Ours")
    theirs = BODY.replace("Monday", "Tuesday")
    bring(feed, item(version=2, headline="Theirs", body_xhtml=theirs, **values))
    return story_of()


# --- the screen ---------------------------------------------------------------------


def test_what_was_asked_of_the_desk_is_one_click_from_its_home(feed: Feed) -> None:
    desk = desk_of("editor")
    story = conflict(feed, desk)
    address = f"/desk/stories/{story.pk}/merge/"
    home = desk.get("/desk/").content.decode()
    assert f'href="{address}"' in home
    assert Alarm.objects.get(key__startswith="merge-").address == address
    message = Message.objects.get(version="2")
    screen = desk.get(f"/desk/wire/messages/inspect/{message.pk}/").content.decode()
    assert address in screen
    assert f"{message.pk}/publish/" not in screen


def test_the_columns_show_all_three_and_a_choice_publishes(feed: Feed) -> None:
    desk = desk_of("editor")
    story = conflict(feed, desk)
    address = f"/desk/stories/{story.pk}/merge/"
    page = desk.get(address).content.decode()
    for words in ("Orrin bridge closes for repairs", "Theirs", "Ours", "Tuesday"):
        assert words in page
    fields = {**fields_of(page.encode(), "merge-form"), "merge-choice-0": "by-hand"}
    fields["merge-text-0"] = "Both of us"
    answer = desk.post(address, fields)
    assert answer.status_code == 302
    story = story_of()
    assert story.headline == "Both of us"
    assert "Tuesday" in body_of(story)
    assert Order.objects.latest("pk").message == Message.objects.get(version="2")
    assert "don’t disagree" in desk.get(address).content.decode()


def test_without_a_choice_the_form_comes_back_and_says_so(feed: Feed) -> None:
    desk = desk_of("editor")
    story = conflict(feed, desk)
    address = f"/desk/stories/{story.pk}/merge/"
    fields = fields_of(desk.get(address).content, "merge-form")
    answer = desk.post(address, fields)
    assert answer.status_code == 409
    assert "Choose for every paragraph" in answer.content.decode()
    assert story_of().headline == "Ours"


def test_a_choice_made_on_an_old_question_is_not_taken(feed: Feed) -> None:
    desk = desk_of("editor")
    story = conflict(feed, desk)
    address = f"/desk/stories/{story.pk}/merge/"
    fields = {
        **fields_of(desk.get(address).content, "merge-form"),
        "merge-choice-0": "wire",
    }
    bring(feed, item(version=3, headline="Theirs again", body_xhtml=BODY))
    answer = desk.post(address, fields)
    assert answer.status_code == 409
    assert "Theirs again" in answer.content.decode()
    assert story_of().headline == "Ours"


def test_what_is_written_by_hand_is_cleaned(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY))
    story = story_of()
    ours = FERRY.replace("until then", "all day")
    LocalEdit.objects.all().delete()
    fields = opened(desk, story)
    name = next(key for key in fields if key.endswith("-0-value"))
    fields[name] = fields[name].replace("until then", "all day")
    assert send(desk, story, fields).redirect_chain
    assert ours in body_of(story_of())
    bring(feed, item(version=2, body_xhtml=BODY.replace("half hour", "hour")))
    address = f"/desk/stories/{story.pk}/merge/"
    page = fields_of(desk.get(address).content, "merge-form")
    number = next(key for key in page if key.startswith("merge-text-"))[11:]
    page[f"merge-choice-{number}"] = "by-hand"
    page[f"merge-text-{number}"] = "One <script>x</script>& two.\r\n\r\nThree."
    assert desk.post(address, page).status_code == 302
    written = body_of(story_of()).replace("\n", "")
    assert written.endswith("<p>One &amp; two.</p><p>Three.</p>")


def test_a_reporter_sees_no_button_and_can_not_publish(feed: Feed) -> None:
    story = conflict(feed, desk_of("editor"))
    address = f"/desk/stories/{story.pk}/merge/"
    reporter = desk_of("reporter")
    page = reporter.get(address)
    if page.status_code == 200:
        fields = {**fields_of(page.content, "merge-form"), "merge-choice-0": "wire"}
        assert reporter.post(address, fields).status_code in (302, 403)
    assert story_of().headline == "Ours"


# --- as received, as published ------------------------------------------------------


def test_each_version_stands_beside_what_readers_had_of_it(feed: Feed) -> None:
    desk = desk_of("editor")
    story = conflict(feed, desk)
    page = desk.get(f"/desk/stories/{story.pk}/received/").content.decode()
    assert "<ins>Ours</ins>" in page
    assert "Orrin bridge closes for repairs" in page
    assert "Word for word as it was received." in page
    assert "Nothing of it was published." in page
    assert (
        f"/desk/stories/{story.pk}/received/"
        in desk.get(edit_address(story)).content.decode()
    )


# --- a form that was open while the wire wrote --------------------------------------


def test_an_open_form_takes_what_the_wire_sent_meanwhile(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY))
    story = story_of()
    fields = {**opened(desk, story), "headline": "Ours"}
    bring(feed, item(version=2, body_xhtml=BODY.replace("Monday", "Tuesday")))
    answer = send(desk, story, fields)
    assert "version 2" in answer.content.decode()
    story = story_of()
    assert story.headline == "Ours"
    newest = Message.objects.get(version="2")
    assert "Tuesday" in newest.item["body_html"]
    assert body_of(story) == newest.item["body_html"]
    assert LocalEdit.objects.get().base == Message.objects.get(version="2")


def test_an_open_form_keeps_a_table_that_the_wire_moved(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY + TABLE))
    story = story_of()
    fields = {**opened(desk, story), "headline": "Ours"}
    bring(feed, item(version=2, body_xhtml=TABLE + BODY))
    assert send(desk, story, fields).redirect_chain
    assert body_of(story_of()).startswith("<table>")
    assert body_of(story_of()).count("<table>") == 1


def test_an_open_form_that_conflicts_comes_back_with_the_columns(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY))
    story = story_of()
    fields = {**opened(desk, story), "headline": "Ours"}
    bring(feed, item(version=2, headline="Theirs", body_xhtml=BODY))
    answer = send(desk, story, fields)
    assert not answer.redirect_chain
    assert story_of().headline == "Theirs"
    page = answer.content.decode()
    assert "merge-choice-0" in page
    assert 'value="Ours"' in page or ">Ours</textarea>" in page
    again = {**fields_of(answer.content), "merge-choice-0": "ours"}
    assert send(desk, story, again).redirect_chain
    assert story_of().headline == "Ours"
    assert story_of().wire_message == Message.objects.get(version="2")


def test_a_draft_saved_in_an_open_form_merges_as_well(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY))
    story = story_of()
    fields = {**opened(desk, story), "headline": "Ours"}
    bring(feed, item(version=2, body_xhtml=BODY.replace("Monday", "Tuesday")))
    assert send(desk, story, fields, draft=True).redirect_chain
    draft = story_of().get_latest_revision_as_object()
    assert draft.headline == "Ours"
    assert "Tuesday" in body_of(draft)
    assert story_of().headline != "Ours"


def test_a_base_of_another_story_is_no_base(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY), item("urn:meridian:2", body_xhtml="<p>x</p>"))
    story = story_of()
    foreign = Message.objects.get(guid="urn:meridian:2")
    fields = {**opened(desk, story), "headline": "Ours", "words_base": foreign.pk}
    assert send(desk, story, fields).redirect_chain
    first = Message.objects.get(guid="urn:meridian:1")
    assert body_of(story_of()) == first.item["body_html"]


def test_a_kill_under_an_open_form_keeps_the_draft_and_the_dark(feed: Feed) -> None:
    desk = desk_of("editor")
    bring(feed, item(body_xhtml=BODY))
    story = story_of()
    fields = {**opened(desk, story), "headline": "Ours"}
    bring(feed, item(version=2, pubstatus="canceled"))
    answer = send(desk, story, fields)
    assert "killed this story" in answer.content.decode()
    assert not Story.objects.public().exists()
    assert story_of().headline != "Ours"
    assert story_of().get_latest_revision_as_object().headline == "Ours"


# --- two people ---------------------------------------------------------------------


def test_the_desk_says_who_asked_for_a_release_and_who_may_confirm(
    feed: Feed, settings: Any
) -> None:
    settings.WIREDESK_RELEASE_TAKES_TWO = True
    bring(feed, item(), item(version=2, pubstatus="canceled"), item(version=3))
    kill = Message.objects.get(version="2")
    screen, order = (
        f"/desk/wire/messages/inspect/{kill.pk}/",
        f"/desk/wire/messages/{kill.pk}/release/",
    )
    ada, ben = desk_of("editor", "ada"), desk_of("editor", "ben")
    assert "Ask for a release" in ada.get(screen).content.decode()
    ada.post(order)
    ada.post(order)
    assert not Story.objects.public().exists()
    seen = ben.get(screen).content.decode()
    assert "Confirm the release" in seen
    assert "ada asked for a release" in seen
    ben.post(order)
    assert Story.objects.public().exists()


# --- a real browser -----------------------------------------------------------------


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/desk/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")


def test_a_conflict_is_resolved_without_scripts_and_without_barriers(
    transactional_db: None,
    home: Path,
    live_server: LiveServer,
    browser: Chromium,
    axe: Axe,
) -> None:
    settle_roles()
    story = conflict(make_feed(), desk_of("editor"))
    user, password = create_staff(username="here", role="editor")
    address = f"/desk/stories/{story.pk}/merge/"
    wide: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 900},
        "base_url": live_server.url,
    }
    with browser.page(scripts=True, bypass_csp=True, **wide) as page:
        sign_in(page, user.username, password)
        page.wait_for_url("**/desk/")
        for screen in ("merge", "received"):
            page.goto(f"/desk/stories/{story.pk}/{screen}/")
            assert axe.violations_on(page) == []
    with browser.page(**wide) as page:
        sign_in(page, user.username, password)
        page.goto(address)
        page.click("text=Publish with these choices")
        assert "Choose for every" in page.inner_text(".help-critical[role=alert]")
        page.check("#merge-choice-0-wire")
        page.click("text=Publish with these choices")
        page.wait_for_url("**/received/")
        assert page.locator("text=Word for word").count() >= 1
    story = story_of()
    assert (story.headline, story.edited_at) == ("Theirs", None)
    assert "Tuesday" in body_of(story)
