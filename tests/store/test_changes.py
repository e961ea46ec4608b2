"""A transaction and the clock: nothing dark is true from the commit on, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from wiredesk.delivery.store import changes
from wiredesk.delivery.store.clock import OPEN, Clock, is_true, slots_of
from wiredesk.lib.databases.ending import rolled_back

STORY = slots_of(["story-7"])
LIST = slots_of(["list-front"])

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(tmp_path: Path, settings: Any) -> Clock:
    settings.WIREDESK_RUN = tmp_path
    return changes.clock()


def test_a_change_is_open_before_its_commit_and_said_after_it(clock: Clock) -> None:
    before = clock.head
    with transaction.atomic():
        changes.note_changes(keys=["list-front", "story-7"])
        assert clock.words[STORY[0]] >= OPEN
        assert not is_true(clock.words, LIST, before)
    assert clock.words[STORY[0]] < OPEN
    assert not is_true(clock.words, STORY, before)
    assert not is_true(clock.words, LIST, before)
    assert is_true(clock.words, STORY, clock.head)


def test_one_transaction_may_note_changes_more_than_once(clock: Clock) -> None:
    with transaction.atomic():
        changes.note_changes(keys=["story-7"])
        changes.note_changes(keys=["list-front", "story-7"])
        assert clock.words[STORY[0]] >= OPEN
    assert is_true(clock.words, STORY, clock.head)


def test_what_cant_be_said_at_its_commit_is_said_when_the_request_is_over(
    clock: Clock,
) -> None:
    told: list[str] = []
    lock = clock._lock
    with transaction.atomic():
        changes.note_changes(keys=["story-7"])
        transaction.on_commit(lambda: told.append("committed"))
        clock._lock = 10_000  # no such file
    assert told == ["committed"]
    assert clock.words[STORY[0]] >= OPEN
    clock._lock = lock
    changes.settle_what_is_over()
    assert clock.words[STORY[0]] < OPEN


@pytest.fixture
def unheard() -> Iterator[None]:
    """Have nobody hear what is undone, as where the connection was lost."""
    receiver = changes._let_go
    assert rolled_back.disconnect(dispatch_uid="delivery.store")
    yield
    rolled_back.connect(receiver, dispatch_uid="delivery.store")


def test_a_change_that_was_undone_is_closed_at_once(clock: Clock) -> None:
    with transaction.atomic():
        changes.note_changes(keys=["story-7"])
        with transaction.atomic():
            transaction.set_rollback(True)
        assert clock.words[STORY[0]] >= OPEN
        transaction.set_rollback(True)
    assert clock.words[STORY[0]] < OPEN


def test_a_change_that_was_undone_alone_is_closed_with_the_rest(clock: Clock) -> None:
    with transaction.atomic(), transaction.atomic():
        changes.note_changes(keys=["story-7"])
        transaction.set_rollback(True)
    assert clock.words[STORY[0]] < OPEN


@pytest.mark.usefixtures("unheard")
def test_a_change_that_was_undone_doesnt_stay_open_for_good(clock: Clock) -> None:
    with transaction.atomic():
        changes.note_changes(keys=["story-7"])
        transaction.set_rollback(True)
    assert clock.words[STORY[0]] >= OPEN  # until this thread changes something again
    with transaction.atomic():
        changes.note_changes(keys=["list-front"])
        assert clock.words[STORY[0]] < OPEN


@pytest.mark.usefixtures("unheard")
def test_what_was_undone_is_closed_when_the_request_is_over(clock: Clock) -> None:
    with transaction.atomic():
        changes.note_changes(keys=["story-7"])
        changes.settle_what_is_over()
        assert clock.words[STORY[0]] >= OPEN
        transaction.set_rollback(True)
    changes.settle_what_is_over()
    assert clock.words[STORY[0]] < OPEN


def test_a_kill_is_said_although_another_hook_of_its_commit_fails(
    clock: Clock,
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def kill() -> None:
        with transaction.atomic():
            transaction.on_commit(fail)
            changes.note_changes(keys=["story-7"])

    with pytest.raises(ZeroDivisionError):
        kill()
    assert is_true(clock.words, STORY, clock.head)


def test_an_update_under_way_doesnt_close_what_a_kill_has_opened(clock: Clock) -> None:
    with transaction.atomic():
        changes.note_changes(keys=["story-7"])
        clock.open(STORY)  # another process kills it meanwhile
    assert not is_true(clock.words, STORY, clock.head)
    clock.close(STORY)
    assert is_true(clock.words, STORY, clock.head)


def test_outside_of_a_transaction_a_change_is_said_at_once(clock: Clock) -> None:
    before = clock.head
    changes.note_changes(keys=["list-front"])
    assert not is_true(clock.words, LIST, before)


def test_nothing_changed_is_nothing_said(clock: Clock) -> None:
    before = clock.head
    with transaction.atomic():
        changes.note_changes(keys=[])
    assert clock.head == before


DIES = """
import django, os, signal
django.setup()
from django.conf import settings
from pathlib import Path
from typing import Any
settings.WIREDESK_RUN = Path(os.environ["RUN"])
settings.DATABASES["default"]["NAME"] = os.environ["RUN"] + "/empty.sqlite3"
from django.db import transaction
from wiredesk.delivery.store import changes
atomic = transaction.atomic()
atomic.__enter__()
changes.note_changes(keys=["list-front", "story-7"])
print("noted", flush=True)
signal.pause()
"""


def test_the_changes_of_a_killed_process_are_said_for_it(
    clock: Clock, tmp_path: Path
) -> None:
    before = clock.head
    process = subprocess.Popen(
        [sys.executable, "-c", DIES],
        # What it has in its database doesn't matter: an empty one of its own will do.
        env={**os.environ, "RUN": str(tmp_path), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "noted\n"
    assert changes.finish_for_the_dead() == 0  # it lives
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for note in (tmp_path / "store" / "notes").iterdir():
        os.utime(note, (0, 0))  # longer dead than PostgreSQL takes to finish a commit
    assert changes.finish_for_the_dead() == 1
    assert not is_true(clock.words, LIST, before)
    assert is_true(clock.words, STORY, clock.head)
    assert changes.finish_for_the_dead() == 0
