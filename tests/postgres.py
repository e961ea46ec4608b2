"""A real PostgreSQL server for tests, in a folder of its own, gone afterwards.

``python -m tests.postgres`` runs pytest on one, with whatever arguments follow.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests import prepared, requires

# The server refuses to run as root, so root hands it to whoever of these exists.
STAND_INS = ("postgres", "nobody")
DATABASE = "wiredesk"
# Names the database whose tables a worker copies.
TEMPLATE = "DATABASE_TEMPLATE"


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Run a server from the programs in a folder; give the address of its database.

    It listens on a socket in its own folder alone, and waits for no disk: it is for
    tests that ask whether something works, not how fast.
    """
    folder = Path(tempfile.mkdtemp(prefix="wiredesk-pg-"))
    user = _stand_in()
    if user is not None:
        folder.chmod(0o755)
        shutil.chown(folder, user)
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=60"
    initdb, control, createdb = (
        str(programs / name) for name in ("initdb", "pg_ctl", "createdb")
    )
    try:
        _run(user, [initdb, "-D", data, "-A", "trust", "-U", "wiredesk", "-E", "UTF8"])
        log = str(folder / "log")
        start = [control, "-D", data, "-l", log, "-o", options, "-w", "start"]
        _run(user, start)
        try:
            _run(user, [createdb, "-h", str(folder), "-U", "wiredesk", DATABASE])
            yield f"postgres://wiredesk@{str(folder).replace('/', '%2F')}/{DATABASE}"
        finally:
            _run(user, [control, "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder)


def new_database(programs: Path, address: str) -> str:
    """Make an empty database on a server; give its address."""
    name = f"test_{uuid4().hex}"
    words = ["-X", "-q", "-c", f"CREATE DATABASE {name}"]
    subprocess.run([programs / "psql", *words, address], check=True)
    return f"{address.rpartition('/')[0]}/{name}"


def _stand_in() -> str | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in STAND_INS if name in names)


def _run(user: str | None, command: list[str]) -> None:
    # pg_ctl's server keeps its output open; a pipe would never see the end of it.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command, user=user, cwd="/", stdout=output, stderr=output, check=False
        )
        output.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{output.read()}")


def main() -> int:
    """Run pytest on a PostgreSQL server; give its exit status."""
    programs = requires.PARTS["postgres"].find()
    if programs is None:
        sys.stderr.write(f"PostgreSQL is missing; {requires.PARTS['postgres'].get}.\n")
        return 1
    with server(programs) as address:
        prepared.fill_postgres(programs, address)
        return subprocess.run(
            [sys.executable, "-m", "pytest", *sys.argv[1:]],
            env={**os.environ, "DATABASE_URL": address, TEMPLATE: DATABASE},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
