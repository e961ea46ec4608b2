"""Behind a proxy that ends TLS: what its word is worth, and what nobody else's is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import live
from tests.http.conftest import Made
from tests.http.sites import HOST, Station, copy_of, station

pytestmark = pytest.mark.processes

SECURE = ("X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https")


@pytest.fixture(scope="module")
def behind(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Give a station with one proxy in front, which this test plays."""
    home = copy_of(made.home, tmp_path_factory.mktemp("behind") / "home")
    settings = {
        "WIREDESK_BASE_URL": f"https://{HOST}",
        "WIREDESK_PROXIES": "1",
        "WIREDESK_ACCESS_LOG": str(home.with_name("access.log")),
    }
    with station(home, **settings) as running:
        running.words = dict(made.words)
        for _ in range(3):
            assert running.get(made.words["{story}"], *SECURE).status == 200
        yield running


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("X-Forwarded-For: 192.0.2.7",),
        ("X-Forwarded-Proto: http",),
        ("X_Forwarded_Proto: https",),
        ("X-Forwarded-Ssl: on", "Front-End-Https: on"),
        ("Forwarded: proto=https",),
    ],
)
def test_a_stored_page_is_not_given_to_who_came_without_tls(
    behind: Station, lines: tuple[str, ...]
) -> None:
    path = behind.words["{story}"]
    answer = behind.get(path, *lines)
    assert answer.status == 301
    assert answer.header("location") == f"https://{HOST}{path}"


def test_who_came_by_tls_gets_the_page_and_is_told_to_stay_with_it(
    behind: Station,
) -> None:
    answer = behind.get(behind.words["{story}"], *SECURE)
    assert answer.status == 200
    assert str(answer.header("strict-transport-security")).startswith("max-age=")


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Forwarded-Server", "Forwarded"]
)
def test_no_forwarding_header_moves_a_page_to_another_host(
    behind: Station, name: str
) -> None:
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    answer = behind.get(behind.words["{story}"], *SECURE, f"{name}: {value}")
    assert answer.status == 200
    assert b"evil.example" not in answer.decoded
    redirect = behind.get(behind.words["{slashless}"], *SECURE, f"{name}: {value}")
    assert "evil.example" not in str(redirect.header("location"))


def test_the_access_log_names_the_address_our_proxy_saw(behind: Station) -> None:
    log = Path(behind.site.environment["WIREDESK_ACCESS_LOG"])
    path = f"{behind.words['{story}']}?seen=1"
    forged = "X-Forwarded-For: 198.51.100.1, 203.0.113.9"
    behind.get(path, forged, "X-Forwarded-Proto: https", 'User-Agent: A "quoted" one')

    def line() -> str:
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return next((each for each in lines if path in each), "")

    live.wait_for(line, why="the line never came")
    assert line().startswith("203.0.113.9 - - [")
    assert f'"GET {path} HTTP/1.1" 200 ' in line()
    assert 'A "quoted" one' not in line(), "a quote must be escaped in the log"
