"""A connection says when its transaction is about to be committed, and when it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.dispatch import Signal

from wiredesk.lib.databases.ending import SaysHowItEnds, committing, rolled_back
from wiredesk.topics.models import Topic

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def heard(signal: Signal, happens: Callable[[], object]) -> Iterator[None]:
    def hear(connection: Any, **_: Any) -> None:
        assert connection is connections["default"]
        happens()

    signal.connect(hear)
    try:
        yield
    finally:
        signal.disconnect(hear)


def is_there() -> bool:
    return Topic.objects.filter(slug="ferries").exists()


def write() -> None:
    Topic.objects.create(slug="ferries", name="Ferries")


def test_the_site_and_the_tests_run_on_a_database_that_says_how_it_ends() -> None:
    assert isinstance(connections["default"], SaysHowItEnds)


def test_who_hears_of_a_commit_sees_what_was_written_and_may_add_to_it() -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append(is_there())
        Topic.objects.create(slug="harbours", name="Harbours")

    with heard(committing, look), transaction.atomic():
        with transaction.atomic():
            write()
        assert seen == []  # an inner block's end isn't the transaction's
    assert seen == [True]
    assert Topic.objects.filter(slug="harbours").exists()


def test_what_fails_before_a_commit_undoes_it() -> None:
    told: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    def change() -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: told.append("committed"))
            write()

    with (
        heard(committing, fail),
        heard(rolled_back, lambda: told.append("undone")),
        pytest.raises(ZeroDivisionError),
    ):
        change()
    assert not is_there()
    assert told == ["undone"]
    with transaction.atomic():
        write()  # the connection goes on as ever
    assert is_there()


def test_what_is_undone_is_said_once_it_is() -> None:
    told: list[str] = []
    with heard(rolled_back, lambda: told.append("undone")), transaction.atomic():
        write()
        with transaction.atomic():
            transaction.set_rollback(True)
        assert told == []  # an inner block may be undone alone
        transaction.set_rollback(True)
    assert told == ["undone"]
    assert not is_there()


def test_a_requests_end_doesnt_close_a_connection_about_to_commit() -> None:
    def end() -> None:
        connections["default"].close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    with heard(committing, end), transaction.atomic():
        write()
    assert is_there()
