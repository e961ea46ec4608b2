"""The stories that are asked for: made once, by the wire, and kept for later runs.

``python -m bench.serve.archive COUNT LARGE``, with ``WIREDESK_HOME`` set, brings COUNT
stories, the first LARGE of them with pages of about 22 KB.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import copy
from bench.serve.servers import SETTINGS, wiredesk

LARGE = range(13_000, 15_000)  # characters of text that make a page of about 22 KB
STEP = 5_000
GROUP = 50
ROOT = Path(__file__).resolve().parents[2]
# A section of its own, so that its lists are as busy as a newsroom's.
STATION = """
from wagtail.models import Page, Site
from wiredesk.stories.models import FrontPage, SectionPage
root = Page.get_first_root_node()
front = root.add_child(instance=FrontPage(title="Bench News", slug="bench"))
front.add_child(instance=SectionPage(title="Politics", slug="politics"))
Site.objects.update(root_page=front)
"""


def build(folder: Path, count: int, large: int) -> Path:
    """Give a data folder with ``count`` stories, made where there is none like it."""
    home, stamp = folder / "home", folder / "stories.json"
    wanted = {"count": count, "large": large}
    if stamp.is_file() and json.loads(stamp.read_text()) == wanted:
        return home
    if home.exists():
        raise SystemExit(f"{home} holds other stories; name another folder.")
    with wiredesk(home, core=None) as server:
        assert server.site is not None
        server.site.python(STATION)
        environment = dict(server.site.environment)
    subprocess.run(
        [sys.executable, "-m", "bench.serve.archive", str(count), str(large)],
        env=environment,
        cwd=ROOT,
        check=True,
    )
    stamp.write_text(json.dumps(wanted))
    return home


def paths_of(home: Path) -> list[str]:
    """Give the paths of all public stories, in the order they came."""
    place = f"file:{home / 'wiredesk.sqlite3'}?mode=ro"
    connection = sqlite3.connect(place, uri=True)
    try:
        rows = connection.execute(
            "SELECT story_path FROM wire_ledgerline WHERE story_path != ''"
            " GROUP BY story_path ORDER BY min(id)"
        )
        return [str(path) for (path,) in rows]
    finally:
        connection.close()


def new_stories(count: int, large: int) -> Iterator[bytes]:
    """Give first versions only: every message becomes a story."""
    chance = random.Random(7)  # noqa: S311 - the same copy in every run
    for number in range(count):
        words = LARGE if number < large else copy.USUAL
        yield copy.item(number, 1, chance, words)


def main() -> None:
    """Bring the stories into the database that the environment names."""
    count, large = (int(word) for word in sys.argv[1:3])
    from wiredesk.config.boot import set_up

    set_up()
    from bench.wire import receive_all, take_all
    from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
    from wiredesk.wire.actions.receive import Payload
    from wiredesk.wire.pace import Pace

    feed, pace, done = ensure_builtin_feed(), Pace(), 0
    source = new_stories(count, large)
    with ThreadPoolExecutor(1) as receiver:
        while batch := list(itertools.islice(source, STEP)):
            payloads = [Payload(raw) for raw in batch]
            take_all(receiver.submit(receive_all, feed, payloads), pace)
            done += len(batch)
            print(f"{done:>8,} stories", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ.update(SETTINGS)
    main()
