"""Samples for the readers' tests: original texts about invented people and places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wiredesk.wire.formats.detect import read
from wiredesk.wire.items import WireItem

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the folder with one folder a format."""
    return SAMPLES


@pytest.fixture(scope="session")
def items(samples: Path) -> Callable[[str], list[WireItem]]:
    """Give a function that reads a sample by its path below the samples' folder."""
    return lambda name: read((samples / name).read_bytes())


@pytest.fixture(scope="session")
def item(items: Callable[[str], list[WireItem]]) -> Callable[[str], WireItem]:
    """Give a function that reads the one item of a sample."""

    def only(name: str) -> WireItem:
        (found,) = items(name)
        return found

    return only
