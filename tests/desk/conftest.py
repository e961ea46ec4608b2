"""What every test of the desk may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.newsroom import make_feed
from tests.web.newsroom import build_newsroom

if TYPE_CHECKING:
    from pathlib import Path

    from wiredesk.wire.models import Feed


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """Give the data folder of this test alone."""
    settings.WIREDESK_HOME = tmp_path
    settings.WIREDESK_ORIGINALS = tmp_path / "originals"
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture
def feed(db: None, home: Path) -> Feed:
    """Give a feed that publishes at once, and a station to publish on."""
    build_newsroom()
    return make_feed()
