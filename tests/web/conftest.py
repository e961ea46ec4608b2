"""What every test of the public pages may use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.newsroom import Newsroom, build_newsroom


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    """Give a station with sections, standing pages, an author, a desk and a topic."""
    return build_newsroom()


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """Keep the pictures of a test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
