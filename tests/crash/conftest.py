"""A data folder made once and copied for each test, and a place to tell figures."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import live

Tell = Callable[[str], None]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder in which a site ran once."""
    folder = tmp_path_factory.mktemp("crash") / "made"
    live.start(folder).stop()
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """Give a data folder of the test's own."""
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what prints a measured figure, whether the test passes or not."""

    def write(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {text}")
            sys.stdout.flush()

    return write
