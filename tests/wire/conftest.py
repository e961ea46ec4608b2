"""Folders of their own for every test of the wire, and somebody who settles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wire.pipeline import Settler, make_feed
from wiredesk.wire import settling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

    from wiredesk.wire.models import Feed


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    """Give the data folder of this test alone."""
    settings.WIREDESK_HOME = tmp_path
    settings.WIREDESK_ORIGINALS = tmp_path / "originals"
    settings.WIREDESK_INBOX = tmp_path / "inbox"
    settings.WIREDESK_RUN = tmp_path / "run"
    settings.WIREDESK_WORKER_BEAT = tmp_path / "run" / "worker.beat"
    return tmp_path


@pytest.fixture
def settler() -> Iterator[Settler]:
    """Give a plain settler, registered for this test in place of any other."""
    before = settling._settle
    settler = Settler()
    settling.unregister()
    settling.register(settler.settle)
    yield settler
    settling.unregister()
    if before is not None:
        settling.register(before)


@pytest.fixture
def feed(db: None, home: Path, settler: Settler) -> Feed:
    """Give a feed that publishes at once, with folders and a settler."""
    return make_feed()
