"""A connection says when its transaction is about to be committed, and when it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError
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


def test_who_hears_of_a_commit_sees_what_was_written() -> None:
    seen: list[bool] = []
    with heard(committing, lambda: seen.append(is_there())), transaction.atomic():
        with transaction.atomic():
            write()
        assert seen == []  # an inner block's end isn't the transaction's
    assert seen == [True]


def test_who_fails_when_he_hears_of_a_commit_stands_in_nobodys_way() -> None:
    told: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    with heard(committing, fail), transaction.atomic():
        transaction.on_commit(lambda: told.append("committed"))
        write()
    assert is_there()
    assert told == ["committed"]


def end_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK")


def mark_it() -> None:
    connection.needs_rollback = True


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (end_it, TransactionManagementError),
        (mark_it, TransactionManagementError),
        (interrupt, KeyboardInterrupt),
    ],
)
def test_a_transaction_that_is_lost_meanwhile_is_never_said_to_be_committed(
    what: Callable[[], None], error: type[BaseException]
) -> None:
    told: list[str] = []

    def change() -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: told.append("committed"))
            write()

    with (
        heard(committing, what),
        heard(rolled_back, lambda: told.append("undone")),
        pytest.raises(error),
    ):
        change()
    assert not is_there()
    assert set(told) == {"undone"}
    with transaction.atomic():
        write()  # the connection goes on as ever
    assert is_there()


def test_an_inner_block_that_cant_begin_meanwhile_leaves_no_trace() -> None:
    def refuse(*_: Any) -> None:
        raise OperationalError("The connection is lost.")

    def begin() -> None:
        with connection.execute_wrapper(refuse), transaction.atomic():
            raise AssertionError

    told: list[str] = []
    with heard(committing, begin), transaction.atomic():
        transaction.on_commit(lambda: told.append("committed"))
        write()
    assert told == ["committed"]
    connections["default"].validate_no_atomic_block()
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


def test_a_requests_end_doesnt_close_a_connection_about_to_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here: Any = connections["default"]
    closed: list[str] = []

    def end() -> None:
        here.close_if_unusable_or_obsolete()
        assert closed == []
        # What Django itself would do.
        was_checked = here.health_check_done
        BaseDatabaseWrapper.close_if_unusable_or_obsolete(here)
        here.health_check_done = was_checked

    monkeypatch.setattr(here, "close", lambda: closed.append("closed"))
    with heard(committing, end), transaction.atomic():
        write()
    monkeypatch.undo()
    assert closed == ["closed"]
    assert is_there()
