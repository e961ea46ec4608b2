"""What the worker does every second costs the same in an archive of any size."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wiredesk.stories.actions.keep_schedules import keep_schedules
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.wire import worker

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans alone"),
]
# Tables that grow with every delivery, and what reads through one of them: all of it, or
# all of it but what is dark.
GROWING = (
    *("stories_story", "stories_storystanding", "wire_delivery", "wire_message"),
    *("wire_ledgerline", "wire_receipt", "logbook_entry", "delivery_proof"),
)
THROUGH = (
    *(f"SCAN {table}" for table in GROWING),
    "USING INDEX standing_by_state (state=?)",
)
# These ask a server, a cache or the disk as well, and their own tests hold what they ask.
OF_OTHERS = ("purge", "proof")
STEPS = [step for step in worker._steps.values() if step.name not in OF_OTHERS]


def read_through(queries: CaptureQueriesContext) -> list[tuple[str, str]]:
    found = []
    for each in queries:
        sql = each["sql"]
        if not sql.startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            rows: list[Any] = cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        plan = " / ".join(str(row[3]) for row in rows)
        if any(bad in plan for bad in THROUGH):
            found.append((sql, plan))
    return found


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_that_finds_nothing_reads_through_nothing(step: worker.Step) -> None:
    step.function()
    with CaptureQueriesContext(connection) as queries:
        step.function()
    assert read_through(queries) == []


def test_the_steps_are_those_that_look_at_stories() -> None:
    assert {note_expiry, keep_schedules} <= {step.function for step in STEPS}
