"""A station made once, and running copies of it with the page store and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import live
from tests.http.sites import (
    OFF,
    Station,
    add_tags,
    copy_of,
    furnish,
    station,
)


@dataclass(frozen=True)
class Made:
    """A furnished data folder, and the words that go into requests to it."""

    home: Path
    words: dict[str, str]


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    home = tmp_path_factory.mktemp("http") / "made"
    with station(home) as running:
        words = furnish(running)
        # A feed says no date while its last change is fresh.
        live.wait_for(lambda: running.get("/feed.rss").header("last-modified"))
    return Made(home, words)


@pytest.fixture(scope="package")
def stored(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Give the station with its store on, every page of the cases asked for before."""
    home = copy_of(made.home, tmp_path_factory.mktemp("stored") / "home")
    with station(home) as running:
        add_tags(running, made.words)
        yield running


@pytest.fixture(scope="package")
def alone(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Give the same station where Django answers everything."""
    home = copy_of(made.home, tmp_path_factory.mktemp("alone") / "home")
    with station(home, **OFF) as running:
        add_tags(running, made.words)
        yield running
