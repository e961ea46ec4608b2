"""The desk of a real site in a real browser: clicks, editor, phone, barriers, hosts."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import live
from tests.browsing import listen
from tests.config.newsroom import Newsroom
from tests.desk.newsroom import RICH, item

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browsing import Axe, Chromium
    from tests.live import LiveSite

pytestmark = pytest.mark.processes

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SCREENS = (
    "/desk/",
    "/desk/wire/messages/",
    "/desk/wire/messages/inspect/{message}/",
    "/desk/wire/set-aside/",
    "/desk/wire/set-aside/inspect/{set_aside}/",
    "/desk/wire/feeds/",
    "/desk/wire/feeds/edit/{feed}/",
    "/desk/wire/feeds/{feed}/token/",
    "/desk/wire/feeds/{feed}/trial/",
    "/desk/wire/feeds/{feed}/contract/",
    "/desk/pictures/{picture}/order/",
    "/desk/stories/",
    "/desk/stories/edit/{story}/",
    "/desk/alarms/",
    "/desk/logbook/",
)
# What is ours on these screens bears one of these; the frame around it is Wagtail's.
OURS = ("desk-", "wire-", "home-")
START = """
from tests.desk.newsroom import *
from tests.web.newsroom import build_newsroom
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from django.conf import settings
from wiredesk.stories.actions.keep_address import keep_address
build_newsroom("localhost")
# As each command does that is run beside the site: no page changes its address later.
keep_address(base_url=settings.WIREDESK_BASE_URL)
make_feed(publish="hold")
make_feed("now", name="Now")
raise_alarm(key="x", text="Meridian has been silent for an hour.", address="/desk/")
"""
PICTURE = """
from tests.stories.test_contract_end import drawn
from wiredesk.stories.actions.keep_picture import keep_picture
from wiredesk.stories.models import StoryPicture
picture = keep_picture(content=drawn(), title="The pier", alt="A pier at noon")
StoryPicture.objects.create(story_id={story}, picture=picture)
print(picture.pk)
"""
LOOK = """
import hashlib
from tests.desk.newsroom import *
from tests.desk.test_round_trip import row_of
from wiredesk.wire.models import Message
story = story_of({guid!r})
row = repr(sorted(row_of(story).items(), key=lambda pair: pair[0]))
print(json.dumps({{
    "story": story.pk,
    "path": story.path,
    "headline": story.headline,
    "live": story.standing.state == "live",
    "body": [block["value"] for block in story.body.raw_data],
    "row": hashlib.sha256(row.encode()).hexdigest(),
    "message": story.wire_message_id,
    "newest": Message.objects.filter(guid={guid!r}).latest("pk").pk,
}}))
"""


@dataclass
class Desk:
    """A running site with a newsroom, and a browser to sit down at its desk with."""

    site: LiveSite
    room: Newsroom
    browser: Chromium
    signed_in: dict[str, Any] = field(default_factory=dict)  # cookies by name

    def bring(self, guid: str, feed: str = "meridian", **values: Any) -> dict[str, Any]:
        """Let a feed bring a story; gives what is to be known of it."""
        raw = item(guid, **values)
        self.room.python(
            "from tests.desk.newsroom import *\n"
            f"bring(Feed.objects.get(slug={feed!r}), {raw!r})"
        )
        return self.look(guid)

    def look(self, guid: str) -> dict[str, Any]:
        """Give the story as the database has it now."""
        found: dict[str, Any] = json.loads(self.room.python(LOOK.format(guid=guid)))
        return found

    @contextmanager
    def sit_down(
        self, role: str = "editor", name: str = "", **context: Any
    ) -> Iterator[Page]:
        """Give a page in which somebody with that role, or of that name, has signed in."""
        name = name or role
        if name not in self.signed_in:
            self.signed_in[name] = self._sign_in(name, role)
        given: dict[str, Any] = {"viewport": DESKTOP, **context}
        with self.browser.page(
            scripts=True,
            base_url=self.site.url,
            storage_state=self.signed_in[name],
            **given,
        ) as page:
            page.goto("/desk/")
            yield page

    def _sign_in(self, name: str, role: str) -> Any:
        printed = self.room.run("user", "create", name, "--role", role).stdout
        with self.browser.page(scripts=True, base_url=self.site.url) as page:
            page.goto("/desk/login/")
            page.fill("input[name=username]", name)
            page.fill("input[name=password]", printed.split()[-1])
            page.click("button[type=submit]")
            page.wait_for_url("**/desk/")
            return page.context.storage_state()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Chromium) -> Iterator[Desk]:
    """Give the desk of a real site."""
    repository = Path(__file__).resolve().parents[2]
    settings = {"PYTHONPATH": str(repository), "WIREDESK_RELEASE_TAKES_TWO": "1"}
    site = live.start(tmp_path_factory.mktemp("desk"), settings=settings)
    room = Newsroom(site.home, PORT=str(site.port), **settings)
    try:
        room.python(START)
        yield Desk(site, room, browser)
    finally:
        room.close()
        site.stop()


@pytest.fixture(scope="module")
def names(desk: Desk) -> dict[str, int]:
    """Give what stands for each name in the screens' addresses."""
    story = desk.bring("urn:screens", body_xhtml=RICH, headline="Seen on every screen")
    found = desk.room.python(
        "from tests.desk.newsroom import *\n"
        "feed = Feed.objects.get(slug='meridian')\n"
        "(line,) = bring(feed, b'no wire copy')\n"
        "print(feed.pk, line.receipt.delivery_id)"
    ).split()
    feed, set_aside = map(int, found)
    picture = int(desk.room.python(PICTURE.format(story=story["story"])))
    return {
        "picture": picture,
        "feed": feed,
        "set_aside": set_aside,
        "story": story["story"],
        "message": story["message"],
    }


