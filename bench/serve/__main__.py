"""Measure how stored pages are answered, beside nginx, and print the table.

``python -m bench.serve --keep /tmp/serve-archive`` makes the stories once and uses them
again; ``--stories``, ``--stored``, ``--seconds`` and ``--rounds`` make a shorter run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.http.raw import Answer
from tests.requires import PARTS as PROGRAMS

from bench.serve import archive, fill, rows, single
from bench.serve.load import CLIENT_CORE
from bench.serve.servers import OFF, SERVER_CORE, Server, files, proxy, wiredesk
from bench.serve.table import Row, as_text
from bench.wire import RECORD, machine

DISK = {"WIREDESK_STORE_DISK": "8192"}  # room for the whole archive


def main() -> None:
    """Measure, print, and with ``--record`` keep. Exit status 1 if a figure is missed."""
    options = _options()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="wiredesk-serve-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = measure(folder, options)
    finally:
        if options.keep is None:
            shutil.rmtree(folder)
    text = as_text(found)
    print(text)  # noqa: T201 - this is a command
    if options.record:
        _record(text, options)
    sys.exit(any(row.reached is False for row in found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.serve", description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000, help="in the archive")
    parser.add_argument("--stored", type=int, default=10_000, help="stories of 22 KB")
    parser.add_argument("--seconds", type=float, default=5, help="of each round")
    parser.add_argument("--rounds", type=int, default=5, help="alternated rounds")
    parser.add_argument("--idle", type=int, default=2000, help="idle connections")
    parser.add_argument("--memory", type=int, default=64, help="MB, for the archive")
    parser.add_argument("--changes", type=int, default=50, help="of each of four kinds")
    parser.add_argument("--only", default="", help="rows, of: " + ", ".join(PARTS))
    parser.add_argument("--keep", type=Path, help="folder for stories, kept")
    parser.add_argument("--record", action="store_true", help=f"add to {RECORD.name}")
    return parser.parse_args()


PARTS = ("hot", "many", "idle", "wire", "single", "archive", "proxy", "bar", "changes")


def measure(folder: Path, options: argparse.Namespace) -> list[Row]:
    """Give the rows, in the table's order."""
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("Two cores are needed: one for the server, one for wrk.")
    for name in ("nginx", "wrk"):
        if PROGRAMS[name].find() is None:
            raise SystemExit(f"{name} is missing; {PROGRAMS[name].get}.")
    parts = [part for part in PARTS if part in (options.only or ",".join(PARTS))]
    home = archive.build(folder, options.stories, options.stored)
    paths = archive.paths_of(home)[: options.stories]
    stored = paths[: options.stored]
    root = folder / "files"
    wanted = paths if "archive" in parts else stored if "many" in parts else paths[:1]
    headers = _fill(home, root, wanted)
    plan = rows.Plan(options.seconds, options.rounds, options.idle, options.stored)
    found: list[Row] = []
    with files(folder, root, headers) as nginx:
        with wiredesk(home, DISK) as ours:
            found += _of_one_site(parts, nginx, ours, stored, plan)
            logs = [rows.log_lines(server) for server in (nginx, ours)]
        if "archive" in parts:
            found += _archive(home, nginx, paths, plan, options.memory)
        if "proxy" in parts:
            with (
                wiredesk(home, {"WIREDESK_PROXIES": "1"}) as ours,
                proxy(folder, ours) as it,
            ):
                fill.ask_all(ours.port, stored[:1])
                found.append(rows.proxied(nginx, it, ours, stored[0], plan))
    if "single" in parts:
        found.append(single.start(home, stored[0], options.rounds))
    if "bar" in parts:
        found.append(single.bar(home, DISK, stored))
    if "changes" in parts:
        found += single.changes(home, options.changes)
    _say("lines in the access logs: " + ", ".join(logs))
    return found


def _of_one_site(
    parts: Sequence[str],
    nginx: Server,
    ours: Server,
    stored: Sequence[str],
    plan: rows.Plan,
) -> list[Row]:
    found: list[Row] = []
    path = stored[0]
    fill.ask_all(ours.port, [path] * 3)
    fill.ask_all(ours.port, [path] * 3, "identity")
    if "hot" in parts:
        found += rows.hot(nginx, ours, path, plan)
    if "many" in parts:
        found += rows.many(nginx, ours, stored, plan)
    if "idle" in parts:
        found += rows.with_idle(nginx, ours, path, plan)
    if "wire" in parts:
        found += rows.under_wire(nginx, ours, path, plan)
    if "single" in parts:
        found.append(single.weight(ours, path))
    return found


def _archive(
    home: Path, nginx: Server, paths: Sequence[str], plan: rows.Plan, memory: int
) -> list[Row]:
    with wiredesk(home, {"WIREDESK_STORE_MEMORY": str(memory), **DISK}) as ours:
        row, own = rows.archive(nginx, ours, paths, plan, memory)
    with wiredesk(home, OFF) as ours:
        drawn = rows.draw_rate(ours, paths, plan)
    return [row, rows.beside_drawing(own, drawn)]


def _fill(home: Path, root: Path, paths: Sequence[str]) -> dict[str, str]:
    """Have every page stored and in nginx's folder; gives the headers of a page."""
    _say(f"Asking for {len(paths):,} pages …")
    headers: dict[str, str] = {}

    def keep(path: str, answer: Answer) -> None:
        fill.keep_plain(root, path, answer)
        headers.update(answer.headers)

    with wiredesk(home, DISK, core=None) as ours:
        fill.ask_all(ours.port, paths, each=fill.keep_files(root))
        fill.ask_all(ours.port, paths[:1], "identity", each=keep)
    return headers


def _record(text: str, options: argparse.Namespace) -> None:
    heading = (
        f"\n### {time.strftime('%Y-%m-%d')}: stored pages, {options.stories:,} stories\n\n"
        f"{machine()}; {options.rounds} rounds of {options.seconds:g} s; servers on core "
        f"{SERVER_CORE}, wrk on core {CLIENT_CORE}.\n\n"
    )
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(f"{heading}```\n{text}\n```\n")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
