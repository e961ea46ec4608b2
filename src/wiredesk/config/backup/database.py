"""Copies of the database: consistent while the site writes, and how one is put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections

from wiredesk.config import env
from wiredesk.config.backup.errors import BackupError

PAGES = 4096  # pages copied between two words on how far it is
_LONGEST = 6 * 60 * 60  # seconds a program of PostgreSQL may take

Progress = Callable[[int, int], None]  # done, of how many


def engine() -> str:
    """Give ``sqlite`` or ``postgresql``."""
    return str(connection.vendor)


def file_name() -> str:
    """Give the name a copy has in a backup."""
    return "database.sqlite3" if engine() == "sqlite" else "database.dump"


def copy_to(path: Path, progress: Progress) -> None:
    """Write a consistent copy of the database to ``path``; readers and writers go on.

    Raises ``BackupError`` where it can't be copied or the copy isn't sound.
    """
    if engine() == "sqlite":
        _copy_sqlite(_sqlite_path(), path, progress)
    else:
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-acl", f"--file={path}"])


def prove(path: Path, kind: str) -> None:
    """Raise ``BackupError`` where a copy can't be read to its end."""
    if kind == "sqlite":
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as copy:
            (answer,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise BackupError(f"The copy of the database isn't sound: {answer}.")
    else:
        _program("pg_restore", ["--list", str(path)], {})


def is_there() -> bool:
    """Tell whether the place a restore would write to holds a database already."""
    if engine() == "sqlite":
        path = _sqlite_path()
        return path.is_file() and path.stat().st_size > 0
    with connection.cursor() as cursor:
        return bool(connection.introspection.table_names(cursor))


def put_back(path: Path, keep_old: Path) -> None:
    """Make the copy the site's database; an old SQLite file goes into ``keep_old``.

    PostgreSQL brings its copy in one transaction: after a failure the old one is there.
    """
    connections.close_all()
    if engine() == "sqlite":
        _put_back_sqlite(path, keep_old)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()
    options = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*options, str(path)], database_option=True)


def _sqlite_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _copy_sqlite(source: Path, path: Path, progress: Progress) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(path)) as new,
        ):
            # A read transaction held open: else each step would see newer pages, and
            # SQLite would begin anew for every writer that comes between.
            old.isolation_level = None
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            old.backup(
                new,
                pages=PAGES,
                progress=lambda _status, left, total: progress(total - left, total),
                sleep=0,
            )
            old.execute("ROLLBACK")
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"The database {source} can't be copied: {error}.") from error


def _put_back_sqlite(path: Path, keep_old: Path) -> None:
    place = _sqlite_path()
    place.parent.mkdir(parents=True, exist_ok=True)
    for old in (
        place,
        *(place.with_name(place.name + end) for end in ("-wal", "-shm")),
    ):
        if old.exists():
            keep_old.mkdir(parents=True, exist_ok=True)
            old.replace(keep_old / old.name)
    there = place.with_name(f"{place.name}.coming")
    shutil.copyfile(path, there)
    with there.open("rb") as stream:
        os.fsync(stream.fileno())
    there.replace(place)


def _run(name: str, options: list[str], *, database_option: bool = False) -> None:
    """Run one of PostgreSQL's programs on our database; no password in its words."""
    wanted: dict[str, Any] = connection.settings_dict
    words = [f"--dbname={wanted['NAME']}"] if database_option else [str(wanted["NAME"])]
    for option, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if wanted.get(key):
            words.insert(0, f"--{option}={wanted[key]}")
    password = {"PGPASSWORD": str(wanted["PASSWORD"])} if wanted.get("PASSWORD") else {}
    _program(name, [*options, *words], password)


def _program(name: str, words: list[str], more: dict[str, str]) -> None:
    place = shutil.which(name) or _beside_the_server(name)
    if place is None:
        raise BackupError(
            f"{name} is missing; install PostgreSQL's client programs, of the server's "
            "version or newer."
        )
    done = subprocess.run(  # noqa: S603  (our own words; the program found by its name)
        [place, *words],
        env=env.of_a_program(more),
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-500:]
        raise BackupError(f"{name} failed: {said}")


def _beside_the_server(name: str) -> str | None:
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(found, key=lambda path: float(path.parts[-3]))
    return str(newest[-1]) if newest else None
