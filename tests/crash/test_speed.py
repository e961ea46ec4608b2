from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

import pytest

from tests.crash.conftest import Tell
from tests.crash.copy import Item, news_item
from tests.crash.sites import NEWEST, running

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

FILES = 20
GENEROUS = 10.0  # seconds: it is promised in 2, on a machine that does little else


def test_a_file_copied_into_the_inbox_is_soon_a_live_page(
    home: Path, tmp_path: Path, tell: Tell
) -> None:
    took = []
    with running(home) as site:
        for number in range(FILES):
            item = Item(f"urn:x:osk:speed-{number}", 1)
            file = tmp_path / f"speed-{number}.xml"
            file.write_text(news_item(item), encoding="utf-8")
            began = time.monotonic()
            shutil.copy(file, site.inbox)
            while item.headline not in site.site.get(NEWEST).text:
                assert time.monotonic() - began < GENEROUS, site.output
                time.sleep(0.02)
            took.append(time.monotonic() - began)
        site.drain()
    tell(
        f"from the inbox to the page, {FILES} files: median "
        f"{statistics.median(took):.2f} s, slowest {max(took):.2f} s"
    )
