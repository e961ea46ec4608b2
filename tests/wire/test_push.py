from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
from django.test import Client

from tests.wire.pipeline import make_feed, news_item
from wiredesk.wire import originals
from wiredesk.wire.actions.issue_token import issue_token
from wiredesk.wire.models import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.client import _MonkeyPatchedWSGIResponse
    from pytest_django import Settings

    from wiredesk.wire.models import Feed

ADDRESS = "/wire/harrow"


@pytest.fixture
def token(feed: Feed) -> str:
    return issue_token(feed=feed)


def push(
    token: str, body: bytes, coding: str = "", address: str = ADDRESS
) -> _MonkeyPatchedWSGIResponse:
    headers = {"Authorization": f"Bearer {token}"}
    if coding:
        headers["Content-Encoding"] = coding
    client = Client(enforce_csrf_checks=True)
    return client.post(
        address, body, content_type="application/octet-stream", headers=headers
    )


def test_accepted_means_that_the_bytes_are_kept(token: str) -> None:
    answer = push(token, news_item())
    assert answer.status_code == 202
    sha256 = answer.json()["sha256"]
    assert originals.read(sha256) == news_item()
    assert Receipt.objects.get().delivery_id == answer.json()["delivery"]


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("identity", bytes),
        ("deflate, gzip", lambda raw: gzip.compress(zlib.compress(raw), mtime=0)),
    ],
)
def test_a_coding_is_undone_before_the_bytes_are_kept(
    token: str, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    answer = push(token, pack(news_item()), coding)
    assert answer.status_code == 202
    assert originals.read(answer.json()["sha256"]) == news_item()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("zstd", b"x"),
        ("gzip", b"no gzip"),
        ("gzip", gzip.compress(b"a" * 99, mtime=0)[:-9]),
    ],
)
def test_a_coding_that_cant_be_undone_is_415(
    token: str, coding: str, body: bytes
) -> None:
    assert push(token, body, coding).status_code == 415
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("kind", ["application/json", "image/jpeg", "nonsense"])
def test_the_declared_type_is_not_looked_at(token: str, kind: str) -> None:
    answer = Client().post(
        ADDRESS,
        news_item(),
        content_type=kind,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 202


def test_no_feed_looks_like_a_wrong_token(token: str) -> None:
    wrong = push("wrong", news_item())
    nobody = push(token, news_item(), address="/wire/nobody")
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.content == nobody.content
    assert wrong["WWW-Authenticate"] == nobody["WWW-Authenticate"]


def test_another_feeds_token_is_refused(token: str) -> None:
    other = issue_token(feed=make_feed("ridge"))
    assert push(other, news_item()).status_code == 401


def test_a_feed_that_never_had_a_token_takes_none(feed: Feed) -> None:
    assert push("", news_item()).status_code == 401
    assert push("0" * 64, news_item()).status_code == 401


def test_a_new_token_ends_the_one_before(feed: Feed, token: str) -> None:
    newer = issue_token(feed=feed)
    assert push(token, news_item()).status_code == 401
    assert push(newer, news_item()).status_code == 202


def test_a_slash_at_the_addresss_end_does_no_harm(token: str) -> None:
    assert push(token, news_item(), address=f"{ADDRESS}/").status_code == 202
    assert push("wrong", news_item(), address=f"{ADDRESS}/").status_code == 401


def test_only_post_is_allowed(token: str) -> None:
    answer = Client().get(ADDRESS)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


class Counting(io.BytesIO):
    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


@pytest.mark.parametrize("announced", [True, False])
def test_what_is_over_the_cap_is_413_and_not_read_to_the_end(
    feed: Feed, token: str, announced: bool
) -> None:
    feed.size_cap = 100_000
    feed.save()
    body = Counting(b"x" * 5_000_000)
    sizes = {"CONTENT_LENGTH": "5000000"} if announced else {}
    chunks = {} if announced else {"HTTP_TRANSFER_ENCODING": "chunked"}
    answer = Client().generic(
        "POST",
        ADDRESS,
        headers={"Authorization": f"Bearer {token}"},
        **{"wsgi.input": body, **sizes, **chunks},  # type: ignore[arg-type]
    )
    assert answer.status_code == 413
    assert body.taken <= 200_000


def test_a_body_in_chunks_is_read_whole(token: str) -> None:
    answer = Client().generic(
        "POST",
        ADDRESS,
        headers={"Authorization": f"Bearer {token}"},
        **{  # type: ignore[arg-type]
            "wsgi.input": io.BytesIO(news_item()),
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    assert answer.status_code == 202
    assert originals.read(answer.json()["sha256"]) == news_item()


def test_a_bomb_is_413_and_nothing_is_kept(feed: Feed, token: str) -> None:
    feed.size_cap = 1_000_000
    feed.save()
    assert (
        push(token, gzip.compress(b"\0" * 50_000_000, mtime=0), "gzip").status_code
        == 413
    )
    assert not Receipt.objects.exists()


def test_a_full_disk_is_503_and_says_when_to_come_again(
    token: str, settings: Settings
) -> None:
    blocker = settings.WIREDESK_HOME / "file"
    blocker.touch()
    settings.WIREDESK_ORIGINALS = blocker / "originals"
    answer = push(token, news_item())
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert str(blocker) not in answer.content.decode()
