"""Sites to ask raw requests of: the same station with the page store and without."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.http import http_date

from tests import live
from tests.http.counting import PLACE
from tests.http.raw import Answer, ask
from tests.live import LiveSite

HOST = "news.example"
ROOT = Path(__file__).resolve().parents[2]
# Set so that both sites write the same addresses into their pages, whatever their ports.
SETTINGS = {
    "WIREDESK_BASE_URL": f"http://{HOST}",
    "WIREDESK_HOSTS": f"{HOST},localhost,127.0.0.1",
    "WIREDESK_WORKERS": "1",
    "DJANGO_SETTINGS_MODULE": "tests.http.counted_settings",
    "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
}
OFF = {"WIREDESK_STORE_MEMORY": "0", "WIREDESK_STORE_DISK": "0"}
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
class Station:
    """A running station; ``counted`` is the file of what reached Django."""

    site: LiveSite
    counted: Path
    words: dict[str, str] = field(default_factory=dict)
    taking: subprocess.Popen[str] | None = field(default=None, repr=False)

    def get(self, path: str, *lines: str) -> Answer:
        """Ask once, on a connection of its own."""
        head = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {HOST}", *lines, "", ""])
        exchange = ask(self.site.port, head.encode(), host=HOST)
        return exchange.answers[0]

    def reached_django(self, path: str) -> int:
        """Tell how many requests for ``path``, with any query, the store didn't answer."""
        if not self.counted.exists():
            return 0
        lines = self.counted.read_text(encoding="utf-8").splitlines()
        asked = (line.split(" ", 2)[2].partition("?")[0] for line in lines)
        return Counter(asked)[path]

    def take(self, *stories: str) -> list[str]:
        """Bring stories from a process beside the site's; gives their paths."""
        if self.taking is None:
            self.taking = subprocess.Popen(
                [sys.executable, "-m", "tests.http.taking"],
                env=self.site.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.taking.stdin is not None
        assert self.taking.stdout is not None
        self.taking.stdin.write(json.dumps(stories) + "\n")
        self.taking.stdin.flush()
        paths: list[str] = json.loads(self.taking.stdout.readline())
        return paths

    def end(self) -> None:
        """Stop everything, whatever state its processes are in."""
        if self.taking is not None:
            self.taking.communicate()
            self.taking = None
        if self.site.process.poll() is None:
            os.killpg(self.site.process.pid, signal.SIGCONT)
            self.site.stop()


def story(uri: str, **fields: object) -> str:
    """Give a story as an agency sends it."""
    return json.dumps(
        {
            "uri": uri,
            "type": "text",
            "version": "1",
            "pubstatus": "usable",
            "headline": "Lower Tarn council hears the ferry case",
            "body_text": f"It was said in Port Ellery that {uri} is before it.\n\n"
            + "The hearing goes on. " * 200,
            "subject": [{"code": "medtop:11000000"}],
            **fields,
        }
    )


@contextmanager
def station(home: Path, **settings: str) -> Iterator[Station]:
    """Run a station in ``home`` and end it, whatever state its processes are in."""
    counted = home.with_name(f"{home.name}.counted")
    counted.unlink(missing_ok=True)
    site = live.start(home, settings={**SETTINGS, PLACE: str(counted), **settings})
    running = Station(site, counted)
    try:
        yield running
    finally:
        running.end()


def furnish(station: Station) -> dict[str, str]:
    """Give the station a front, a section and two stories, one of them withdrawn."""
    station.site.python(STATION)
    path, withdrawn = station.take(story("urn:x:1"), story("urn:x:2"))
    station.take(story("urn:x:2", version="2", pubstatus="canceled"))
    slashless = path.rstrip("/")
    day, _, slug = slashless.rpartition("/")
    return {
        "{host}": HOST,
        "{story}": path,
        "{slashless}": slashless,
        "{withdrawn}": withdrawn,
        "{number}": slashless.rpartition("-")[2],
        "{upper}": f"{day}/{slug.upper()}/",
        "{encoded}": f"{day}/%{ord(slug[0]):02x}{slug[1:]}/",
        "{future}": http_date(4102444800),
    }


def add_tags(station: Station, words: Mapping[str, str]) -> None:
    """Learn the entity tags and the date that the station gives."""
    plain = station.get(words["{story}"])
    packed = station.get(words["{story}"], "Accept-Encoding: gzip")
    dated = station.get("/feed.rss").header("last-modified")
    station.words = {
        **words,
        "{etag}": str(plain.header("etag")),
        "{etag-gzip}": str(packed.header("etag")),
        "{modified}": str(dated),
    }


def fill_in(raw: bytes, words: Mapping[str, str]) -> bytes:
    """Put the station's own words into a request."""
    for name, word in words.items():
        raw = raw.replace(name.encode(), word.encode())
    return raw


def copy_of(made: Path, place: Path) -> Path:
    """Give a data folder of its own, the same to the last byte."""
    return Path(shutil.copytree(made, place))
