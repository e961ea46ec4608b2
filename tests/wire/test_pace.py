"""How a process's threads take turns at writing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from wiredesk.wire.pace import LEAST, MOST, Pace, turn


@pytest.mark.django_db(transaction=True)
def test_one_thread_at_a_time_has_a_turn() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no single writer to take turns for")
    inside: list[int] = []
    most: list[int] = []
    guard = threading.Lock()

    def write() -> None:
        for _ in range(5):
            with turn(), transaction.atomic():
                with guard:
                    inside.append(1)
                    most.append(len(inside))
                with guard:
                    inside.pop()
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(write) for _ in range(4)]:
            done.result()
    assert len(most) == 20
    assert max(most) == 1


def test_a_turn_that_failed_lets_the_next_one_in() -> None:
    with pytest.raises(ValueError, match="torn"), turn():
        raise ValueError("torn")
    with turn():
        pass


def test_groups_grow_by_steps_and_stay_within_their_bounds() -> None:
    pace = Pace()
    sizes = [pace.size]
    for _ in range(20):
        pace.wrote(pace.size, 0.001)
        sizes.append(pace.size)
    assert sizes == sorted(sizes)
    assert sizes[-1] == MOST
    for _ in range(20):
        pace.wrote(pace.size, 5.0)
    assert pace.size == LEAST
