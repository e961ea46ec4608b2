"""The look of the pages as one file, so that a story is read in two requests.

Stations change ``tokens.css`` alone; what goes out is that file, the rest of the look and
the rules for paper, one after the other.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.files.storage import FileSystemStorage

NAME = "web/look.css"
PARTS = ("web/tokens.css", "web/station.css")
PAPER = "web/print.css"


class LookFinder(BaseFinder):
    """Find the one file among static files; it is written anew where a part changed."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.WIREDESK_HOME / "look")

    def check(self, **_kwargs: Any) -> list[Any]:
        """Find nothing to complain of: there is nothing to set."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """Give the place of the file, if it is what is looked for."""
        if path != NAME:
            return []
        found = str(self._write())
        return [found] if find_all else found

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give the file and where it lies."""
        self._write()
        yield NAME, self.storage

    def _write(self) -> Path:
        place = Path(self.storage.path(NAME))
        content = compose()
        if not place.is_file() or place.read_text(encoding="utf-8") != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(place)
        return place


def compose() -> str:
    """Give the look: tokens, the rules that read them, and those for paper."""
    parts = [_read(name) for name in PARTS]
    return "\n".join([*parts, "@media print {", _read(PAPER), "}", ""])


def _read(name: str) -> str:
    for finder in get_finders():
        if isinstance(finder, LookFinder):
            continue
        found = finder.find(name)
        if found:
            return Path(str(found)).read_text(encoding="utf-8")
    raise FileNotFoundError(
        f"The static file {name} is missing: install Wiredesk anew."
    )
