"""A site whose processes can be killed one by one, and started again as an engineer would."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import live
from tests.live import LiveSite

PATIENCE = 60.0
NEWEST = "/feed.rss"  # shows every new story, in whichever section


def wait_until(
    condition: Callable[[], object], limit: float = PATIENCE, why: str = ""
) -> float:
    """Return once the condition holds, with the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < limit, f"not within {limit:g} s: {why}"
        time.sleep(0.05)
    return time.monotonic() - began


class Killable:
    """A running site. ``port`` and ``home`` stay the same over its restarts."""

    def __init__(
        self, home: Path, *, settings: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.port = live.free_port()
        self.settings = dict(settings or {})
        self.said = ""  # by the runs before this one
        self.starts: list[float] = []  # seconds each start took
        self.site = self._start()
        self.token = self.site.run("wire", "token", "direct").stdout.strip()

    @property
    def inbox(self) -> Path:
        return self.home / "inbox" / "direct"

    @property
    def output(self) -> str:
        return self.said + self.site.output

    def restart(self) -> None:
        """Start again after the supervisor was killed."""
        self.said += self.site.output
        self.site = self._start()

    def _start(self) -> LiveSite:
        began = time.monotonic()
        site = live.start(self.home, port=self.port, settings=self.settings)
        self.starts.append(time.monotonic() - began)
        return site

    def children(self) -> dict[str, list[int]]:
        """Give the ids of the supervisor's children: ``worker`` and ``web``."""
        found: dict[str, list[int]] = {"worker": [], "web": []}
        supervisor = self.site.process.pid
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and _parent(folder) == supervisor:
                kind = "worker" if self._scans(folder) else "web"
                found[kind].append(int(folder.name))
        return found

    def _scans(self, folder: Path) -> bool:
        lock = str(self.home / "inbox" / ".lock")
        try:
            return any(os.readlink(fd) == lock for fd in (folder / "fd").iterdir())
        except OSError:
            return False

    def kill(self, kind: str) -> bool:
        """End the worker, a web process or the supervisor with SIGKILL."""
        if kind == "supervisor":
            self.site.process.kill()
            self.site.process.wait()
            return True
        pids = self.children()[kind]
        for pid in pids[:1]:
            os.kill(pid, signal.SIGKILL)
        return bool(pids)

    def push(self, raw: bytes, **more: Any) -> httpx.Response:
        """Push as an agency does."""
        return httpx.post(
            f"{self.site.url}/wire/direct",
            content=raw,
            headers={
                "Authorization": f"Bearer {self.token}",
                **more.pop("headers", {}),
            },
            timeout=more.pop("timeout", 60),
            **more,
        )

    def drop(self, name: str, raw: bytes) -> None:
        """Put a file into the inbox as a careful sender does: whole at once."""
        there = self.inbox / f".{name}.part"
        there.write_bytes(raw)
        there.rename(self.inbox / name)

    def ledger(self) -> dict[str, Any]:
        """Give what ``wiredesk wire ledger --json`` says; it must add up."""
        done = self.site.run("wire", "ledger", "--json", check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        sums: dict[str, Any] = json.loads(done.stdout)
        return sums

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database from outside the site."""
        place = f"file:{self.home / 'wiredesk.sqlite3'}?mode=ro"
        connection = sqlite3.connect(place, uri=True, timeout=30)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def page_of(self, guid: str) -> str:
        """Give the path of the story's page, empty where it never had one."""
        rows = self.rows(
            "SELECT story_path FROM wire_ledgerline l"
            " JOIN wire_message m ON m.id = l.message_id"
            " WHERE m.guid = ? AND story_path != '' ORDER BY l.id LIMIT 1",
            guid,
        )
        return str(rows[0][0]) if rows else ""

    def is_drained(self) -> bool:
        """Tell whether everything that arrived was taken."""
        waits = self.rows(
            "SELECT (SELECT count(*) FROM wire_delivery WHERE state = 'waiting')"
            " + (SELECT count(*) FROM wire_receipt WHERE items IS NULL)"
        )[0][0]
        return not waits and not self.left_in_inbox()

    def left_in_inbox(self) -> list[Path]:
        """Give the files that aren't in ``done/`` or ``set-aside/`` yet."""
        places = (self.inbox, self.inbox / ".taking")
        return [
            path
            for place in places
            if place.is_dir()
            for path in place.iterdir()
            if not path.is_dir()
        ]

    def drain(self, limit: float = 120.0) -> float:
        """Wait until everything that arrived was taken; gives the seconds."""
        return wait_until(
            self.is_drained, limit, f"{self.left_in_inbox()[:5]}\n{self.output[-3000:]}"
        )

    def stop(self) -> None:
        if self.site.process.poll() is None:
            self.site.process.send_signal(signal.SIGINT)
            try:
                self.site.process.wait(live.STOP_LIMIT)
            finally:
                if self.site.process.poll() is None:
                    os.killpg(self.site.process.pid, signal.SIGKILL)


def _parent(folder: Path) -> int:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[1]) if fields[0] != "Z" else 0


@contextmanager
def running(
    home: Path, *, settings: Mapping[str, str] | None = None
) -> Iterator[Killable]:
    """Give a running site and stop it in the end."""
    site = Killable(home, settings=settings)
    try:
        yield site
    finally:
        site.stop()
