"""A data folder made once for all sites of the suite: tables and static files.

Building the tables anew for each site took most of the suite's time. The folder is named
for the code that made it, so it never outlives a migration.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "wiredesk"
DATABASE = "wiredesk.sqlite3"
MAKE = (
    "import django; django.setup()\n"
    "from wiredesk.config.server.prepare import prepare\n"
    "prepare(lambda words: None)"
)


def furnish(home: Path, environment: Mapping[str, str]) -> None:
    """Put the prepared tables and static files into a new data folder.

    One that has a database already, or has it elsewhere, is left as it is.
    """
    if (home / DATABASE).exists() or environment.get("DATABASE_URL"):
        return
    made = _made(environment)
    shutil.copy2(made / DATABASE, home / DATABASE)
    for part in ("look", "static"):
        if (made / part).is_dir() and not (home / part).exists():
            shutil.copytree(made / part, home / part)


def _made(environment: Mapping[str, str]) -> Path:
    """Give the prepared folder; the first who asks makes it, the others wait."""
    place = Path(tempfile.gettempdir()) / f"wiredesk-prepared-{_digest()}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "done").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            told = {**environment, "WIREDESK_HOME": str(place)}
            subprocess.run([sys.executable, "-c", MAKE], env=told, check=True)
            (place / "done").touch()
    return place


def _digest() -> str:
    lines = [sys.prefix]
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            state = path.stat()
            lines.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
