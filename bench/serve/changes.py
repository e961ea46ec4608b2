"""How long after a commit every web process gives the new answer.

``python -m bench.serve.changes PORT PIDS COUNT``, in a site's environment, changes
stories in a process of its own, as the worker does, which rests meanwhile. The moment of
a commit is noted by the connection that made it; another process asks all along.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wiredesk.wire.models import Feed

SETTLE = 0.03  # seconds the asking process has to get going


@dataclass
class Clock:
    """Notes when the transaction that changed stories was durable."""

    at: float = 0.0
    heard: float = 0.0  # when the story was announced, from which on its pages wait
    is_changing: bool = False

    def attach(self) -> None:
        """Listen to the stories' announcement and to the connection's commits."""
        from django.db import connection

        from wiredesk.stories.signals import stories_changed

        stories_changed.connect(self._hear, weak=False)
        commit = connection.commit

        def noted() -> None:
            commit()
            if self.is_changing:
                self.at, self.is_changing = time.monotonic(), False

        connection.commit = noted  # type: ignore[method-assign]

    def _hear(self, **more: object) -> None:
        if not self.is_changing:
            self.is_changing, self.heard = True, time.monotonic()


@dataclass
class Changes:
    """Makes changes one by one; ``took`` has milliseconds by kind."""

    asking: subprocess.Popen[str]
    feed: Feed
    clock: Clock
    took: dict[str, list[float]] = field(default_factory=dict)
    # Old answers to what was asked after the commit, by kind.
    stale: dict[str, int] = field(default_factory=dict)
    # Milliseconds from the announcement to the commit, by kind.
    before: dict[str, list[float]] = field(default_factory=dict)

    def measure(
        self, kind: str, path: str, mark: str, change: Callable[[], None]
    ) -> None:
        """Change something; note how long until each process shows or lacks ``mark``."""
        assert self.asking.stdin is not None
        assert self.asking.stdout is not None
        wanted = {"path": path, "mark": mark, "gone": kind.startswith("kill")}
        print(json.dumps(wanted), file=self.asking.stdin, flush=True)
        time.sleep(SETTLE)
        change()
        said = json.loads(self.asking.stdout.readline())
        took = max(0.0, max(said["seen"]) - self.clock.at)
        self.took.setdefault(kind, []).append(1000 * took)
        before = 1000 * (self.clock.at - self.clock.heard)
        self.before.setdefault(kind, []).append(before)
        late = sum(asked > self.clock.at for asked in said["old"])
        self.stale[kind] = self.stale.get(kind, 0) + late

    def send(self, number: int, version: int, **more: str) -> None:
        """Bring one message and take it, as the worker does."""
        from wiredesk.wire.actions.receive import Payload, receive
        from wiredesk.wire.actions.take import take_waiting

        item = {
            "uri": f"urn:bench:changed:{RUN}:{number}",
            "type": "text",
            "version": str(version),
            "pubstatus": "usable",
            "headline": f"Lower Tarn hears changed case {RUN} {number} v{version}v",
            "body_text": "The hearing of the ferry case goes on. " * 300,
            "subject": [{"code": "medtop:11000000"}],
            **more,
        }
        receive(
            feed=self.feed,
            payloads=[Payload(json.dumps(item).encode())],
            transport="bench",
        )
        while take_waiting(worker="bench"):
            pass


RUN = str(time.time_ns())
OTHER = 1_000_000  # numbers from here on are of stories that only come and go


def main() -> None:
    """Make the changes and print what was measured."""
    port, pids, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    from wiredesk.config.boot import set_up

    set_up()
    from wiredesk.delivery.store.ahead import begin_to_draw_ahead
    from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed

    begin_to_draw_ahead()
    asking = subprocess.Popen(
        [sys.executable, "-m", "bench.serve.watching", port, pids],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert asking.stdout is not None
    asking.stdout.readline()  # it has its connections
    clock = Clock()
    clock.attach()
    changes = Changes(asking, ensure_builtin_feed(), clock)
    for number in range(count):
        _change_all(changes, number)
    asking.communicate()
    said = {"took": changes.took, "stale": changes.stale, "before": changes.before}
    print(json.dumps(said))  # noqa: T201


def _change_all(changes: Changes, number: int) -> None:
    """Bring a story to the front, update it, correct it and kill it; kill another there."""
    from wiredesk.stories.actions.write_correction import write_correction
    from wiredesk.stories.models import Story

    new = f"changed case {RUN} {number} v1v"
    changes.measure("addition", "/", new, lambda: changes.send(number, 1))
    guid = f"urn:bench:changed:{RUN}:{number}"
    story = Story.objects.get(identities__guid=guid)
    path = str(story.path)
    changes.measure("update", path, f"{number} v2v", lambda: changes.send(number, 2))
    text = f"An earlier version named a wrong ferry {number}."
    changes.measure(
        "correction",
        path,
        text,
        lambda: _done(write_correction(story=story, text=text, by=None)),
    )
    changes.measure(
        "kill",
        path,
        f"{number} v2v",
        lambda: changes.send(number, 3, pubstatus="canceled"),
    )
    other = OTHER + number
    changes.send(other, 1)
    changes.measure(
        "kill, on the front",
        "/",
        f"changed case {RUN} {other} v1v",
        lambda: changes.send(other, 2, pubstatus="canceled"),
    )


def _done(result: object) -> None:
    return None


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wiredesk.config.settings.site")
    main()
