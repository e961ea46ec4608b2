"""Who asks too often is asked to wait, by the address that our own proxies saw."""

from __future__ import annotations

import json
import multiprocessing
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from wiredesk.lib.allowance import Allowance, Counter
from wiredesk.web.limits import SEARCH, SIGN_IN, TOKEN

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

    from django.test import Client

    from tests.web.newsroom import Newsroom

_numbers = count(1)


@pytest.fixture
def reader() -> str:
    """Give an address nobody has asked from yet."""
    return f"203.0.113.{next(_numbers)}"


def test_an_allowance_is_used_up_and_comes_back_with_time() -> None:
    counter = Counter()
    one = Allowance("one", at_once=3, seconds=50.0)
    assert [counter.take(one, "ann") for _ in range(3)] == [0.0] * 3
    assert 49 < counter.take(one, "ann") <= 50
    assert 49 < counter.wait(one, "ann") <= 50  # what is refused isn't counted
    assert counter.take(one, "bo") == 0.0
    assert counter.take(Allowance("two", at_once=1, seconds=50.0), "ann") == 0.0
    quick = Allowance("quick", at_once=1, seconds=0.0001)
    assert counter.take(quick, "ann") == 0.0
    while counter.wait(quick, "ann"):
        pass
    assert counter.take(quick, "ann") == 0.0


def ask(counter: Counter, allowance: Allowance, times: int, told: Queue[int]) -> None:
    told.put(sum(not counter.take(allowance, "ann") for _ in range(times)))


def test_all_processes_of_a_machine_count_together() -> None:
    counter, forked = Counter(), multiprocessing.get_context("fork")
    allowance = Allowance("shared", at_once=50, seconds=3600.0)
    told: Queue[int] = forked.Queue()
    workers = [
        forked.Process(target=ask, args=(counter, allowance, 40, told))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    allowed = sum(told.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join(60)
    assert allowed == 50


def test_a_reader_who_searches_without_end_waits_and_others_do_not(
    client: Client, newsroom: Newsroom, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiredesk.web.limits.SEARCH", Allowance("few", 3, 60.0))

    def search(address: str, **headers: Any) -> int:
        return client.get("/search/", REMOTE_ADDR=address, headers=headers).status_code

    assert [search(reader) for _ in range(3)] == [200, 200, 200]
    answer = client.get("/search/", REMOTE_ADDR=reader)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    # A header that no proxy of ours wrote makes nobody another.
    assert search(reader, x_forwarded_for="198.51.100.7", forwarded="for=::2") == 429
    to_program = client.get("/api/stories/", REMOTE_ADDR=reader)
    assert to_program.status_code == 429
    assert to_program["Content-Type"] == "application/json"
    assert to_program["Retry-After"] in to_program.json()["error"]
    assert search("198.51.100.7") == 200
    assert client.get("/", REMOTE_ADDR=reader).status_code == 200


def test_a_network_of_addresses_is_one_reader(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiredesk.web.limits.SEARCH", Allowance("net", 2, 60.0))
    near = [f"2001:db8:1:1::{n}" for n in range(1, 4)]
    codes = [client.get("/search/", REMOTE_ADDR=one).status_code for one in near]
    assert codes == [200, 200, 429]
    assert client.get("/search/", REMOTE_ADDR="2001:db8:1:2::1").status_code == 200


def test_what_asks_from_this_machine_is_never_refused(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiredesk.web.limits.SEARCH", Allowance("own", 1, 60.0))
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", ""):
        for _ in range(3):
            answer = client.get("/search/", REMOTE_ADDR=address)
            assert answer.status_code == 200, address


def test_passwords_are_not_guessed_by_the_hundred(
    client: Client, newsroom: Newsroom, reader: str
) -> None:
    wrong = {"username": "ann", "password": "wrong"}
    for _ in range(SIGN_IN.at_once):
        answer = client.post("/desk/login/", wrong, REMOTE_ADDR=reader)
        assert answer.status_code == 200
    answer = client.post("/desk/login/", wrong, REMOTE_ADDR=reader)
    assert answer.status_code == 429
    assert client.get("/desk/login/", REMOTE_ADDR=reader).status_code == 200


def test_a_token_is_not_guessed_and_another_feed_is_not_kept_waiting(
    client: Client, newsroom: Newsroom, reader: str
) -> None:
    def push(feed: str) -> Any:
        return client.post(
            f"/wire/{feed}",
            b"x",
            content_type="text/plain",
            REMOTE_ADDR=reader,
            headers={"authorization": "Bearer wrong"},
        )

    assert {push("meridian").status_code for _ in range(TOKEN.at_once)} == {401}
    refused = push("meridian")
    assert refused.status_code == 429
    wait = refused["Retry-After"]
    assert json.loads(refused.content)["error"].endswith(f"again in {wait} seconds.")
    assert refused["Cache-Control"] == "no-store"
    assert push("halyard").status_code == 401


def test_no_reader_meets_the_limit_by_reading() -> None:
    assert SEARCH.at_once >= 60
    assert SEARCH.seconds <= 1
