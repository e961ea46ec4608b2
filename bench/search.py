"""How fast readers' searches are answered in an archive of 100,000 stories.

``python -m bench.search`` fills an archive once (``--folder`` keeps it for the next run) and
asks it a stated mix of searches, each kind many times with other words. Measured is
the whole answer: the form with its choices, the stories found, counted and drawn. With
``--postgres`` the same on a PostgreSQL server of its own. Between the searches a loop that
asks for nothing is measured alike: how much longer its slowest hundredth takes than its
middle is what the machine itself takes away.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench import archive
from bench.wire import RECORD, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUND = 50.0  # milliseconds, at p99
LOOP = 100_000  # turns of the loop between searches: about as long as one of them
WARM = 3  # of each kind, not counted: templates, plans, the database's own cache
_WORDS = ("ferry", "cannery", "library", "hearing", "insurer", "audit", "fishing")

# How many stories the page says it found.
_SAID = re.compile(rb'class="result-count"[^>]*>\s*([^<]+?) stor')

Ask = dict[str, str]


@dataclass(slots=True)
class Figures:
    """What was measured, in milliseconds by kind of search."""

    count: int
    asked: int
    database: str
    answers: dict[str, list[float]] = field(default_factory=dict)
    # The same in time of this process's processor: what others on the machine leave of
    # it. On PostgreSQL the database's own work isn't in it.
    worked: dict[str, list[float]] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    loop: list[tuple[float, float]] = field(default_factory=list)


def kinds(count: int, chance: random.Random) -> dict[str, Callable[[], Ask]]:
    """Give each kind of search as a function that makes one up."""

    def word() -> str:
        return chance.choice(_WORDS)

    def section() -> str:
        return str(chance.choice(_numbers("section")))

    def page(most: int) -> str:
        return str(chance.randrange(2, most))

    everywhere, common = archive.EVERYWHERE, archive.COMMON
    return {
        "one story": lambda: {"q": f"case {chance.randrange(count)}"},
        "rare word": lambda: {"q": archive.RARE},
        "common word": lambda: {"q": common},
        "word in most stories": lambda: {"q": word()},
        "word in every story": lambda: {"q": everywhere},
        "two words": lambda: {"q": f"{word()} {word()}"},
        "phrase": lambda: {"q": f'"{archive.PHRASE}"'},
        "phrase that is rare": lambda: {"q": f'"case {chance.randrange(count)}"'},
        "without a word": lambda: {"q": f"{everywhere} -{common}"},
        "nothing found": lambda: {"q": f"xylophone{chance.randrange(999)}"},
        "in a section": lambda: {"q": word(), "section": section()},
        "on a topic": lambda: {"q": word(), "topic": chance.choice(_numbers("topic"))},
        "by an author": lambda: {
            "q": word(),
            "author": f"reporter-{chance.randrange(archive.AUTHORS)}",
        },
        "of an agency": lambda: {"q": word(), "agency": chance.choice(archive.SOURCES)},
        "in a year": lambda: {
            "q": everywhere,
            "since": "2022-01-01",
            "until": "2022-12-31",
        },
        "all filters at once": lambda: {
            "q": everywhere,
            "section": section(),
            "topic": chance.choice(_numbers("topic")),
            "agency": chance.choice(archive.SOURCES),
            "since": "2021-01-01",
        },
        "rare word, old": lambda: {"q": archive.RARE, "until": "2020-12-31"},
        "filter without words": lambda: {"topic": chance.choice(_numbers("topic"))},
        "best of a rare word": lambda: {"q": archive.RARE, "order": "best"},
        "best of a common word": lambda: {"q": common, "order": "best"},
        "best of every story": lambda: {"q": everywhere, "order": "best"},
        "best of two words": lambda: {"q": f"{word()} {word()}", "order": "best"},
        "paged deep": lambda: {"q": everywhere, "page": page(50)},
        "paged deep, best": lambda: {
            "q": everywhere,
            "order": "best",
            "page": page(50),
        },
        "paged deep, filtered": lambda: {
            "q": word(),
            "agency": chance.choice(archive.SOURCES),
            "page": page(20),
        },
    }


def main() -> int:
    """Measure, print, and with ``--record`` keep. Status 1 where a kind is too slow."""
    options = _options()
    home = options.folder or Path(tempfile.mkdtemp(prefix="wiredesk-bench-"))
    with ExitStack() as stack:
        if options.folder is None:
            stack.callback(shutil.rmtree, home)
        if options.postgres:
            from tests import requires
            from tests.postgres import server

            address = stack.enter_context(server(requires.need("postgres")))
            os.environ["DATABASE_URL"] = address
        home.mkdir(parents=True, exist_ok=True)
        archive.ready(home, options.count, _say)
        figures = _measure(options)
    print(_in_words(figures))  # noqa: T201 - this is a command
    if options.record:
        _record(figures)
    return 1 if _too_slow(figures) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.search", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="stories")
    parser.add_argument("--times", type=int, default=100, help="searches of a kind")
    parser.add_argument("--folder", type=Path, help="keep the archive here")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL")
    parser.add_argument("--record", action="store_true", help=f"add to {RECORD.name}")
    parser.add_argument("--only", default="", help="kinds with this in their name")
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> Figures:
    from django.db import connection
    from django.test import Client

    from wiredesk.config.boot import collect_seldom

    collect_seldom()  # as a web process does
    figures = Figures(options.count, options.times, connection.vendor)
    client = Client(SERVER_NAME="localhost")
    chance = random.Random(7)  # noqa: S311 - the same searches in every run
    for kind, ask in kinds(options.count, chance).items():
        if options.only not in kind:
            continue
        answers = figures.answers[kind] = []
        worked = figures.worked[kind] = []
        for number in range(options.times + WARM):
            address = f"/search/?{urlencode(ask())}"
            response, took = _timed(lambda: client.get(address))  # noqa: B023 - at once
            if response.status_code != 200:
                raise RuntimeError(f"{address} answered {response.status_code}")
            if number >= WARM:
                answers.append(took[0])
                worked.append(took[1])
                figures.loop.append(_timed(_turn)[1])
        said = _SAID.search(response.content)
        figures.found[kind] = said[1].decode().strip() if said else "0"
        _say(_line(kind, answers, worked, figures.found[kind]))
    return figures


def _timed(act: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Give what it gives, and the milliseconds: by the clock, and of this processor."""
    began, processor = time.perf_counter(), time.process_time()
    given = act()
    took = time.perf_counter() - began, time.process_time() - processor
    return given, (took[0] * 1000, took[1] * 1000)


