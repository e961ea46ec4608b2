"""The public pages in a real browser: scripts off, light and dark, small and large."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from lxml import html as lxml_html

from tests import live
from tests.web.validity import complaints

if TYPE_CHECKING:
    from playwright.sync_api import Request, ViewportSize

    from tests.browsing import Axe, Chromium

pytestmark = pytest.mark.processes

PHONE: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

PAGES = (
    "front",
    "wire story",
    "story from right to left",
    "history",
    "corrections",
    "section",
    "topic",
    "author",
    "agency's desk",
    "search",
    "empty search",
    "standing page",
    "no such page",
    "withdrawn story",
    "style guide",
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give the address of a page of each type on a real site, by its name."""
    repository = Path(__file__).resolve().parents[2]
    site = live.start(
        tmp_path_factory.mktemp("pages"), settings={"PYTHONPATH": str(repository)}
    )
    try:
        code = "import json; from tests.web.newsroom import fill; print(json.dumps(fill()))"
        paths = json.loads(site.python(code).splitlines()[-1])
        assert set(paths) == set(PAGES)
        yield {name: f"{site.url}{path}" for name, path in paths.items()}
    finally:
        site.stop()


# It starts the site, then looks at every page twice.
@pytest.mark.timeout(400)
def test_no_page_has_a_barrier(pages: dict[str, str], axe: Axe) -> None:
    found = {}
    for name, address in pages.items():
        with axe.opened(address, color_scheme="light", viewport=DESKTOP) as page:
            found[name, "light"] = axe.violations_on(page)
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size(PHONE)
            found[name, "dark"] = axe.violations_on(page)
    assert {where: barriers for where, barriers in found.items() if barriers} == {}


@pytest.mark.timeout(400)
def test_no_barrier_stands_in_forced_colours_or_in_text_of_twice_the_size(
    pages: dict[str, str], axe: Axe
) -> None:
    for name in ("front", "wire story", "search"):
        for view in (DESKTOP, PHONE):
            with axe.opened(
                pages[name],
                viewport=view,
                forced_colors="active",
                reduced_motion="reduce",
            ) as page:
                page.add_style_tag(content=":root { font-size: 200% }")
                assert axe.violations_on(page) == [], (name, view)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= view["width"], (name, view)


def test_every_page_is_valid_html_with_headings_in_their_order(
    pages: dict[str, str], tmp_path: Path
) -> None:
    for name, address in pages.items():
        content = httpx.get(address, timeout=30).content
        (tmp_path / f"{name}.html").write_bytes(content)
        root = lxml_html.fromstring(content)
        levels = [
            int(str(each.tag)[1])
            for each in root.iter("h1", "h2", "h3", "h4", "h5", "h6")
        ]
        assert levels.count(1) == 1, name
        jumps = [low for high, low in pairwise(levels) if low > high + 1]
        assert jumps == [], (name, levels)
        assert root.get("lang"), name
        for landmark in ("header", "main", "footer"):
            assert root.findall(f"body/{landmark}"), (name, landmark)
    assert complaints(tmp_path) == []


def test_the_keyboard_goes_through_a_page_in_its_order_and_is_seen(
    pages: dict[str, str], browser: Chromium
) -> None:
    measure = """() => {
        const each = document.activeElement, style = getComputedStyle(each);
        const after = getComputedStyle(each, "::after");
        const seen = style.outlineStyle !== "none" || after.outlineStyle !== "none";
        const all = [...document.querySelectorAll("a[href], button, input, select, summary")];
        return [all.indexOf(each), seen, each.outerHTML.slice(0, 120)];
    }"""
    for name in ("front", "wire story", "search"):
        with browser.page(scripts=True, viewport=DESKTOP) as page:
            page.goto(pages[name])
            last = -1
            for _press in range(25):
                page.keyboard.press("Tab")
                place, seen, what = page.evaluate(measure)
                # A field for a date has several stops in it.
                assert place >= last, (name, what)
                assert seen, (name, what)
                last = place


