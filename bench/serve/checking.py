"""Looks whether a killed story is ever seen again: on every web process, in all encodings.

Reads from the database what was published and killed; from the moment a kill can be read
there it is committed, and no answer to what is asked from then on may have the story.
"""

from __future__ import annotations

import contextlib
import json
import select
import sqlite3
import sys
import time
from pathlib import Path

from bench.serve.asking import Asked, each_process
from bench.serve.feed import GUID, will_be_killed

LOOK = 0.01  # seconds between looks into the database
AGAIN = (0.0, 0.05, 0.5)  # seconds after the kill at which it is looked for
ENCODINGS = ("gzip", "identity", "br")
LINES = """
SELECT line.id, line.story_path, message.status, message.guid FROM wire_ledgerline line
JOIN wire_message message ON message.id = line.message_id
WHERE line.id > ? AND message.guid LIKE ? ORDER BY line.id
"""


class Checker:
    """Asks for stories that will be killed while they live, and again when they are."""

    def __init__(self, home: Path, port: int, pids: list[int]) -> None:
        self.database = sqlite3.connect(
            f"file:{home / 'wiredesk.sqlite3'}?mode=ro", uri=True, timeout=30
        )
        self.asked: Asked = each_process(port, pids)
        # What came before is an earlier run's.
        (self.last,) = self.database.execute(
            "SELECT coalesce(max(id), 0) FROM wire_ledgerline"
        ).fetchone()
        self.due: list[tuple[float, str]] = []
        self.figures = {"kills": 0, "answers": 0, "stale": 0}

    def look(self) -> None:
        """Take what the database has new, and ask for what is due."""
        rows = self.database.execute(LINES, (self.last, f"{GUID}%")).fetchall()
        for line, path, status, guid in rows:
            self.last = line
            if not path:
                continue  # a kill that overtook its story: no page was ever there
            if status == "canceled":
                self.figures["kills"] += 1
                now = time.monotonic()
                self.due += [(now + later, path) for later in AGAIN]
            elif will_be_killed(guid):
                self._ask(path)  # so that the store has it
        while self.due and min(self.due)[0] <= time.monotonic():
            moment = min(self.due)
            self.due.remove(moment)
            for status in self._ask(moment[1]):
                self.figures["answers"] += 1
                self.figures["stale"] += status != 410

    def _ask(self, path: str) -> list[int]:
        return [
            answer.status
            for encoding in ENCODINGS
            for answer in self.asked.answers(path, encoding)
        ]


def main() -> None:
    """Look until the input ends; say what was seen."""
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    checker = Checker(home, port, [int(pid) for pid in sys.argv[3].split(",")])
    while not select.select([sys.stdin], [], [], LOOK)[0]:
        checker.look()
    with contextlib.closing(checker.database):
        while checker.due:
            checker.look()
            time.sleep(LOOK)
    print(json.dumps(checker.figures))  # noqa: T201


if __name__ == "__main__":
    main()
