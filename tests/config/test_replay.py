"""Made anew from what came in, every story is the same; whatever isn't is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import live, prepared, requires
from tests.config.newsroom import Newsroom

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.timeout(600)]

SAMPLES = Path(__file__).parents[1] / "wire" / "samples"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder with its tables made, to be copied."""
    home = tmp_path_factory.mktemp("empty") / "home"
    room = Newsroom(home)
    prepared.furnish(home, room.environment)
    room.run("wire", "ledger")
    room.close()
    return home


@pytest.fixture(scope="module")
def held(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Give a newsroom after a day of everything."""
    home = tmp_path_factory.mktemp("day") / "home"
    shutil.copytree(empty, home)
    room = Newsroom(home)
    room.run("wire", "take", str(SAMPLES), check=False)
    room.python("from tests.config.day import hold_a_day\nhold_a_day()")
    room.close()
    yield room
    room.close()


@pytest.fixture
def day(held: Newsroom, tmp_path: Path) -> Newsroom:
    """Give that newsroom as a copy of the test's own."""
    return Newsroom(Path(shutil.copytree(held.home, tmp_path / "home")))


ALTERED = (
    ("UPDATE stories_story SET headline = 'X' WHERE id = ?", "plain"),
    ("UPDATE stories_storystanding SET state = 'live' WHERE story_id = ?", "killed"),
    ("DELETE FROM stories_placement WHERE story_id = ?", "placed"),
    ("UPDATE stories_storyversion SET at = '2026-01-01' WHERE story_id = ?", "merged"),
    ("DELETE FROM stories_order WHERE story_id = ?", "gone"),
    (
        "UPDATE wire_message SET status = 'usable' WHERE version = '2'"
        " AND guid = 'tag:harrow.example,2026:withheld'",
        "",
    ),
)


def replay(room: Newsroom, into: str, *words: str) -> tuple[int, dict[str, Any]]:
    """Replay; give the exit status and what was told."""
    done = subprocess.run(
        [*live.command(), "replay", "--into", into, "--json", *words],
        env=room.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def an_empty_database(empty: Path, place: Path) -> str:
    # With its tables made: making them takes longer than all the rest.
    shutil.copyfile(empty / "wiredesk.sqlite3", place)
    return str(place)


def change(room: Newsroom, statement: str, name: str = "") -> None:
    """Alter rows behind the newsroom's back; ``?`` is the id of the story of that name."""
    guid = f"tag:harrow.example,2026:{name}"
    with closing(sqlite3.connect(room.home / "wiredesk.sqlite3")) as site, site:
        found = site.execute(
            "SELECT story_id FROM stories_storyidentity WHERE guid = ?", [guid]
        ).fetchone()
        assert site.execute(statement, found if name else []).rowcount > 0, statement


def test_a_day_of_wire_and_desk_made_anew_is_the_same(
    day: Newsroom, empty: Path, tmp_path: Path
) -> None:
    before = (day.home / "wiredesk.sqlite3").read_bytes()
    files = sorted(path for path in day.home.rglob("*") if path.is_file())
    into = an_empty_database(empty, tmp_path / "anew.sqlite3")
    status, told = replay(day, into)
    assert told["differences"] == []
    assert (status, told["same"], told["missing"], told["erased"]) == (0, True, 0, 4)
    assert told["stories"] > 60
    assert told["pages"] > 30
    assert told["orders"] > 10
    # The site's own folder wasn't touched.
    assert (day.home / "wiredesk.sqlite3").read_bytes() == before
    now = {path for path in day.home.rglob("*") if path.is_file()} - set(files)
    assert {path.name for path in now} <= {
        "wiredesk.sqlite3-shm",
        "wiredesk.sqlite3-wal",
    }


def test_real_copy_made_anew_is_the_same(
    empty: Path, tmp_path: Path, wire_samples: Path
) -> None:
    room = Newsroom(Path(shutil.copytree(empty, tmp_path / "home")))
    for name in ("iptc+newsinjson", "iptc+newsml-g2", "amerine+nitfr"):
        room.run("wire", "take", str(wire_samples / name), check=False)
    room.close()
    into = an_empty_database(empty, tmp_path / "anew.sqlite3")
    status, told = replay(room, into, "--without-pages")
    assert (status, told["differences"]) == (0, [])
    assert told["messages"] > 300


def test_what_was_altered_missing_or_erased_is_named(
    day: Newsroom, empty: Path, tmp_path: Path
) -> None:
    for statement, name in ALTERED:
        change(day, statement, name)
    with closing(sqlite3.connect(day.home / "wiredesk.sqlite3")) as site:
        gone = dict(
            site.execute(
                "SELECT m.guid, d.sha256 FROM wire_message m"
                " JOIN wire_delivery d ON d.id = m.delivery_id"
            ).fetchall()
        )
    digest = gone["tag:harrow.example,2026:late"]
    (day.home / "originals" / digest[:2] / digest).unlink()
    into = an_empty_database(empty, tmp_path / "anew.sqlite3")
    status, told = replay(day, into)
    assert (status, told["same"]) == (1, False)
    assert (told["missing"], told["erased"]) == (1, 4)
    named = {
        (each["thing"].partition(" ")[0], each["name"]) for each in told["differences"]
    }
    assert named >= {
        ("story", "headline"),
        ("story", "standing.state"),
        ("story", "standing.reason"),
        ("story", "placements"),
        ("story", "versions"),
        ("message", "status"),
        ("page", "what readers get"),
    }
    # An order that is gone: the story stands as if it had never been given.
    assert ("withdrawn", "live") in [
        (each["site"], each["replayed"])
        for each in told["differences"]
        if each["name"] == "standing.state"
    ]


def test_it_goes_into_an_empty_database_alone(day: Newsroom) -> None:
    for into, why in (
        (str(day.home / "wiredesk.sqlite3"), "the site's own"),
        (str(day.home), "the site's own"),
        ("nowhere://x", "names no database"),
    ):
        done = subprocess.run(
            [*live.command(), "replay", "--into", into],
            env=day.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert why in done.stderr, done.stderr
        assert "Traceback" not in done.stderr


def test_it_is_the_same_on_postgresql_and_back(
    day: Newsroom, empty: Path, tmp_path: Path, postgres: str
) -> None:
    prepared.fill_postgres(requires.need("postgres"), postgres)
    status, told = replay(day, postgres)
    assert (status, told["differences"]) == (0, [])
    moved = Newsroom(day.home, DATABASE_URL=postgres)
    into = an_empty_database(empty, tmp_path / "back.sqlite3")
    status, told = replay(moved, into, "--without-pages")
    assert (status, told["differences"]) == (0, [])