def publish(page: Page) -> None:
    """Choose Publish from the editor's menu of actions."""
    page.wait_for_load_state("networkidle")
    page.locator("footer .w-dropdown__toggle").click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_url("**/desk/stories/")


def test_a_held_message_is_a_live_story_after_two_clicks(desk: Desk) -> None:
    assert not desk.bring("urn:two-clicks", headline="Ferry held for an editor")["live"]
    with desk.sit_down() as page:
        page.goto("/desk/wire/messages/")
        page.get_by_role("link", name="Ferry held for an editor").click()
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_text("is now live").wait_for()
        path = page.get_by_role("link", name="Its page").get_attribute("href")
    assert path == desk.look("urn:two-clicks")["path"]
    assert "Ferry held for an editor" in desk.site.get(path or "").text


def test_what_waits_is_one_click_from_the_desks_home(desk: Desk) -> None:
    desk.bring("urn:waits", headline="Waits at the door")
    with desk.sit_down() as page:
        waiting = page.get_by_role("region", name="Waits for an editor")
        waiting.get_by_role("link", name="Waits at the door").click()
        page.get_by_role("button", name="Publish", exact=True).wait_for()


def test_an_editor_changes_the_headline_and_publishes(desk: Desk) -> None:
    before = desk.bring("urn:edited", body_xhtml=RICH)
    with desk.sit_down() as page:
        page.goto(f"/desk/stories/edit/{before['story']}/")
        page.locator("[name=headline]").fill("Bridge closes on Monday")
        publish(page)
    after = desk.look("urn:edited")
    assert after["live"]
    assert after["body"] == before["body"]
    assert "Bridge closes on Monday" in desk.site.get(after["path"]).text


def test_the_real_editor_leaves_a_rich_story_as_it_was(desk: Desk) -> None:
    before = desk.bring("urn:rich", feed="now", body_xhtml=RICH)
    shown = desk.site.get(before["path"]).text
    with desk.sit_down() as page:
        page.goto(f"/desk/stories/edit/{before['story']}/")
        publish(page)
    assert desk.look("urn:rich") == before
    assert desk.site.get(before["path"]).text == shown


def test_the_preview_shows_the_page(desk: Desk) -> None:
    story = desk.bring("urn:preview", headline="Seen before it is published")
    with desk.sit_down() as page:
        page.goto(f"/desk/stories/edit/{story['story']}/")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="Toggle preview").click()
        headline = page.frame_locator("iframe[src*=preview]").get_by_role(
            "heading", level=1
        )
        headline.wait_for()
        assert "Seen before it is published" in headline.inner_text()


def test_an_editor_withdraws_a_picture_and_the_story_stays(desk: Desk) -> None:
    story = desk.bring("urn:pictured", feed="now", headline="The pier in a picture")
    picture = int(desk.room.python(PICTURE.format(story=story["story"])))
    here = f"/pictures/{picture}/"
    assert here in desk.site.get(story["path"]).text
    with desk.sit_down() as page:
        page.goto(f"/desk/images/{picture}/")
        page.get_by_role("link", name="Withdraw or release").click()
        page.get_by_role("link", name="The pier in a picture").wait_for()
        page.get_by_role("button", name="Withdraw the picture").click()
        page.get_by_text("Withdrawn from every story").first.wait_for()
        assert desk.site.get(f"{here}320.jpeg").status_code == 410
        shown = desk.site.get(story["path"])
        assert (shown.status_code, here in shown.text) == (200, False)
        page.get_by_role("button", name="Let it show again").click()
        page.get_by_text("Readers see it").first.wait_for()
    assert here in desk.site.get(story["path"]).text


