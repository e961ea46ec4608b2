"""A site behind nginx with TLS, set up as the example and its page say."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx
import pytest

from tests import live, requires
from tests.live import LiveSite
from tests.nginx import Front, nginx

NEWS, DESK = "news.example", "desk.news.example"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    requires.need("nginx")
    site = live.start(
        tmp_path_factory.mktemp("behind-tls"),
        settings={
            "WIREDESK_BASE_URL": f"https://{NEWS}",
            "WIREDESK_HOSTS": f"{NEWS},localhost",
            "WIREDESK_PROXIES": "1",
            "WIREDESK_DESK_HOST": DESK,
        },
    )
    yield site
    site.stop()


@pytest.fixture(scope="module")
def front(site: LiveSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    program, openssl = requires.need("nginx"), requires.need("openssl")
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(
        program, openssl, folder, origin=site.port, names=f"{NEWS} {DESK}"
    ) as front:
        yield front


def ask(front: Front, host: str, path: str, **headers: str) -> httpx.Response:
    trust = ssl.create_default_context(cafile=str(front.certificate))
    with httpx.Client(verify=trust, timeout=30) as client:
        return client.get(f"{front.tls}{path}", headers={"Host": host, **headers})


def test_readers_get_pages_with_every_header_that_guards_them(front: Front) -> None:
    answer = ask(front, NEWS, "/")
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    policy = headers["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert {
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    } <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert headers["ETag"].startswith('"')  # strong: nothing on the way changed it
    assert f"https://{NEWS}/" in answer.text


def test_a_plain_request_is_led_to_tls(front: Front) -> None:
    answer = httpx.get(f"{front.plain}/a/?b=c", headers={"Host": NEWS})
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{NEWS}/a/?b=c"


def test_the_desk_stands_on_its_own_host_with_secure_cookies(front: Front) -> None:
    assert ask(front, NEWS, "/desk/login/").status_code == 404
    answer = ask(front, DESK, "/desk/login/")
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/desk/"):
        assert part in cookie
    led = ask(front, DESK, "/sitemap.xml")
    assert led.headers["Location"] == f"https://{NEWS}/sitemap.xml"


def test_only_what_our_proxy_wrote_says_who_asks(site: LiveSite, front: Front) -> None:
    sign_in = {"Host": DESK, "X-Forwarded-Proto": "https"}

    def guess(claimed: str) -> int:
        claim = {"X-Forwarded-For": f"{claimed}, 203.0.113.9"}
        address = f"{site.url}/desk/login/"
        return httpx.post(address, headers=sign_in | claim, timeout=30).status_code

    # Each with a different claim to the left of what the one proxy says.
    codes = [guess(f"198.51.100.{number}") for number in range(30)]
    assert codes[:10] == [403] * 10  # no token of a form
    assert 429 in codes
    # nginx puts its own word in the place of what the client claims.
    trust = ssl.create_default_context(cafile=str(front.certificate))
    claim = {"Host": DESK, "X-Forwarded-For": "203.0.113.9"}
    with httpx.Client(verify=trust, timeout=30) as client:
        answer = client.post(f"{front.tls}/desk/login/", headers=claim)
    assert answer.status_code == 403