def _turn() -> int:
    number = 0
    for each in range(LOOP):
        number = (number * 31 + each) & 0xFFFFFF
    return number


def _numbers(name: str) -> list[str]:
    """Give what a filter of the form may be set to."""
    if name not in _choices:
        from wiredesk.stories.models import SectionPage
        from wiredesk.topics.models import Topic

        sections = SectionPage.objects.exclude(slug="news").values_list("pk", flat=True)
        topics = Topic.objects.values_list("slug", flat=True)
        _choices["section"] = [str(pk) for pk in sections]
        _choices["topic"] = list(topics)
    return _choices[name]


_choices: dict[str, list[str]] = {}


def _p99(times: list[float]) -> float:
    return sorted(times)[max(round(len(times) * 0.99) - 1, 0)]


def _too_slow(figures: Figures) -> list[str]:
    return [kind for kind, times in figures.answers.items() if _p99(times) > BOUND]


def _all(by_kind: dict[str, list[float]]) -> list[float]:
    return [each for times in by_kind.values() for each in times]


def _line(kind: str, times: list[float], worked: list[float], found: str) -> str:
    figures = (median(times), _p99(times), median(worked), _p99(worked))
    return f"{kind:<22}" + "".join(f"{each:>9.1f}" for each in figures) + f"  {found}"


def _lines(figures: Figures) -> Iterator[str]:
    heads = ("p50", "p99", "cpu p50", "cpu p99")
    yield f"{'milliseconds':<22}" + "".join(f"{head:>9}" for head in heads) + "  found"
    for kind, times in figures.answers.items():
        yield _line(kind, times, figures.worked[kind], figures.found[kind])
    yield _line("the whole mix", _all(figures.answers), _all(figures.worked), "")
    by_clock, of_processor = map(list, zip(*figures.loop, strict=True))
    yield _line("a loop between them", by_clock, of_processor, "")
    is_reached = _p99(_all(figures.answers)) <= BOUND
    yield f"p99 of the mix at most {BOUND:.0f} ms: {'reached' if is_reached else 'NO'}"
    yield f"kinds above it: {', '.join(_too_slow(figures)) or 'none'}"


def _in_words(figures: Figures) -> str:
    return "\n".join(_lines(figures))


def _record(figures: Figures) -> None:
    text = (
        f"\n### {time.strftime('%Y-%m-%d')}: search, {figures.count:,} stories, "
        f"{figures.database}\n\n{machine()}; {figures.asked} searches of each kind.\n\n"
        f"```\n{_in_words(figures)}\n```\n"
    )
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(text)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
