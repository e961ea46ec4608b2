"""The desk on a host of its own: neither answers for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from wiredesk.config import env

if TYPE_CHECKING:
    from django.test import Client

    from tests.web.newsroom import Newsroom

DESK = "desk.example"


@pytest.fixture
def own_host(settings: Any) -> None:
    settings.WIREDESK_DESK_HOST = DESK
    settings.WIREDESK_BASE_URL = "https://news.example"
    settings.ALLOWED_HOSTS = ["testserver", DESK]


@pytest.mark.usefixtures("own_host")
def test_the_desk_answers_on_its_host_alone(client: Client, newsroom: Newsroom) -> None:
    for path in ("/desk/", "/desk/login/", "/desk/media/x.jpg", "/desk/no-such/"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert not answer.cookies
        assert b"assword" not in answer.content
    answer = client.get("/desk/login/", headers={"host": f"{DESK}:8443"})
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.usefixtures("own_host")
def test_no_public_page_answers_on_the_desks_host(
    client: Client, newsroom: Newsroom
) -> None:
    story = newsroom.wire_story()
    host = {"host": DESK}
    for path in (
        story.path,
        "/local/",
        "/feed.rss",
        "/sitemap.xml",
        "/a//evil.example/",
    ):
        answer = client.get(path or "", headers=host)
        assert answer.status_code == 302, path
        assert answer["Location"] == f"https://news.example{path}"
        assert answer["Cache-Control"] == "no-store"
    assert client.get("/", headers=host)["Location"] == "/desk/"
    assert (
        client.post("/wire/meridian", b"x", "text/plain", headers=host).status_code
        == 404
    )
    robots = client.get("/robots.txt", headers=host).content.decode()
    assert "Disallow: /\n" in robots
    assert client.get("/healthz", headers=host).status_code == 200
    assert client.get(story.path or "").status_code == 200


def test_without_the_setting_both_stand_on_one_host(
    client: Client, newsroom: Newsroom
) -> None:
    assert client.get("/desk/login/").status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("nonsense", ["https://desk.example", "desk.example:80", "a/b"])
def test_a_host_with_more_than_its_name_is_refused(
    nonsense: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREDESK_DESK_HOST", nonsense)
    with pytest.raises(ImproperlyConfigured, match="say a host name"):
        env.host_name("WIREDESK_DESK_HOST")


def test_the_desks_address_keeps_scheme_and_port() -> None:
    assert env.on_host("https://news.example", "desk.example") == "https://desk.example"
    assert env.on_host("http://localhost:8000", "desk.localhost") == (
        "http://desk.localhost:8000"
    )
    assert env.on_host("http://localhost:8000", "") == "http://localhost:8000"
