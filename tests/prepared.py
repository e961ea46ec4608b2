"""Tables and static files made once for all databases and sites of the suite.

Building the tables anew for each took most of the suite's time. The folder is named for
the code that made it, so it never outlives a migration.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

SOURCE = Path(__file__).resolve().parents[1] / "src" / "wiredesk"
SETTINGS = "wiredesk.config.settings.site"
# The suite's own, which a real site must not get.
OURS = ("WIREDESK_", "DATABASE_URL", "DJANGO_", "PORT")
DATABASE = "wiredesk.sqlite3"  # as a site's first start leaves it
TABLES = "tables.sqlite3"  # as the migrations leave it
# A migration makes classes by the hundred, which the collector looks through in vain: a
# third of the time.
MIGRATE = """
import gc
gc.disable()
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""
MAKE = f"""{MIGRATE}
import sys
from django.db import connection
connection.cursor().execute("VACUUM INTO %s", sys.argv[1:])
from wiredesk.config.server.prepare import prepare
from wiredesk.stories.actions.lay_front import lay_front
lay_front(title="Wiredesk")
prepare(lambda words: None)
"""


def furnish(home: Path, environment: Mapping[str, str]) -> None:
    """Put the prepared tables and static files into a new data folder.

    One that has a database already, or has it elsewhere, is left as it is.
    """
    if (home / DATABASE).exists() or environment.get("DATABASE_URL"):
        return
    place = made()
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy2(place / DATABASE, home / DATABASE)
    for part in ("look", "static"):
        if (place / part).is_dir() and not (home / part).exists():
            shutil.copytree(place / part, home / part)


def fill(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Put the tables into the worker's database, once; hears ``connection_created``."""
    connection_created.disconnect(fill)
    if not isinstance(connection, SQLite) or not connection.is_in_memory_db():
        return
    with closing(sqlite3.connect(made() / TABLES)) as source:
        source.backup(connection.connection)


def fill_postgres(programs: Path, address: str) -> None:
    """Put the tables, as the migrations leave them, into an empty PostgreSQL database.

    The first who asks has the migrations make them; ``programs`` is PostgreSQL's folder.
    """
    dump = _dump()
    with _turn(dump.with_suffix(".sql.lock")):
        if dump.exists():
            words = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
            subprocess.run([programs / "psql", *words, "-f", dump, address], check=True)
            return
        with tempfile.TemporaryDirectory() as home:
            told = {**kept(), "WIREDESK_HOME": home, "DATABASE_URL": address}
            subprocess.run([sys.executable, "-c", MIGRATE], env=told, check=True)
        part = dump.with_suffix(".sql.part")
        subprocess.run([programs / "pg_dump", "-f", part, address], check=True)
        part.rename(dump)


def has_postgres() -> bool:
    """Tell whether PostgreSQL's tables were made already."""
    return _dump().exists()


def _dump() -> Path:
    return _place().with_suffix(".sql")


def made() -> Path:
    """Give the prepared folder; the first who asks makes it, the others wait."""
    place = _place()
    with _turn(place.with_suffix(".lock")):
        if not (place / "done").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            told = {**kept(), "WIREDESK_HOME": str(place)}
            command = [sys.executable, "-c", MAKE, str(place / TABLES)]
            subprocess.run(command, env=told, check=True)
            (place / "done").touch()
    return place


@contextmanager
def _turn(place: Path) -> Iterator[None]:
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept() -> dict[str, str]:
    """Give the environment without what the suite was told, for a site's settings."""
    others = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    return {**others, "DJANGO_SETTINGS_MODULE": SETTINGS}


def _place() -> Path:
    lines = [sys.prefix, MAKE]
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            state = path.stat()
            lines.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"wiredesk-prepared-{digest}"
