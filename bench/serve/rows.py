"""The rows of the table in which wrk asks nginx and Wiredesk in turn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.workers import memory_of, web_processes

from bench.serve import fill
from bench.serve.feed import wire
from bench.serve.heads import heads
from bench.serve.idle import idle
from bench.serve.load import IDENTITY, Load, Play, alternate, middle, press, worked
from bench.serve.servers import Server
from bench.serve.table import Row, beside, in_words

ACTIVE = 64


@dataclass(frozen=True)
class Plan:
    """How long and how often each is pressed, and with how much of everything."""

    seconds: float
    rounds: int
    idle: int
    stored: int


def zipf(count: int, length: int = 200_000, seed: int = 5) -> list[int]:
    """Give an order of asking in which the n-th page comes as often as 1/n of the first."""
    chance = random.Random(seed)  # noqa: S311 - the same order in every run
    places = list(range(count))
    chance.shuffle(places)
    weights = [1 / (rank + 1) for rank in range(count)]
    return chance.choices(places, weights, k=length)


def uniform(count: int, seed: int = 6) -> list[int]:
    """Give an order in which every page comes once before one comes again."""
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311 - as above
    return order


def hot(nginx: Server, ours: Server, path: str, plan: Plan) -> list[Row]:
    """Ask for one page, compressed, then not; also with many browsers' heads."""
    pair = (nginx, ours)
    packed = _pair(pair, Play([path]), plan)
    rows = [beside("hot story page, gzip", packed, 0.90)]
    theirs, own = packed
    rows.append(
        Row(
            "the same, p99",
            f"{theirs.p99:.2f} ms",
            f"{own.p99:.2f} ms",
            f"{own.p99 / max(theirs.p99, 1e-9):.2f} ×",
            wanted="≤ 2 × nginx",
            reached=own.p99 <= 2 * theirs.p99,
        )
    )
    plain = _pair(pair, Play([path], encoding=IDENTITY), plan)
    rows.append(beside("hot story page, identity", plain, 0.75))
    varied = _pair(pair, Play([path], heads=heads()), plan)
    rows.append(beside("hot story page, 400 different heads", varied))
    return rows


def _pair(pair: Sequence[Server], play: Play, plan: Plan) -> tuple[Load, Load]:
    theirs, own = alternate(pair, play, seconds=plan.seconds, rounds=plan.rounds)
    return theirs, own


def many(nginx: Server, ours: Server, paths: Sequence[str], plan: Plan) -> list[Row]:
    """Ask for many stored pages, some often and most seldom; then weigh the process."""
    fill.ask_all(ours.port, paths)
    play = Play(paths, zipf(len(paths)))
    row = beside(
        f"{len(paths):,} stored pages, Zipf", _pair((nginx, ours), play, plan), 0.80
    )
    assert ours.site is not None
    (pid,) = web_processes(ours.site)
    size = memory_of(pid)
    resident, own = size["Rss"] / 1024, size["Pss"] / 1024
    weight = Row(
        f"memory of one worker, {len(paths):,} stories stored",
        "",
        f"RSS {resident:.0f} MB, PSS {own:.0f} MB",
        wanted="≤ 300 MB",
        reached=resident <= 300,
    )
    return [row, weight]


def with_idle(nginx: Server, ours: Server, path: str, plan: Plan) -> list[Row]:
    """Ask with many idle connections beside, and without, in turn."""
    shares: list[tuple[Load, Load]] = []
    held: list[int] = []
    play = Play([path])
    for server in (nginx, ours):
        alone, beside_idle = [], []
        for _ in range(plan.rounds):
            alone.append(press(server, play, plan.seconds, ACTIVE))
            with idle(server, plan.idle, path) as left:
                beside_idle.append(press(server, play, plan.seconds, ACTIVE))
            held.append(left[0])
        shares.append((middle(alone), middle(beside_idle)))
    words, ratios = [], []
    for alone_load, idle_load in shares:
        by_rate = idle_load.rate / alone_load.rate
        ratios.append((by_rate, alone_load.cost / idle_load.cost))
        words.append(f"{in_words(idle_load)} ({by_rate:.2f} of {ACTIVE} alone)")
    by_rate, by_cost = ratios[1]
    return [
        Row(
            f"{plan.idle:,} idle connections and {ACTIVE} active; "
            f"held to the end by nginx {min(held[: plan.rounds]):,}, "
            f"by wiredesk {min(held[plan.rounds :]):,}",
            words[0],
            words[1],
            f"{by_rate:.2f}",
            f"{by_cost:.2f}",
            "≥ 0.90 of alone",
            by_rate >= 0.90 and min(held[plan.rounds :]) == plan.idle,
        )
    ]


