"""A real browser for tests: pages with and without scripts, and axe on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe as AxeRunner
from playwright.sync_api import Browser, ConsoleMessage, Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]},
    "resultTypes": ["violations"],
}


class Chromium:
    """Opens pages. Each page has a context of its own: no cookie is carried over."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @contextmanager
    def page(self, *, scripts: bool = False, **context: Any) -> Iterator[Page]:
        """Give a page; ``scripts`` off by default, since every page must do without.

        More keywords go to Playwright's ``new_context``: ``viewport``,
        ``color_scheme``, ``reduced_motion``, ``bypass_csp``, ``base_url`` …
        """
        opened = self.browser.new_context(java_script_enabled=scripts, **context)
        try:
            yield opened.new_page()
        finally:
            opened.close()

    def complaints(self, address: str, **context: Any) -> list[str]:
        """Open ``address`` with scripts on; give what the browser complains of.

        Errors of scripts and whatever the content security policy refused.
        """
        with self.page(scripts=True, **context) as page:
            heard = listen(page)
            page.goto(address, wait_until="networkidle")
            return heard


def listen(page: Page) -> list[str]:
    """Give a list that fills with the page's errors and refusals as they happen."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(f"{message.type}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    return heard


class Axe:
    """Looks for barriers by the rules of WCAG 2.2 A and AA and good practice."""

    def __init__(self, chromium: Chromium) -> None:
        self.chromium = chromium

    @contextmanager
    def opened(self, address: str, **context: Any) -> Iterator[Page]:
        """Open ``address`` in a context in which a page can be looked at."""
        # axe is put into the page by the test, which the page's own policy forbids.
        with self.chromium.page(scripts=True, bypass_csp=True, **context) as page:
            page.goto(address)
            yield page

    def violations_on(self, page: Page) -> list[str]:
        """Look at a page as it stands; see ``opened``."""
        found = AxeRunner().run(page, options=OPTIONS).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}): {node['html']} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]
