from __future__ import annotations

import gzip
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.lib.web_server import Reply, WebServer
from wiredesk.lib.outbound import (
    AddressRefusedError,
    Answer,
    TooLargeError,
    TooManyRedirectsError,
    TooSlowError,
    UnreachableError,
    fetch,
    is_public,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


def ask(address: str, **options: object) -> Answer:
    return fetch(address, trusted=["localhost"], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a00:1::",
        "fe80::1%eth0",
        "nonsense",
    ],
)
def test_an_inner_address_is_never_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://localhost./",
        "ftp://news.example/a",
        "file:///etc/passwd",
        "gopher://127.0.0.1:11211/",
        "http://8.8.8.8:22/",
        "http://user:word@8.8.8.8/",
        "http:///path",
        "http://[::1",
        "not an address",
    ],
)
def test_an_address_we_dont_go_to_is_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError):
        fetch(address, trusted=[], seconds=3)


def test_a_trusted_name_may_be_inside_and_use_its_port(server: WebServer) -> None:
    server.replies["/a"] = Reply(body=b"hello", headers={"ETag": '"1"'})
    answer = ask(server.address("/a"))
    assert (answer.status, answer.body, answer.headers["etag"]) == (
        200,
        b"hello",
        '"1"',
    )
    [(_, headers)] = server.asked
    assert headers["host"] == f"localhost:{server.port}"


def test_trust_is_in_the_name_not_in_the_address(server: WebServer) -> None:
    with pytest.raises(AddressRefusedError):
        ask(f"http://127.0.0.1:{server.port}/a")
    assert server.asked == []


def test_a_redirect_to_an_inner_address_is_refused(server: WebServer) -> None:
    inside = f"http://127.0.0.1:{server.port}/secret"
    server.replies["/a"] = Reply(302, {"Location": inside})
    with pytest.raises(AddressRefusedError):
        ask(server.address("/a"))
    assert [path for path, _ in server.asked] == ["/a"]


def test_redirects_are_followed_and_bounded(server: WebServer) -> None:
    server.replies["/a"] = Reply(301, {"Location": "/b"})
    server.replies["/b"] = Reply(body=b"there")
    answer = ask(server.address("/a"))
    assert (answer.body, answer.address) == (b"there", server.address("/b"))
    server.replies["/b"] = Reply(302, {"Location": "/a"})
    with pytest.raises(TooManyRedirectsError):
        ask(server.address("/a"))


def test_a_name_with_one_inner_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answers(host: str, port: int, **_: object) -> list[object]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))
            for number in ("8.8.8.8", "10.0.0.7")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(AddressRefusedError):
        fetch("http://two.example/", trusted=[])


def test_a_name_that_changes_between_check_and_use_gains_nothing(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is resolved once, and the connection goes to what was checked."""
    real, asked = socket.getaddrinfo, []

    def answers(host: str, *rest: object, **options: object) -> list[object]:
        asked.append(host)
        return real("127.0.0.1", *rest, **options)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    server.replies["/a"] = Reply(body=b"ok")
    fetch(f"http://name.example:{server.port}/a", trusted=["name.example"])
    assert asked.count("name.example") == 1
    assert server.asked[0][1]["host"] == f"name.example:{server.port}"


def test_a_proxy_of_the_environment_has_no_say(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.replies["/a"] = Reply(body=b"direct")
    assert ask(server.address("/a")).body == b"direct"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"x" * 5000),
        Reply(pieces=[b"x" * 500] * 50),
        Reply(
            body=gzip.compress(b"\0" * 5_000_000),
            headers={"Content-Encoding": "gzip"},
        ),
    ],
    ids=["announced", "unannounced", "bomb"],
)
def test_more_than_the_cap_is_refused(server: WebServer, reply: Reply) -> None:
    server.replies["/a"] = reply
    with pytest.raises(TooLargeError):
        ask(server.address("/a"), size_cap=4900)


def test_a_packed_answer_is_unpacked(server: WebServer) -> None:
    server.replies["/a"] = Reply(
        body=gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"}
    )
    assert ask(server.address("/a")).body == b"hello"


@pytest.mark.timeout(60)
def test_a_server_that_drips_is_left(server: WebServer) -> None:
    server.replies["/a"] = Reply(
        pieces=[b"x"] * 100, before_each=lambda: time.sleep(0.1)
    )
    with pytest.raises(TooSlowError):
        ask(server.address("/a"), seconds=0.5)


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError):
        ask(f"http://localhost:{port}/")
    with pytest.raises(UnreachableError):
        ask("http://no-such-name.invalid/")


def test_a_secret_for_one_host_is_not_told_to_another(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def answers(host: str, *rest: object, **options: object) -> list[object]:
        return real("127.0.0.1", *rest, **options)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    other = f"http://other.example:{server.port}/b"
    server.replies["/a"] = Reply(302, {"Location": other})
    server.replies["/b"] = Reply(body=b"ok")
    fetch(
        f"http://one.example:{server.port}/a",
        headers={"Authorization": "Bearer secret"},
        trusted=["one.example", "other.example"],
    )
    assert "authorization" in server.asked[0][1]
    assert "authorization" not in server.asked[1][1]
