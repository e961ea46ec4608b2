"""Another process that commits a small write every 10 ms and notes how long it waited.

Plain ``sqlite3`` with the settings a web process's connection has, so that no code of
Wiredesk's own helps it to its turn. Prints one JSON object when its standard input is
closed.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time

EVERY = 0.010  # seconds


def main(path: str, settings: str) -> None:
    """Write until the other side closes our standard input."""
    ended = threading.Event()
    threading.Thread(target=_listen, args=(ended,), daemon=True).start()
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    connection.executescript(settings)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS bench_other (id INTEGER PRIMARY KEY, at REAL)"
    )
    waits = []
    while not ended.wait(EVERY):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bench_other (at) VALUES (?)", (began,))
        connection.execute("COMMIT")
        waits.append(time.perf_counter() - began)
    connection.execute("DROP TABLE bench_other")
    connection.close()
    sys.stdout.write(json.dumps(summary(waits)))


def summary(waits: list[float]) -> dict[str, float]:
    """Give count, and p50, p99 and the longest, in milliseconds."""
    ranked = sorted(waits) or [0.0]

    def at(share: float) -> float:
        return round(ranked[min(int(len(ranked) * share), len(ranked) - 1)] * 1000, 1)

    return {"commits": len(waits), "p50": at(0.5), "p99": at(0.99), "max": at(1.0)}


def _listen(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
