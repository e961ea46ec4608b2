"""The web processes of a running site, one by one: found, paused and asked."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live import LiveSite, wait_for

LISTENING = "0A"  # as /proc/net/tcp writes the state


def web_processes(site: LiveSite) -> list[int]:
    """Give the ids of the processes that answer: the supervisor's, with its port open."""
    listener = f"socket:[{_listening_inode(site.port)}]"
    return sorted(
        pid
        for pid in children_of(site.process.pid)
        if listener in _open_files(Path(f"/proc/{pid}"))
    )


def children_of(parent: int) -> list[int]:
    """Give the ids of a process's children that live."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _status(folder)
            if fields and int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(folder.name))
    return found


def tree_of(pid: int) -> list[int]:
    """Give a process and everything below it."""
    below = [each for child in children_of(pid) for each in tree_of(child)]
    return [pid, *below]


@contextmanager
def paused(*pids: int) -> Iterator[None]:
    """Hold processes as they are; they go on afterwards."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        wait_for(lambda: all(_status(Path(f"/proc/{pid}"))[0] == "T" for pid in pids))
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def only(site: LiveSite, pid: int) -> Iterator[None]:
    """Let one web process alone take what comes."""
    with paused(*(each for each in web_processes(site) if each != pid)):
        yield


def memory_of(pid: int) -> dict[str, int]:
    """Give ``Rss`` and ``Pss`` of a process in kilobytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in lines[1:])
    return {name: int(sizes[name].split()[0]) for name in ("Rss", "Pss")}


def _status(folder: Path) -> list[str]:
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _listening_inode(port: int) -> str:
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[1].endswith(f":{port:04X}"):
                return fields[9]
    raise AssertionError(f"nobody listens on port {port}")


def _open_files(folder: Path) -> set[str]:
    try:
        return {os.readlink(each) for each in (folder / "fd").iterdir()}
    except OSError:
        return set()
