"""How fast a kill is gone from every surface, with readers and a full queue before it.

``python -m bench.kill --kills 20 --waiting 20000`` runs a site with Varnish in front (where
there is one), keeps readers on it, puts deliveries into the queue and then kills stories
one by one while they wait. For each surface: seconds from the moment the kill was
accepted until a reader who asked no longer got the story.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import copy
from bench.readers import Readers, readers
from bench.wire import RECORD, machine

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed

ORIGIN_BOUND, CACHE_BOUND = 1.0, 5.0
SPARE = 3000  # deliveries the worker may take between the look and the kill
GROUP = 50  # deliveries received at a time
PATHS = ("/", "/politics/", "/feed.rss", "/search/?q=ferry", "/politics/feed.json")
STATION = """
from wagtail.models import Page, Site
from wiredesk.stories.models import FrontPage, SectionPage
root = Page.get_first_root_node()
front = root.add_child(instance=FrontPage(title="Bench News", slug="bench"))
front.add_child(instance=SectionPage(title="Politics", slug="politics"))
Site.objects.update(root_page=front)
"""


@dataclass(slots=True)
class Figures:
    """What was measured: seconds of each kill, by way and surface."""

    kills: int
    waiting: int
    readers: int
    cache: bool
    seconds: dict[str, list[float]] = field(default_factory=dict)
    proved: list[float] = field(default_factory=list)
    waiting_at_kill: list[int] = field(default_factory=list)
    pages: int = 0
    page_failures: int = 0
    late: list[str] = field(default_factory=list)


def main() -> None:
    """Measure, print, and with ``--record`` keep. Exit status 1 if a kill was late."""
    options = _options()
    home = Path(tempfile.mkdtemp(prefix="wiredesk-bench-", dir=options.folder))
    try:
        figures = _measure(home, options)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    text = _in_words(figures)
    print(json.dumps(_plain(figures)) if options.json else text)  # noqa: T201
    if options.record:
        _record(text)
    sys.exit(1 if figures.late else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=3, help="stories killed")
    parser.add_argument("--waiting", type=int, default=500, help="deliveries waiting")
    parser.add_argument("--readers", type=int, default=4, help="readers meanwhile")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--record", action="store_true", help=f"add to {RECORD.name}")
    parser.add_argument("--folder", type=Path, help="where the data folder is made")
    parser.add_argument("--no-cache", action="store_true", help="without Varnish")
    return parser.parse_args()


def _measure(home: Path, options: argparse.Namespace) -> Figures:
    with _running(home, with_cache=not options.no_cache) as (origin, cache):
        figures = Figures(
            options.kills, options.waiting, options.readers, cache is not None
        )
        addresses = [cache, origin] if cache else [origin]
        with readers(
            addresses, paths=PATHS, count=options.readers, host="localhost"
        ) as seen:
            _kill_many(figures, addresses, seen)
        figures.pages, figures.page_failures = seen.pages, seen.failures
    return figures


@contextmanager
def _running(home: Path, *, with_cache: bool) -> Iterator[tuple[str, str | None]]:
    """Run a site, with Varnish in front where there is one, and set Django up on it."""
    from tests import live
    from tests.requires import PARTS
    from tests.varnish import varnish

    port, program = live.free_port(), PARTS["varnish"].find()
    with ExitStack() as stack:
        settings, cache = {}, None
        if with_cache and program is not None:
            cache = stack.enter_context(varnish(program, home / "varnish", origin=port))
            settings = {
                "WIREDESK_SURROGATE_SECONDS": "300",
                "WIREDESK_VARNISH": cache,
                "WIREDESK_CACHE_URL": cache,
            }
        _say("Starting a site …")
        site = live.start(home / "site", port=port, settings=settings)
        stack.callback(site.stop)
        site.python(STATION)
        os.environ.update(site.environment)
        from wiredesk.config.boot import set_up

        set_up()
        yield site.url, cache


def _kill_many(figures: Figures, addresses: list[str], seen: Readers) -> None:
    from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed

    feed = ensure_builtin_feed()
    uris = [f"urn:bench:kill:{number}" for number in range(figures.kills)]
    _send(feed, [_story(uri, number) for number, uri in enumerate(uris)])
    stories = [_wait_for(uri) for uri in uris]
    source = copy.messages(figures.waiting * figures.kills * 2 + 1000)
    for story_id, uri in zip(stories, uris, strict=True):
        _fill(feed, source, figures.waiting)
        _kill(figures, feed, story_id, uri)
        _say(
            f"{uri}: {figures.waiting_at_kill[-1]:,} waited; {seen.pages:,} pages read"
        )
    figures.proved = [_seconds_to_proof(story_id) for story_id in stories]


def _story(uri: str, number: int) -> bytes:
    return json.dumps(
        {
            "uri": uri,
            "type": "text",
            "version": "1",
            "pubstatus": "usable",
            "headline": f"The council of Lower Tarn hears measured case {number:05d}",
            "body_text": "It will be withdrawn before the day is out, it was said.",
            "subject": [{"code": "medtop:11000000"}],
        }
    ).encode()


def _send(feed: Feed, raws: list[bytes]) -> None:
    from wiredesk.wire.actions.receive import Payload, receive

    receive(feed=feed, payloads=[Payload(raw) for raw in raws], transport="bench")


def _wait_for(uri: str) -> int:
    from wiredesk.stories.models import Story

    end = time.monotonic() + 120
    while time.monotonic() < end:
        story = Story.objects.public().filter(identities__guid=uri).first()
        if story is not None:
            return int(story.pk)
        time.sleep(0.05)
    raise RuntimeError(f"{uri} was never published.")


def _waiting() -> int:
    from wiredesk.wire.models import Delivery

    return Delivery.objects.filter(state=Delivery.State.WAITING).count()


def _fill(feed: Feed, source: Iterator[bytes], wanted: int) -> None:
    """Put deliveries into the queue so that so many wait, and some to spare.

    The worker empties it meanwhile; what is to spare lasts for several kills.
    """
    if _waiting() >= wanted + SPARE:
        return
    while _waiting() < wanted * 1.25 + SPARE:
        batch = list(itertools.islice(source, GROUP))
        if not batch:
            return
        _send(feed, batch)


def _kill(figures: Figures, feed: Feed, story_id: int, uri: str) -> None:
    from wiredesk.delivery.drill.watch import Watch
    from wiredesk.delivery.models import Withdrawal
    from wiredesk.delivery.proof.asking import Asker, Question, Reply, ways
    from wiredesk.delivery.proof.gone import lack
    from wiredesk.delivery.proof.prove import story_traces
    from wiredesk.delivery.surfaces import surfaces
    from wiredesk.lib.own_servers import OwnServers
    from wiredesk.stories.models import Story

    story = Story.objects.get(pk=story_id)
    timed = [(each, each.urls_of(story)[:1]) for each in surfaces()]
    names = {url: each for each, urls in timed for url in urls}
    questions = [(via, url) for via in ways() for url in names]
    traces = story_traces(story)

    def is_gone(question: Question, reply: Reply) -> bool:
        expects = names[question[1]].expects
        return not reply.failure and not lack(expects, traces, reply.status, reply.body)

    asker = Asker(client=OwnServers(seconds=30, connections=200))
    asker.ask(questions)  # so that the cache has something to forget
    figures.waiting_at_kill.append(_waiting())
    _send(feed, [json.dumps({"uri": uri, "type": "text", "version": "2",
                             "pubstatus": "canceled"}).encode()])  # fmt: skip
    began = time.monotonic()
    dark = Withdrawal.objects.filter(story=story_id, ended_at=None)
    watch = Watch(asker, questions, is_gone, began, 60, ready=dark.exists)
    seconds = watch.run()
    for via, url in questions:
        took = seconds.get((via, url), float("inf"))
        figures.seconds.setdefault(f"{via}: {names[url].name}", []).append(took)
        if took > (ORIGIN_BOUND if via == "origin" else CACHE_BOUND):
            figures.late.append(f"{uri} {via} {names[url].name}: {took:.3f} s")
    asker.close()


def _seconds_to_proof(story_id: int) -> float:
    """Give the seconds from going dark until every surface was proved gone."""
    from wiredesk.delivery.models import Withdrawal

    end = time.monotonic() + 60
    while time.monotonic() < end:
        row = Withdrawal.objects.filter(story=story_id, gone_at__isnull=False).first()
        if row is not None and row.gone_at is not None:
            return (row.gone_at - row.at).total_seconds()
        time.sleep(0.05)
    return float("inf")


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _in_words(figures: Figures) -> str:
    front = "Varnish in front" if figures.cache else "no cache in front"
    least = min(figures.waiting_at_kill, default=0)
    lines = [
        f"{figures.kills} kills, each with at least {least:,} deliveries waiting, "
        f"{figures.readers} readers ({figures.pages:,} pages, "
        f"{figures.page_failures} failures), {front}",
        f"{'surface':<28}{'p50':>9}{'p99':>9}{'max':>9}  seconds after acceptance",
    ]
    rows = {**figures.seconds, "all surfaces proved": figures.proved}
    lines += [
        f"{name:<28}{_quantile(took, 0.5):>9.3f}{_quantile(took, 0.99):>9.3f}"
        f"{max(took):>9.3f}"
        for name, took in rows.items()
        if took
    ]
    lines += [f"TOO LATE: {each}" for each in figures.late[:20]]
    return "\n".join(lines)


def _plain(figures: Figures) -> dict[str, object]:
    names = ("kills", "waiting", "readers", "cache", "seconds", "proved", "late")
    return {name: getattr(figures, name) for name in names}


def _record(text: str) -> None:
    heading = f"\n### {time.strftime('%Y-%m-%d')}: kills\n\n{machine()}.\n\n"
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(f"{heading}```\n{text}\n```\n")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