def test_an_editor_holds_corrects_merges_releases_by_two_and_prints_a_certificate(
    desk: Desk,
) -> None:
    bridge = "<p>The Orrin bridge closes on Monday at noon, the county said.</p>"

    def sent(version: int, **values: Any) -> dict[str, Any]:
        return desk.bring("urn:five", feed="now", version=version, **values)

    story = sent(1, headline="Orrin bridge closes", body_xhtml=bridge)
    path, screen = story["path"], f"/desk/wire/messages/inspect/{story['message']}/"
    with desk.sit_down() as page, desk.sit_down(name="second") as other:
        page.goto(screen)
        page.get_by_role("button", name="Hold", exact=True).click()
        page.get_by_text("is now held").first.wait_for()
        assert desk.site.get(path).status_code == 410
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_text("is now live").first.wait_for()

        page.get_by_role("link", name="Correct", exact=True).click()
        page.fill("[name=text]", "It closes on Monday. We said Tuesday.")
        page.get_by_role("button", name="Tell readers").click()
        page.get_by_text("We said Tuesday").first.wait_for()
        assert "We said Tuesday" in desk.site.get(path).text

        page.goto(f"/desk/stories/edit/{story['story']}/")
        page.fill("[name=headline]", "Bridge shuts")
        page.locator("button[name=action-publish]").first.evaluate("b => b.click()")
        page.wait_for_url("**/desk/stories/")
        theirs = bridge.replace("Monday", "Tuesday")
        sent(2, headline="Bridge to close for a month", body_xhtml=theirs)
        assert "Bridge shuts" in desk.site.get(path).text
        page.goto(f"/desk/stories/{story['story']}/merge/")
        columns = page.locator(".merge-columns").first
        for column in ("As it was", "The wire’s new words", "Ours"):
            assert columns.get_by_text(column).is_visible()
        page.check("#merge-choice-0-wire")
        page.get_by_role("button", name="Publish with these choices").click()
        page.wait_for_url("**/received/")
        assert "Bridge to close for a month" in desk.site.get(path).text

        sent(3, pubstatus="canceled")
        assert desk.site.get(path).status_code == 410
        newer = sent(4, headline="Bridge opens again", body_xhtml=bridge)
        # What came after a kill leads to it: there it is released.
        page.goto(f"/desk/wire/messages/inspect/{newer['newest']}/")
        page.get_by_role("link", name="See the kill of").click()
        page.get_by_role("button", name="Ask for a release after this kill").wait_for()
        kill = page.url
        page.get_by_role("link", name="Kill certificate").click()
        page.get_by_role("heading", name="Kill certificate").wait_for()
        _until(lambda: bool(page.reload()) and page.get_by_text("Proved:").count() > 0)
        printed = page.pdf()
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 1  # nothing is cut off
        assert page.get_by_text(re.compile("[0-9a-f]{64}")).count() > 4

        page.goto(kill)
        page.get_by_role("button", name="Ask for a release after this kill").click()
        page.get_by_text("Somebody else must confirm").first.wait_for()
        assert page.get_by_role("button", name="release").count() == 0
        assert desk.site.get(path).status_code == 410
        other.goto(kill)
        other.get_by_role("button", name="Confirm the release after this kill").click()
        other.get_by_text("released it after this kill").wait_for()
        assert other.get_by_role("button", name="release").count() == 0
        assert "Bridge opens again" in desk.site.get(path).text


def _until(found: Callable[[], bool], limit: float = 60) -> None:
    end = time.monotonic() + limit
    while not found():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_killed_picture_is_released_by_two_on_its_own_screen(desk: Desk) -> None:
    story = desk.bring("urn:pier-story", feed="now", headline="The pier is killed")
    killed = PICTURE.replace("title=", "source='now', guid='urn:pier', title=")
    picture = int(desk.room.python(killed.format(story=story["story"])))
    file, screen = f"/pictures/{picture}/320.jpeg", f"/desk/pictures/{picture}/order/"
    assert desk.site.get(file).status_code == 200
    bring = (
        "from tests.desk.newsroom import *\n"
        "bring(Feed.objects.get(slug='now'), item('urn:pier', type='picture', {}))"
    )
    desk.room.python(bring.format("version=2, pubstatus='canceled'"))
    assert desk.site.get(file).status_code == 410
    desk.room.python(bring.format("version=3"))
    assert desk.site.get(file).status_code == 410
    with desk.sit_down() as page, desk.sit_down(name="second") as other:
        page.goto(screen)
        page.get_by_role("button", name="Ask for a release after this kill").click()
        page.get_by_text("Somebody else must confirm").first.wait_for()
        assert page.get_by_role("button", name="release").count() == 0
        assert desk.site.get(file).status_code == 410
        other.goto(screen)
        other.get_by_role("button", name="Confirm the release after this kill").click()
        other.get_by_text("Readers see it").first.wait_for()
        assert desk.site.get(file).status_code == 200
        other.get_by_role("link", name="Kill certificate").click()
        other.get_by_role("heading", name="Kill certificate of a picture").wait_for()


