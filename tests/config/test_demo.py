from __future__ import annotations

import json
import re
import shutil
import time

import pytest
from playwright.sync_api import Page

from tests import live
from tests.browsing import Chromium, listen
from tests.live import LiveSite

DESK_PAGES = (
    "/desk/",
    "/desk/pages/",
    "/desk/images/",
    "/desk/documents/",
    "/desk/stories/",
    "/desk/authors/",
    "/desk/topics/",
)


def printed(site: LiveSite, name: str) -> str:
    """Give what the demo printed last behind a name."""
    found = re.findall(rf"^  {name} +(\S+)", site.output, re.MULTILINE)
    assert found, site.output
    return str(found[-1])


def sign_in(site: LiveSite, page: Page) -> None:
    page.goto(f"{site.url}/desk/login/")
    page.fill("[name=username]", printed(site, "Login"))
    page.fill("[name=password]", printed(site, "Password"))
    page.click("[type=submit]")
    page.wait_for_url(f"{site.url}/desk/")


def test_the_demo_says_all_that_somebody_needs_and_nothing_else(
    demo_site: LiveSite,
) -> None:
    assert printed(demo_site, "Site") == f"{demo_site.url}/"
    assert printed(demo_site, "Desk") == f"{demo_site.url}/desk/"
    assert printed(demo_site, "Inbox") == f"{demo_site.home}/inbox/FEED/"
    assert all(
        line.startswith("  ") for line in demo_site.output.splitlines() if line.strip()
    ), demo_site.output


def test_the_demo_opens_with_a_full_front(
    demo_site: LiveSite, browser: Chromium
) -> None:
    with browser.page() as page:
        page.goto(f"{demo_site.url}/")
        assert page.locator("a[href^='/20']").count() >= 20
    assert browser.complaints(f"{demo_site.url}/") == []


def test_the_demos_ledger_adds_up(demo_site: LiveSite) -> None:
    told = demo_site.run("wire", "ledger").stdout
    assert told.rstrip().endswith("It adds up.")
    assert int(re.findall(r"delivered +(\d+)", told)[0]) >= 80


def test_a_file_in_the_inbox_is_live_in_two_seconds(demo_site: LiveSite) -> None:
    inbox = demo_site.home / "inbox" / "meridian"
    draft = demo_site.home / "trial.json"
    item = {
        "uri": "tag:qpel.example,2026:inbox-trial",
        "type": "text",
        "pubstatus": "usable",
        "version": "1",
        "headline": "Ferry trial sails on time",
        "body_text": "The ferry sailed on time.",
    }
    draft.write_text(json.dumps(item), encoding="utf-8")
    began = time.monotonic()
    shutil.move(draft, inbox / "trial.json")
    while "Ferry trial sails on time" not in demo_site.get("/").text:
        assert time.monotonic() - began < 30, demo_site.output
        time.sleep(0.05)


@pytest.mark.parametrize("path", DESK_PAGES)
def test_the_desk_works_under_its_policy(
    demo_site: LiveSite, browser: Chromium, path: str
) -> None:
    with browser.page(scripts=True) as page:
        heard = listen(page)
        sign_in(demo_site, page)
        page.goto(demo_site.url + path)
        page.wait_for_load_state("networkidle")
        assert heard == []


def test_an_editor_opens_a_story_with_its_preview_under_the_policy(
    demo_site: LiveSite, browser: Chromium
) -> None:
    with browser.page(scripts=True, viewport={"width": 1500, "height": 900}) as page:
        heard = listen(page)
        sign_in(demo_site, page)
        page.goto(f"{demo_site.url}/desk/stories/")
        page.locator("table.listing a[href*='/stories/edit/']").first.click()
        page.wait_for_load_state("networkidle")
        page.locator(".Draftail-Editor").first.wait_for()
        page.locator("[aria-label='Toggle preview']").first.click()
        frame = page.frame_locator("iframe[title='Preview']").first
        frame.locator("h1").first.wait_for()
        assert heard == []


def test_a_public_page_sets_no_cookie_and_varies_on_none(demo_site: LiveSite) -> None:
    for path in ("/", "/news/", "/about/", "/no-such-page/", "/search/?q=ferry"):
        answer = demo_site.get(path, headers={"Cookie": "sessionid=made-up"})
        assert "set-cookie" not in answer.headers, path
        assert "cookie" not in answer.headers.get("vary", "").lower(), path
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_unchanged_page_costs_a_304(demo_site: LiveSite) -> None:
    first = demo_site.get("/about/")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["etag"].startswith('"')
    again = demo_site.get("/about/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_started_again_the_demo_has_a_new_password_and_the_old_stories(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("demo-again")
    first = live.start(home, verb="demo")
    old, before = printed(first, "Password"), first.run("wire", "ledger").stdout
    first.stop()
    second = live.start(home, verb="demo")
    try:
        assert printed(second, "Password") != old
        assert int(second.run("wire", "ledger").stdout.split()[1]) >= int(
            before.split()[1]
        )
    finally:
        second.stop()