def under_wire(nginx: Server, ours: Server, path: str, plan: Plan) -> list[Row]:
    """Ask for a page that doesn't change while the wire brings stories and kills."""
    play = Play([path])
    theirs, own, kills, answers, stale = [], [], 0, 0, 0
    for _ in range(plan.rounds):
        theirs.append(press(nginx, play, plan.seconds))
        with wire(ours) as seen:
            own.append(press(ours, play, 2 * plan.seconds))
        kills, answers = kills + seen.kills, answers + seen.answers
        stale += seen.stale
    row = beside(
        "while the wire brings 50 messages/s and a kill a second",
        (middle(theirs), middle(own)),
        0.70,
    )
    told = Row(
        f"stale answers of {answers:,} after {kills} kills, every process and encoding",
        "",
        str(stale),
        wanted="0",
        reached=stale == 0 and kills > 0,
    )
    return [row, told]


def archive(
    nginx: Server, ours: Server, paths: Sequence[str], plan: Plan, memory: int
) -> tuple[Row, Load]:
    """Ask for more pages than the memory holds, each as often as the others."""
    fill.ask_all(ours.port, paths)
    play = Play(paths, uniform(len(paths)))
    theirs, own = _pair((nginx, ours), play, plan)
    assert ours.site is not None
    (pid,) = web_processes(ours.site)
    note = f"{memory} MB allowed, RSS {memory_of(pid)['Rss'] / 1024:.0f} MB"
    row = beside(f"{len(paths):,} stories, uniform", (theirs, own), 0.30, note=note)
    return row, own


def beside_drawing(stored: Load, drawn: Load) -> Row:
    """Set the archive's rate beside that of drawing every page."""
    ratio = stored.rate / max(drawn.rate, 1e-9)
    return Row(
        "the same beside drawing every page (store off)",
        f"drawing {in_words(drawn)}",
        in_words(stored),
        f"{ratio:.0f} ×",
        f"{drawn.cost / max(stored.cost, 1e-9):.0f} ×",
        "≥ 50 ×",
        ratio >= 50,
    )


def draw_rate(ours: Server, paths: Sequence[str], plan: Plan) -> Load:
    """Ask a site without a store."""
    play = Play(paths, uniform(len(paths)))
    return middle([press(ours, play, plan.seconds, 8) for _ in range(plan.rounds)])


def proxied(nginx: Server, proxy: Server, ours: Server, path: str, plan: Plan) -> Row:
    """Ask through nginx as the proxy in front; both servers' work is counted."""
    play = Play([path])
    theirs, through = [], []
    for _ in range(plan.rounds):
        theirs.append(press(nginx, play, plan.seconds))
        both = _Both(proxy, ours)
        through.append(both.press(play, plan.seconds))
    return beside(
        "hot story page through nginx as proxy", (middle(theirs), middle(through))
    )


@dataclass(frozen=True)
class _Both:
    """A proxy and the site behind it, worked as one."""

    proxy: Server
    behind: Server

    def press(self, play: Play, seconds: float) -> Load:
        before = worked(self.behind)
        load = press(self.proxy, play, seconds)
        more = 1e6 * (worked(self.behind) - before) / max(load.requests, 1)
        return replace(load, cost=load.cost + more)


def log_lines(server: Server) -> str:
    """Say how many lines a server's access log has."""
    if not server.log.exists():
        return f"{server.name} writes NO access log"
    with Path(server.log).open("rb") as lines:
        return f"{server.name} {sum(1 for _ in lines):,}"
