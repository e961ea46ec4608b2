"""The worker process: the wire's loop, and beside it the tasks that may wait."""

from __future__ import annotations

import logging
import signal
import threading
import time
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from wiredesk.config.boot import collect_seldom

logger = logging.getLogger(__name__)

TASK_INTERVAL = 0.5  # seconds between looks for a task when there was none
TASK_PAUSE = 5.0  # seconds the tasks rest when the database can't work
# Seconds after the start, in which the site's web processes need what CPU there is.
FIRST_DRAWING = 15.0
TASK_GRACE = 4.0  # seconds a task under way may take once the process must stop


class Stop(threading.Event):
    """Says when to stop; that somebody asks is the worker's heartbeat.

    So the beat shows that the wire's loop goes round, not only that the process is
    there: a loop that hangs stops asking, and the file grows old.
    """

    def __init__(self, beat: Path) -> None:
        super().__init__()
        self.beat = beat
        self.last_beat = 0.0

    def is_set(self) -> bool:
        self._touch()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self._touch()
        return super().wait(timeout)

    def _touch(self) -> None:
        now = time.monotonic()
        if now - self.last_beat >= 1.0:
            self.last_beat = now
            self.beat.touch()


def work() -> None:
    """Take deliveries and do tasks until SIGTERM; raises when either can't go on."""
    from wiredesk.wire.worker import run

    collect_seldom()
    stop = Stop(settings.WIREDESK_WORKER_BEAT)

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()
        tasks.running = False

    tasks = _task_worker()
    signal.signal(signal.SIGTERM, end)
    thread = threading.Thread(target=_do_tasks, args=(tasks, stop), name="tasks")
    thread.daemon = True  # a task that doesn't end can't keep the process
    thread.start()
    threading.Thread(target=_draw_ahead, name="ahead", daemon=True).start()
    try:
        run(stop)
    finally:
        tasks.running = False
        thread.join(TASK_GRACE)
    if tasks.failed:
        raise RuntimeError("The task worker ended; its reason stands above.")


def _draw_ahead() -> None:
    from wiredesk.delivery.store.ahead import begin_to_draw_ahead

    time.sleep(FIRST_DRAWING)
    begin_to_draw_ahead()


class _Tasks(TaskWorker):
    failed = False


def _task_worker() -> _Tasks:
    return _Tasks(
        queue_names=["*"],
        interval=TASK_INTERVAL,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"worker-{time.time_ns()}",
        excluded_queue_names=[],
    )


def _do_tasks(tasks: _Tasks, stop: threading.Event) -> None:
    try:
        while True:
            try:
                tasks.run()
                break
            except (OperationalError, InterfaceError) as error:
                # A locked database or a full disk is no reason to end the wire's work.
                logger.warning("The tasks wait for the database: %s", error)
                connections.close_all()
                if threading.Event.wait(stop, TASK_PAUSE):
                    break
    finally:
        if tasks.running:
            # It fell over: the whole process ends, and the supervisor starts anew.
            tasks.failed = True
            threading.Event.set(stop)