def test_a_desk_chief_ends_a_contract_and_undoes_it(desk: Desk) -> None:
    desk.room.python(
        "from tests.desk.newsroom import *\nmake_feed('ending', name='Ending')"
    )
    story = desk.bring("urn:ending", feed="ending", headline="Ends with its contract")
    with desk.sit_down("desk-chief") as page:
        page.goto("/desk/wire/feeds/")
        page.get_by_role("link", name="Ending", exact=True).click()
        page.goto(f"{page.url.replace('/edit/', '/')}contract/")
        page.get_by_text("1 public now").wait_for()
        page.fill("input[name=at]", "2026-01-02T06:00:00")
        page.check("input[name=sure]")
        page.get_by_role("button", name="End the contract").click()
        page.get_by_text("The contract ended on").wait_for()
        assert desk.site.get(story["path"]).status_code == 410
        page.get_by_role("button", name="Undo the end").click()
        page.get_by_text("No end of this feed's contract is known").wait_for()
    limit = time.monotonic() + 60
    while desk.site.get(story["path"]).status_code != 200:
        assert time.monotonic() < limit
        time.sleep(0.2)


def test_a_token_is_shown_once(desk: Desk, names: dict[str, int]) -> None:
    with desk.sit_down("engineer") as page:
        page.goto(f"/desk/wire/feeds/{names['feed']}/token/")
        page.get_by_role("button", name="Make a new token").click()
        token = page.get_by_label("Token").input_value()
        page.goto(f"/desk/wire/feeds/{names['feed']}/token/")
        assert len(token) > 40
        assert token not in page.content()


def test_a_trial_shows_what_would_come_of_a_file(
    desk: Desk, names: dict[str, int]
) -> None:
    with desk.sit_down("desk-chief") as page:
        page.goto(f"/desk/wire/feeds/{names['feed']}/trial/")
        page.get_by_label("Or its text").fill(item("urn:trial").decode())
        page.get_by_role("button", name="Read it").click()
        page.get_by_role("heading", name="Orrin bridge closes for repairs").wait_for()
        assert page.get_by_text("Would be held for an editor.").is_visible()
    asked = desk.room.run("wire", "status", "urn:trial", check=False)
    assert asked.returncode == 1


def test_a_mapping_that_cannot_work_is_refused_in_words(
    desk: Desk, names: dict[str, int]
) -> None:
    with desk.sit_down("desk-chief") as page:
        for typed, answer in (
            ('{"signals": {"ANNULE": "murder"}}', "can't mean “murder”"),
            ('{"signals": ', "This is no JSON"),
        ):
            page.goto(f"/desk/wire/feeds/edit/{names['feed']}/")
            page.get_by_role("tab", name="How it is read").click()
            page.locator("[name=mapping]").fill(typed)
            page.get_by_role("button", name="Save").click()
            page.get_by_text(answer).first.wait_for(state="attached")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_screen_has_barriers_of_ours_or_is_too_wide(
    desk: Desk, names: dict[str, int], axe: Axe, viewport: dict[str, int]
) -> None:
    found: list[str] = []
    # axe is put into the page by the test, which the desk's policy forbids.
    with desk.sit_down("desk-chief", bypass_csp=True, viewport=viewport) as page:
        for screen in SCREENS:
            page.goto(screen.format(**names))
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{screen} is {wide} too wide"] if wide > 0 else []
            found += [
                f"{screen}: {line}" for line in axe.violations_on(page) if is_ours(line)
            ]
    assert found == []


def is_ours(line: str) -> bool:
    """Tell whether axe's line is about something of ours, by the names it bears."""
    return any(name in line.partition("Fix ")[0] for name in OURS)


def test_no_screen_asks_another_host_or_is_refused_anything(
    desk: Desk, names: dict[str, int]
) -> None:
    asked: set[str] = set()
    with desk.sit_down("desk-chief") as page:
        heard = listen(page)
        page.on("request", lambda request: asked.add(request.url))
        for screen in SCREENS:
            page.goto(screen.format(**names))
            page.wait_for_load_state("networkidle")
    ours = (desk.site.url, "data:", "blob:")
    assert {url for url in asked if not url.startswith(ours)} == set()
    assert heard == []
