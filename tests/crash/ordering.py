"""An editor who goes on giving orders, and is killed in the middle now and then."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from tests.crash.copy import Item, delivery
from tests.crash.sites import Killable

STORIES = 3
ORDERS = """
import itertools, sys, time
import django
django.setup()
from wiredesk.stories.actions.give_order import give_order
from wiredesk.stories.models import StoryIdentity
from wiredesk.wire.models import Message
for verb in itertools.cycle(("hold", "publish")):
    for guid in sys.argv[1:]:
        story = StoryIdentity.objects.get(guid=guid).story
        message = Message.objects.filter(guid=guid).earliest("pk")
        order = give_order(story=story, verb=verb, by=None, message=message)
        print(order.pk, flush=True)
        time.sleep(0.02)
"""
STANDS = {"hold": "held", "publish": "live"}


class Desk:
    """Holds and publishes stories of its own; ``answered`` are orders it heard of."""

    def __init__(self, site: Killable) -> None:
        self.site = site
        self.items = [Item(f"urn:x:osk:desk-{number}", 1) for number in range(STORIES)]
        self.answered: set[int] = set()
        self.stop = threading.Event()
        self.process: subprocess.Popen[str] | None = None
        self.thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        for item in self.items:
            assert self.site.push(delivery(item).raw).status_code == 202
        self.site.drain()
        self.thread.start()

    def kill(self) -> bool:
        """End the editor's process with SIGKILL, once it has begun to give orders."""
        process, before = self.process, len(self.answered)
        if process is None or process.poll() is not None or not before:
            return False
        process.kill()
        return True

    def finish(self) -> None:
        self.stop.set()
        if self.process is not None:
            self.process.kill()
        self.thread.join(60)
        assert not self.thread.is_alive()

    def _work(self) -> None:
        while not self.stop.is_set():
            self.process = subprocess.Popen(
                [sys.executable, "-c", ORDERS, *(item.guid for item in self.items)],
                env=self.site.site.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert self.process.stdout is not None
            for line in self.process.stdout:
                if line.strip().isdecimal() and line.endswith("\n"):
                    self.answered.add(int(line))
            self.process.wait()


def assert_orders_are_whole(site: Killable, desk: Desk) -> int:
    """Each order is there with all that it did, or nothing of it; gives how many."""
    orders = site.rows("SELECT id, verb, story_id FROM stories_order ORDER BY id")
    assert desk.answered <= {number for number, _verb, _story in orders}
    written = [
        json.loads(detail)["order"]
        for (detail,) in site.rows(
            "SELECT detail FROM logbook_entry WHERE verb IN ('order-hold', 'order-publish')"
        )
    ]
    assert sorted(written) == [number for number, _verb, _story in orders]
    holds = [number for number, verb, _story in orders if verb == "hold"]
    assert _holds_in_journal(site) >= len(holds)
    last = {story: verb for _number, verb, story in orders}
    standings = dict(site.rows("SELECT story_id, state FROM stories_storystanding"))
    assert {story: standings[story] for story in last} == {
        story: STANDS[verb] for story, verb in last.items()
    }
    return len(orders)


def _holds_in_journal(site: Killable) -> int:
    lines = [
        json.loads(line)
        for path in sorted((site.home / "journal").glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
        if line.endswith(b"}")
    ]
    return sum(
        line["verb"] == "order" and line["facts"]["order"] == "hold" for line in lines
    )
