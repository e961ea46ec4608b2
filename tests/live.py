"""A real running site for tests: ``wiredesk up`` as its own process group."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests import prepared

START_LIMIT = 240.0  # seconds; the first start builds the database, on a busy machine
STOP_LIMIT = 15.0


@dataclass
class LiveSite:
    """A site that runs for a test. ``home`` is its data folder."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str] = field(repr=False, default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> str:
        """Give what the process has printed so far."""
        return (self.home / "output.txt").read_text(encoding="utf-8")

    def get(self, path: str, **more: object) -> httpx.Response:
        """Ask the running site for ``path``; redirects are not followed."""
        return httpx.get(self.url + path, timeout=20, **more)  # type: ignore[arg-type]

    def run(
        self, *arguments: str, check: bool = True, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ``wiredesk`` with the same data folder, beside the running site."""
        return subprocess.run(
            [*command(), *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
        )

    def python(self, code: str) -> str:
        """Run code with Django set up against the same database; give its output."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    def stop(self) -> int:
        """Stop the site as Ctrl-C does; give its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_LIMIT)


def start(
    home: Path,
    *,
    verb: str = "up",
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> LiveSite:
    """Start a site in ``home`` on a free port and wait until it answers."""
    port = port or free_port()
    home.mkdir(parents=True, exist_ok=True)
    environment = environment_of(home, port, settings or {})
    prepared.furnish(home, environment)
    with (home / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [*command(), verb],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = LiveSite(home, port, process, environment)
    wait_until_it_answers(site)
    return site


def environment_of(
    home: Path, port: int, settings: Mapping[str, str]
) -> dict[str, str]:
    """Give the environment of a site of its own, without what the suite was told."""
    return {
        **prepared.kept(),
        "WIREDESK_HOME": str(home),
        "PORT": str(port),
        **settings,
    }


def wait_until_it_answers(site: LiveSite, limit: float = START_LIMIT) -> None:
    """Return once the site answers; fail with its output if it doesn't in time."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if site.process.poll() is not None:
            break
        try:
            if site.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    site.process.kill()
    raise AssertionError(f"The site didn't start:\n{site.output}")


def wait_for(
    condition: Callable[[], object], limit: float = 30.0, why: str = ""
) -> None:
    """Return once the condition holds; fail, saying why, if it doesn't in time."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, f"not within {limit:g} s: {why}"
        time.sleep(0.02)


def command() -> list[str]:
    """Give the ``wiredesk`` command of the environment the tests run in."""
    return [str(Path(sys.executable).with_name("wiredesk"))]


def free_port() -> int:
    """Give a port nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
