"""Over HTTP, on a running site: a picture goes alone, then a contract ends and is erased."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests import live
from tests.config.newsroom import Newsroom
from tests.delivery.cached_site import STATION
from tests.stories.test_contract_end import drawn

pytestmark = [pytest.mark.processes, pytest.mark.slow]
FEEDS = """
from wiredesk.wire.models import Feed
for slug in ("meridian", "lodestar"):
    Feed.objects.create(slug=slug, name=slug.title(), source=slug, publish="now")
"""
DARK = """
import json
from wiredesk.delivery.models import Withdrawal
print(json.dumps([
    [row.thing, row.kind, row.gone_at is not None, row.ended_at is not None,
     [[p.surface, p.lack, p.proved_at is not None] for p in row.proofs.all()]]
    for row in Withdrawal.objects.order_by("pk")
]))
"""
G2_KILL = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="2"
  standard="NewsML-G2" standardversion="2.33" conformance="power">
  <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"/>
  <itemMeta>
    <itemClass qcode="ninat:picture"/>
    <provider literal="meridian"/>
    <versionCreated>2026-03-02T12:30:00Z</versionCreated>
    <pubStatus qcode="stat:canceled"/>
  </itemMeta>
</newsItem>
"""
LISTS = ("/", "/feed.rss", "/feed.atom", "/feed.json", "/search/?q=Orrin")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.LiveSite]:
    site = live.start(tmp_path_factory.mktemp("contract"))
    yield site
    site.stop()


@pytest.fixture(scope="module")
def room(site: live.LiveSite) -> Iterator[Newsroom]:
    """Give the commands beside the site."""
    room = Newsroom(site.home, PORT=str(site.port))
    room.python(STATION + FEEDS)
    yield room
    room.close()


def ninjs(guid: str, headline: str, picture: str = "") -> str:
    item: dict[str, object] = {
        "uri": guid,
        "type": "text",
        "version": "1",
        "versioncreated": "2026-03-02T12:00:00Z",
        "pubstatus": "usable",
        "language": "en",
        "headline": headline,
        "body_xhtml": f"<p>{headline}, the county said on Monday at noon.</p>",
    }
    if picture:
        item["associations"] = {
            "featured": {
                "uri": "urn:meridian:pier",
                "type": "picture",
                "renditions": {
                    "main": {"href": picture, "mimetype": "image/png"},
                },
            }
        }
    return json.dumps(item)


def take(room: Newsroom, folder: Path, name: str, text: str, feed: str) -> str:
    """Deliver a file; gives the story's path."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    done = room.run("wire", "take", str(folder / name), "--feed", feed, "--json")
    url = json.loads(done.stdout.splitlines()[0])["url"] or ""
    return url.partition("//")[2].partition("/")[2] and "/" + url.split("/", 3)[3]


def until(found: Callable[[], object], limit: float = 30.0) -> float:
    """Wait until there is something; gives the seconds it took."""
    begun = time.monotonic()
    while not found():
        assert time.monotonic() - begun < limit
        time.sleep(0.1)
    return time.monotonic() - begun


def proved(room: Newsroom, thing: str) -> bool:
    rows = json.loads(room.python(DARK))
    return any(row[0] == thing and row[2] for row in rows)


def test_a_picture_goes_alone_then_the_contract_ends_and_is_erased(
    site: live.LiveSite, room: Newsroom, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "pier.png").write_bytes(drawn())
    page = take(
        room,
        folder,
        "a.json",
        ninjs("urn:a", "Orrin pier opens", "pier.png"),
        "meridian",
    )
    other = take(
        room, folder, "b.json", ninjs("urn:b", "Orrin ferry waits"), "lodestar"
    )
    until(lambda: "/pictures/" in site.get(page).text)
    html = site.get(page).text
    number = re.search(r"/pictures/(\d+)/", html)
    assert number is not None
    here = f"/pictures/{number[1]}/"
    picture = f"{here}320.jpeg"
    assert "og:image" in html
    assert site.get(picture).status_code == 200
    assert any(here in site.get(path).text for path in ("/", "/feed.json"))

    # The agency kills the picture by its own id, as NewsML-G2 says it.
    (folder / "kill.xml").write_text(G2_KILL.format(guid="urn:meridian:pier"))
    room.run("wire", "take", str(folder / "kill.xml"), "--feed", "meridian")
    assert site.get(picture).status_code == 410
    answer = site.get(page)
    assert answer.status_code == 200
    assert here not in answer.text
    assert "og:image" not in answer.text
    for path in LISTS:
        text = site.get(path).text
        assert here not in text
        assert page in text
    until(lambda: proved(room, f"picture:{number[1]}"))

    # The contract ends some seconds from now, by the clock and by nothing else.
    begun = time.monotonic()
    plan = json.loads(room.run("wire", "end", "meridian", "--dry-run", "--json").stdout)
    command_takes = timedelta(seconds=time.monotonic() - begun)
    assert (plan["public"], plan["pictures"], plan["ends_at"]) == (1, 1, None)
    end = timezone.now() + 2 * command_takes + timedelta(seconds=3)
    told = room.run("wire", "end", "meridian", "--at", end.isoformat(), "--json")
    assert json.loads(told.stdout)["dry_run"] is False
    assert timezone.now() < end, "the machine was too slow to look before the end"
    assert site.get(page).status_code == 200
    time.sleep(max(0.0, (end - timezone.now()).total_seconds()))
    answer = site.get(page)
    assert answer.status_code == 410
    assert "Orrin pier" not in answer.text
    for path in LISTS:
        text = site.get(path).text
        assert page not in text
        assert other in text
    late = take(room, folder, "c.json", ninjs("urn:c", "Orrin lock shut"), "meridian")
    assert late == ""
    number_of_story = page.rstrip("/").rpartition("-")[2]
    until(lambda: proved(room, f"story:{number_of_story}"))

    # Erased: no file and no row of the database has a word of it any more.
    room.run("wire", "end", "meridian", "--erase")
    room.python(
        "from datetime import timedelta\n"
        "from wiredesk.stories.actions import erase_contract as erase\n"
        "erase.GRACE = timedelta(0)\n"
        "while erase.erase_contracts(): pass\n"
    )
    told = room.run("wire", "end", "meridian", "--json")
    assert json.loads(told.stdout)["erased_at"]
    kept = [path for path in (site.home / "originals").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"Orrin pier" in path.read_bytes()]
    assert site.get(page).status_code == 410
    assert site.get(other).status_code == 200
    for words in (("logbook", "verify"), ("logbook", "journal"), ("wire", "ledger")):
        assert room.run(*words).returncode == 0
    named = room.run("kill", "certificate", "urn:a", "--json")
    assert json.loads(named.stdout)["withdrawal"]["kind"] == "expired"
    room.run("wire", "end", "meridian", "--undo")
    assert site.get(page).status_code == 410
