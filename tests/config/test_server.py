from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import live
from tests.live import LiveSite

# Every process of a site, with the site's own group as its mark.
PATIENCE = 15.0


def processes_of(group: int) -> list[int]:
    """Give the ids of the processes in a group that aren't only waiting to be buried."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(folder.name))
    return sorted(found)


def wait_for(condition: object, limit: float = PATIENCE) -> None:
    assert callable(condition)
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it didn't happen in time"
        time.sleep(0.05)


def nobody_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder that was started once, so that later starts are quick."""
    folder = tmp_path_factory.mktemp("server")
    live.start(folder).stop()
    return folder


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Give a running site for what leaves it as it is."""
    running = live.start(tmp_path_factory.mktemp("lasting"))
    yield running
    running.stop()


@pytest.fixture
def site(home: Path) -> Iterator[LiveSite]:
    running = live.start(home)
    yield running
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


def test_a_running_site_says_it_is_alive(lasting: LiveSite) -> None:
    assert lasting.get("/healthz").json() == {"alive": True}


def test_a_running_site_becomes_ready_and_says_no_version(lasting: LiveSite) -> None:
    wait_for(lambda: lasting.get("/readyz").status_code == 200)
    assert lasting.get("/readyz").json() == dict.fromkeys(
        ("database", "migrations", "worker", "disk"), True
    )
    assert "server" not in lasting.get("/readyz").headers


def test_ctrl_c_stops_every_process_and_frees_the_port(site: LiveSite) -> None:
    assert len(processes_of(site.process.pid)) >= 3
    assert site.stop() == 0
    assert processes_of(site.process.pid) == []
    assert nobody_listens(site.port)
    assert site.output.rstrip().endswith("Stopped.")


def test_sigterm_stops_it_like_ctrl_c(site: LiveSite) -> None:
    site.process.terminate()
    assert site.process.wait(PATIENCE) == 0
    assert processes_of(site.process.pid) == []


def test_a_killed_supervisor_leaves_no_orphan_and_no_bound_port(
    site: LiveSite,
) -> None:
    site.process.kill()
    site.process.wait()
    wait_for(lambda: processes_of(site.process.pid) == [])
    assert nobody_listens(site.port)


def test_a_web_process_that_dies_is_replaced_and_said(site: LiveSite) -> None:
    before = processes_of(site.process.pid)
    for child in before:
        if child != site.process.pid:
            os.kill(child, signal.SIGKILL)
    wait_for(lambda: "The web 1 process ended (signal 9)" in site.output)
    wait_for(lambda: len(processes_of(site.process.pid)) == len(before))
    wait_for(lambda: answers(site))
    assert "The worker process ended (signal 9)" in site.output


def answers(site: LiveSite) -> bool:
    try:
        return site.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def test_started_again_it_is_up_with_its_data(home: Path) -> None:
    first = live.start(home)
    first.run("user", "create", "keeper", "--role", "editor")
    first.stop()
    second = live.start(home)
    again = second.run("user", "create", "keeper", "--role", "editor", check=False)
    second.stop()
    assert "keeper already" in again.stderr


def test_a_taken_port_is_named_in_one_line(lasting: LiveSite, tmp_path: Path) -> None:
    refused = subprocess.run(
        [*live.command(), "up"],
        env={**lasting.environment, "WIREDESK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert f"Port {lasting.port} on 127.0.0.1 can't be opened" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_two_sites_never_share_a_data_folder(lasting: LiveSite) -> None:
    environment = {**lasting.environment, "PORT": str(live.free_port())}
    refused = subprocess.run(
        [*live.command(), "up"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "already runs with the data folder" in refused.stderr


def test_web_processes_share_the_work(home: Path) -> None:
    site = live.start(home, settings={"WIREDESK_WORKERS": "3"})
    running = len(processes_of(site.process.pid))
    site.stop()
    assert running == 1 + 3 + 1


def test_it_runs_on_postgresql(postgres: str, tmp_path: Path) -> None:
    site = live.start(tmp_path, settings={"DATABASE_URL": postgres})
    try:
        assert site.get("/readyz").json()["migrations"] is True
        assert site.run("wire", "ledger").stdout.startswith("delivered")
    finally:
        assert site.stop() == 0


def test_a_new_site_has_a_front_and_a_section_of_its_own(lasting: LiveSite) -> None:
    front = lasting.get("/")
    assert front.status_code == 200
    assert "News" in front.text
    assert "Wagtail" not in front.text


def test_a_page_names_the_address_that_the_settings_give(lasting: LiveSite) -> None:
    page = lasting.get("/news/").text
    assert f'<link rel="canonical" href="{lasting.url}/news/">' in page
