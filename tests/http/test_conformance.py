"""The page store and Django alone give the same answers to the same bytes."""

from __future__ import annotations

import difflib

import pytest

from tests.http.cases import CASES, Case
from tests.http.raw import Answer, Exchange, ask
from tests.http.sites import HOST, Station, fill_in

pytestmark = pytest.mark.processes

MOVES = {"date"}  # by the clock
# What a 304 must say again; the rest a browser has kept, and may be left out
# (RFC 9110, 15.4.5).
SAID_AGAIN = {"cache-control", "etag", "expires", "last-modified", "location", "vary"}


def put(station: Station, case: Case) -> Exchange:
    raw = fill_in(case.raw, station.words)
    size = case.chunk or max(len(raw), 1)
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
    return ask(
        station.site.port,
        *pieces,
        methods=case.methods,
        host=HOST,
        ends=case.ends,
    )


def differences(one: Answer, other: Answer) -> list[str]:
    """Give what a reader can tell two answers apart by."""
    found = [] if one.status == other.status else [f"{one.status} != {other.status}"]
    mine, theirs = (
        sorted(": ".join(pair) for pair in answer.headers if matters(pair[0], answer))
        for answer in (one, other)
    )
    found += difflib.unified_diff(theirs, mine, "Django", "store", n=0, lineterm="")
    mine, theirs = (
        answer.decoded.decode("utf-8", "replace").splitlines()
        for answer in (one, other)
    )
    found += difflib.unified_diff(theirs, mine, "Django", "store", n=0, lineterm="")
    return found


def matters(name: str, answer: Answer) -> bool:
    return name in SAID_AGAIN if answer.status == 304 else name not in MOVES


def is_right(exchange: Exchange, case: Case) -> None:
    if case.refused:
        assert not exchange.kept
        assert all(400 <= status < 500 for status in exchange.statuses)
        assert len(exchange.answers) <= 1
        return
    assert (exchange.statuses, exchange.kept) == (case.statuses, case.kept)
    assert exchange.rest == b"", "bytes that belong to no answer"
    if case.encoding != "any":
        assert exchange.answers[0].header("content-encoding") == case.encoding


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_store_answers_as_django_does(
    stored: Station, alone: Station, case: Case
) -> None:
    by_django = put(alone, case)
    if not case.told_apart:
        is_right(by_django, case)
    # Again and again: whatever the store makes of it must not change the answer.
    for _ in range(3):
        by_store = put(stored, case)
        if case.told_apart:
            # A server that can answer at all gives what the case says, never else.
            assert set(by_store.statuses) <= set(case.statuses)
            continue
        is_right(by_store, case)
        for one, other in zip(by_store.answers, by_django.answers, strict=False):
            assert differences(one, other) == []
