from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.conftest import Tell
from tests.crash.feeding import Senders
from tests.crash.ordering import Desk, assert_orders_are_whole
from tests.crash.proof import (
    assert_made_anew_it_is_the_same,
    assert_nothing_sent_is_lost,
    assert_nothing_unfinished_grows,
    assert_originals_are_there,
    assert_stories_stand_right,
    assert_the_books_are_whole,
    assert_the_public_sees_it,
)
from tests.crash.sites import Killable, running, wait_until

pytestmark = pytest.mark.processes

KILLS = int(os.environ.get("WIREDESK_CRASH_KILLS", "6"))
SEED = int(os.environ.get("WIREDESK_CRASH_SEED", "0")) or time.time_ns() % 10**6
# The supervisor gives a child that keeps dying ever longer pauses; its own end, the
# last of each round, makes it forget.
ROUND = ("worker", "worker", "web", "command", "desk")


def victims(chance: random.Random) -> Iterator[str]:
    """Give who is killed next, without end."""
    while True:
        yield from chance.sample(ROUND, len(ROUND))
        yield "supervisor"


def kill_one(site: Killable, senders: Senders, desk: Desk, victim: str) -> None:
    if victim == "command":
        wait_until(senders.kill_command, why="no command under way")
    elif victim == "desk":
        wait_until(desk.kill, why="no editor at work")
    else:
        wait_until(lambda: site.kill(victim), why=f"no {victim}\n{site.output[-2000:]}")
    if victim == "supervisor":
        site.restart()


@pytest.mark.timeout(360 + 18 * KILLS)
def test_whatever_is_killed_during_ingest_nothing_is_lost_or_doubled(
    made: Path, home: Path, tmp_path: Path, tell: Tell
) -> None:
    tell(f"{KILLS} kills, WIREDESK_CRASH_SEED={SEED}")
    chance = random.Random(SEED)  # noqa: S311  (to be repeatable, not secret)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    killed: Counter[str] = Counter()
    with running(home) as site, ExitStack() as stack:
        senders, desk = Senders(site, chance, scratch), Desk(site)
        desk.start()
        stack.callback(desk.stop.set)
        senders.start()
        stack.callback(senders.stop.set)
        began = time.monotonic()
        for victim, _ in zip(victims(chance), range(KILLS), strict=False):
            time.sleep(chance.uniform(0.05, 1.2))
            kill_one(site, senders, desk, victim)
            killed[victim] += 1
        senders.finish()
        desk.finish()
        drained = site.drain()
        took = time.monotonic() - began
        items = [item for delivery in senders.all for item in delivery.items]
        assert_nothing_sent_is_lost(site, senders, desk.items)
        orders = assert_orders_are_whole(site, desk)
        stories = assert_stories_stand_right(site, items)
        assert_originals_are_there(site, (sent.raw for sent in senders.all))
        assert_the_books_are_whole(site)
        some = chance.sample(sorted({item.guid for item in items}), 6)
        assert_the_public_sees_it(site, (i for i in items if i.guid in some))
        replayed = assert_made_anew_it_is_the_same(site, made, tmp_path)
        unfinished = assert_nothing_unfinished_grows(site)
        assert set(senders.answers) <= ANSWERS, senders.answers
        tell(
            f"killed {dict(killed)} in {took:.0f} s, drained after {drained:.1f} s\n  "
            f"{len(senders.all)} deliveries, {len(items)} items, {stories} stories, "
            f"{len(senders.acknowledged)} pushes acknowledged, {orders} orders, "
            f"replayed in {replayed:.0f} s\n  "
            f"answers {dict(senders.answers)}\n  "
            f"starts: slowest {max(site.starts):.1f} s; "
            f"unfinished files {unfinished}"
        )


# A sender hears that it is accepted, that it must come again, or nothing at all.
ANSWERS = {
    "202",
    "503",
    "ConnectError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "WriteError",
}
