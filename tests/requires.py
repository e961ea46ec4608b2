"""The real parts some tests need: whether they are here, and how to get them.

A test that needs a part which is missing is skipped by name, and the closing lines say
how to get it. With ``WIREDESK_REQUIRE=all`` a missing part is a failure instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Part:
    """A program the suite works with: ``find`` gives its place, ``get`` how to get it."""

    name: str
    find: Callable[[], Path | None]
    get: str


missing: set[str] = set()


def need(name: str) -> Path:
    """Give the place of a part; skip the test, or fail it, where it isn't there."""
    part = PARTS[name]
    found = part.find()
    if found is not None:
        return found
    missing.add(name)
    reason = f"needs {part.name}, which is missing; {part.get}"
    if os.environ.get("WIREDESK_REQUIRE") == "all":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _program(*names: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        # The servers lie in sbin, which not everybody has in the path.
        path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
        places = (shutil.which(name, path=path) for name in names)
        return next((Path(place) for place in places if place), None)

    return find


def _chromium() -> Path | None:
    named = os.environ.get("WIREDESK_CHROMIUM")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    return _program("chromium", "chromium-browser", "google-chrome")()


def _postgres() -> Path | None:
    """Give the folder of the newest PostgreSQL server's programs."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(found, key=lambda path: float(path.parts[-3]))
    return newest[-1].parent if newest else None


PARTS = {
    "chromium": Part(
        "Chromium",
        _chromium,
        "install it with 'apt-get install chromium', or name one in WIREDESK_CHROMIUM",
    ),
    "postgres": Part(
        "a PostgreSQL server's programs",
        _postgres,
        "install them with 'apt-get install postgresql'",
    ),
    "nginx": Part(
        "nginx", _program("nginx"), "install it with 'apt-get install nginx'"
    ),
    "openssl": Part(
        "OpenSSL's program",
        _program("openssl"),
        "install it with 'apt-get install openssl'",
    ),
    "varnish": Part(
        "Varnish", _program("varnishd"), "install it with 'apt-get install varnish'"
    ),
    "wrk": Part("wrk", _program("wrk"), "install it with 'apt-get install wrk'"),
    "java": Part(
        "a Java runtime",
        _program("java"),
        "install it with 'apt-get install default-jre-headless'",
    ),
}
