"""A running site with a real Varnish in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests import live, requires
from tests.varnish import varnish

# A station with a front and a section; topics there are from the first.
STATION = """
from wagtail.models import Page, Site
from wiredesk.stories.models import FrontPage, SectionPage
root = Page.get_first_root_node()
front = root.add_child(instance=FrontPage(title="Lake City News", slug="lake"))
front.add_child(instance=SectionPage(title="Politics", slug="politics"))
site = Site.objects.get()
site.root_page = front
site.save()
"""


@dataclass
class Cached:
    """The site, and the address readers know: Varnish's."""

    site: live.LiveSite
    address: str

    @property
    def host(self) -> str:
        return "localhost"

    def get(self, path: str) -> httpx.Response:
        """Ask as a reader does: through Varnish."""
        return httpx.get(self.address + path, headers={"Host": self.host}, timeout=20)


@contextmanager
def cached_site(
    home: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Cached]:
    """Run a site with Varnish, which may keep its pages for five minutes."""
    program = requires.need("varnish")
    port = live.free_port()
    with varnish(program, home / "varnish", origin=port) as address:
        told = {
            "WIREDESK_SURROGATE_SECONDS": "300",
            "WIREDESK_VARNISH": address,
            "WIREDESK_CACHE_URL": address,
        }
        site = live.start(
            home / "site", port=port, settings={**told, **(settings or {})}
        )
        try:
            site.python(STATION)
            yield Cached(site, address)
        finally:
            site.stop()