def test_nothing_moves_for_one_who_wants_no_motion(
    pages: dict[str, str], browser: Chromium
) -> None:
    with browser.page(scripts=True, reduced_motion="reduce") as page:
        page.goto(pages["front"])
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(each => {
                const style = getComputedStyle(each);
                return parseFloat(style.transitionDuration) > 0
                    || style.animationName !== "none";
            }).length"""
        )
        assert moving == 0


def test_a_story_with_pictures_does_not_shift_while_it_loads(
    pages: dict[str, str], browser: Chromium
) -> None:
    observe = """() => {
        window.shift = 0;
        new PerformanceObserver(list => {
            for (const each of list.getEntries())
                if (!each.hadRecentInput) window.shift += each.value;
        }).observe({type: "layout-shift", buffered: true});
    }"""
    with browser.page(scripts=True, viewport=PHONE) as page:
        page.goto(pages["wire story"], wait_until="networkidle")
        page.evaluate(observe)
        page.wait_for_timeout(200)
        assert page.evaluate("window.shift") <= 0.01
        pictures = page.locator("img")
        assert pictures.count() > 1
        for place in range(pictures.count()):
            picture = pictures.nth(place)
            assert int(picture.get_attribute("width") or 0) > 0
            assert int(picture.get_attribute("height") or 0) > 0
        lead = page.locator(".lead img")
        assert lead.get_attribute("fetchpriority") == "high"
        assert lead.get_attribute("loading") is None
        assert page.locator("img[fetchpriority]").count() == 1
        others = page.locator(".related img")
        assert others.first.get_attribute("loading") == "lazy"


def note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def test_no_page_is_wider_than_a_small_phone_or_asks_for_a_script(
    pages: dict[str, str], browser: Chromium
) -> None:
    for name, address in pages.items():
        with browser.page(scripts=True, viewport=PHONE) as page:
            asked: list[str] = []
            page.on("request", partial(note, asked))
            page.goto(address)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], name
            assert page.locator("script:not([type='application/ld+json'])").count() == 0
            assert all("localhost" in url for url in asked), name
            # The page and one file of styles; all else is a picture.
            files = [url for url in asked if "/pictures/" not in url]
            assert len([url for url in files if not url.endswith(".svg")]) == 2, name


def test_a_policy_as_strict_as_ours_refuses_nothing(
    pages: dict[str, str], browser: Chromium
) -> None:
    for name in ("front", "wire story", "search", "style guide"):
        heard = [
            line for line in browser.complaints(pages[name]) if "favicon" not in line
        ]
        assert heard == [], name


def test_every_target_is_large_enough_for_a_thumb(
    pages: dict[str, str], browser: Chromium
) -> None:
    measure = """() => [...document.querySelectorAll("nav a, .button, .kicker a, summary")]
        .filter(each => each.offsetParent)
        .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
        .filter(([, box]) => box.height < 24 || box.width < 24)
        .map(([text]) => text)"""
    for name in ("front", "wire story", "search"):
        with browser.page(scripts=True, viewport=PHONE) as page:
            page.goto(pages[name])
            assert page.evaluate(measure) == [], name


def test_the_skip_links_lead_to_the_content(
    pages: dict[str, str], browser: Chromium
) -> None:
    with browser.page(viewport=DESKTOP) as page:
        page.goto(pages["wire story"])
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        assert skip.evaluate("each => each === document.activeElement") is True
        assert skip.bounding_box()["width"] > 24  # type: ignore[index]
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")


def test_a_story_reads_without_scripts_in_the_right_order(
    pages: dict[str, str], browser: Chromium
) -> None:
    with browser.page(viewport=PHONE) as page:
        page.goto(pages["wire story"])
        text = " ".join(page.locator("body").inner_text().split())
    order = (
        "Skip to content",
        "Orrin Sound 9",
        "Politics",
        "Gale closes the Orrin bridge and sends the fleet home",
        "Gusts of 70 miles an hour",
        "By Ida Marlow and Bo Lowe, Halyard Wire Service",
        "Published",
        "Boats wait out the gale in the harbour.",
        "Ida Marlow/Halyard",
        "(Halyard) — The county closed the Orrin bridge",
        "The-Halyard-Wire",
        "™ & © 2026 Halyard Wire Service. All rights reserved.",
        "An earlier version gave the bridge a wrong length.",
        "Article Topic Follows: Politics",
        "Share",
        "Halyard Wire Service News agency",
        "Related stories",
        "Community Guidelines",
        "Skip to content",
    )
    at = -1
    for words in order:
        found = text.find(words, at + 1)
        assert found > at, words
        at = found
    assert text.count("(Halyard)") == 1


def test_paper_has_the_story_and_not_the_furniture(
    pages: dict[str, str], browser: Chromium
) -> None:
    with browser.page(viewport=DESKTOP, color_scheme="dark") as page:
        page.goto(pages["wire story"])
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert page.locator(".wire-copyright").is_visible()
        for furniture in (".sections", ".share", ".related", ".search-link"):
            assert not page.locator(furniture).first.is_visible(), furniture
        ink = page.locator("h1").evaluate("each => getComputedStyle(each).color")
    assert ink == "rgb(0, 0, 0)"
