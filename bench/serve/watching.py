"""Asks every web process again and again until each has given the new answer.

``python -m bench.serve.watching PORT PIDS``: the first line out says that it has its
connections. Then a line in names a path, a mark, and whether it comes or goes; a line out
gives, by process, when the new answer was there and when the last question with an old
answer had been sent.
"""

from __future__ import annotations

import json
import sys
import time

from bench.serve.asking import Asked, each_process

PAUSE = 0.0005  # seconds between questions; it must leave the servers some CPU
LIMIT = 30.0


def main() -> None:
    """Answer each line until the input ends."""
    asked = each_process(int(sys.argv[1]), [int(pid) for pid in sys.argv[2].split(",")])
    for pid in asked.pids:
        asked.reader(pid)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        wanted = json.loads(line)
        said = _watch(asked, wanted["path"], wanted["mark"].encode(), wanted["gone"])
        print(json.dumps(said), flush=True)  # noqa: T201


def _watch(asked: Asked, path: str, mark: bytes, gone: bool) -> dict[str, list[float]]:
    seen: dict[int, float] = {}
    old: dict[int, float] = {}
    end = time.monotonic() + LIMIT
    while len(seen) < len(asked.pids):
        for pid in asked.pids:
            if pid in seen:
                continue
            sent = time.monotonic()
            answer = asked.answer(pid, path)
            now = time.monotonic()
            if (mark in answer.decoded) != gone:
                seen[pid] = now
            else:
                old[pid] = sent
            if now > end:
                raise SystemExit(f"{path} didn't change within {LIMIT:g} s.")
        time.sleep(PAUSE)
    return {"seen": list(seen.values()), "old": list(old.values())}


if __name__ == "__main__":
    main()
