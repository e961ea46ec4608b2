"""The two servers that are measured, each pinned to the same core: nginx and Wiredesk."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import live
from tests.live import LiveSite
from tests.requires import PARTS

HOST = "news.example"
SERVER_CORE = 0
SETTINGS = {
    "WIREDESK_BASE_URL": f"http://{HOST}",
    "WIREDESK_HOSTS": f"{HOST},localhost,127.0.0.1",
    "WIREDESK_WORKERS": "1",
}
OFF = {"WIREDESK_STORE_MEMORY": "0", "WIREDESK_STORE_DISK": "0"}
ALONE: dict[str, str] = {}  # nothing but what every run has
# What nginx says itself, or what has to do with the connection.
ITS_OWN = frozenset(
    {
        "content-length", "content-type", "content-encoding", "date", "etag",
        "last-modified", "vary", "connection", "server", "transfer-encoding",
    }
)  # fmt: skip


@dataclass
class Server:
    """A running server: what it is called, where it answers, its first process."""

    name: str
    port: int
    pid: int
    log: Path
    suffix: str = ""  # what it wants behind a page's path
    site: LiveSite | None = field(default=None, repr=False)

    def path_of(self, path: str) -> str:
        return path + self.suffix


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Have the processes that are started here run on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def wiredesk(
    home: Path, settings: Mapping[str, str] = ALONE, *, core: int | None = SERVER_CORE
) -> Iterator[Server]:
    """Run a site on a core, its access log on; ``core`` None: wherever there is room."""
    log = home.with_name("wiredesk.log")
    log.unlink(missing_ok=True)
    wanted = {**SETTINGS, "WIREDESK_ACCESS_LOG": str(log), **settings}
    cores = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        site = live.start(home, settings=wanted)
    finally:
        os.sched_setaffinity(0, cores)
    try:
        yield Server("wiredesk", site.port, site.process.pid, log, site=site)
    finally:
        site.stop()


@contextmanager
def nginx(folder: Path, server_lines: Sequence[str], name: str) -> Iterator[Server]:
    """Run nginx with one worker process, buffered log and ``server_lines``."""
    program = PARTS["nginx"].find()
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    port, log = live.free_port(), place / "access.log"
    log.unlink(missing_ok=True)
    configuration = place / "nginx.conf"
    configuration.write_text(_configuration(place, port, log, server_lines))
    with pinned(SERVER_CORE):
        process = subprocess.Popen(
            [str(program), "-e", str(place / "error.log"), "-c", str(configuration)]
        )
    try:
        live.wait_for(lambda: _listens(port), why=f"nginx, see {place / 'error.log'}")
        yield Server(name, port, process.pid, log, suffix="")
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def files(folder: Path, root: Path, headers: Mapping[str, str]) -> Iterator[Server]:
    """Run nginx on compressed files, with the headers that Wiredesk's pages have."""
    lines = [f"root {root};", "gzip_static on;", "gzip_vary on;"]
    lines += [
        f"add_header {name} {_quoted(value)};"
        for name, value in headers.items()
        if name not in ITS_OWN
    ]
    with nginx(folder, lines, "nginx") as server:
        # Asked for the file itself: its index module would look twice.
        server.suffix = "index.html"
        yield server


@contextmanager
def proxy(folder: Path, upstream: Server) -> Iterator[Server]:
    """Run nginx as the proxy in front of a site, as the documentation has it."""
    lines = [
        "location / {",
        "proxy_pass http://site;",
        "proxy_http_version 1.1;",
        'proxy_set_header Connection "";',
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "}",
        f"#upstream 127.0.0.1:{upstream.port}",
    ]
    with nginx(folder, lines, "proxy") as server:
        yield server


def _configuration(place: Path, port: int, log: Path, lines: Sequence[str]) -> str:
    upstream = [line for line in lines if line.startswith("#upstream ")]
    inside = [line for line in lines if line not in upstream]
    parts = [
        "daemon off;",
        "worker_processes 1;",
        "worker_rlimit_nofile 20000;",
        "user root;" if os.geteuid() == 0 else "",
        f"pid {place / 'pid'};",
        "events { worker_connections 8192; }",
        "http {",
        "types { text/html html; }",
        "charset utf-8;",
        f"access_log {log} combined buffer=64k flush=1s;",
        *(
            f"{name}_temp_path {place / name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ),
        "sendfile on;",
        "tcp_nopush on;",
        "server_tokens off;",
        "keepalive_requests 1000000000;",
        "open_file_cache max=10000 inactive=10m;",  # within the limit on files
        "open_file_cache_valid 10m;",
    ]
    for line in upstream:
        address = line.removeprefix("#upstream ")
        parts.append(
            f"upstream site {{ server {address}; keepalive 128;"
            " keepalive_requests 1000000000; }"
        )
    parts += ["server {", f"listen 127.0.0.1:{port} backlog=4096;", *inside, "}", "}"]
    return "\n".join(parts) + "\n"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _listens(port: int) -> bool:
    time.sleep(0.05)
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
