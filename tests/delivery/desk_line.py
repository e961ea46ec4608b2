"""The desk of a running site, by lines of JSON: for tests that give many orders.

``python -m tests.delivery.desk_line`` with the site's environment reads a line, does
what it says and answers with a line. Starting a process an order would take minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

LIMIT = 60.0  # seconds a delivery may wait for the worker
FEEDS = [
    (f"harrow-{publish}-{expiry}", publish, expiry == "hard")
    for publish in ("now", "hold")
    for expiry in ("hard", "soft")
]


class DeskLine:
    """The test's end of the line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, verb: str, **values: Any) -> Any:
        """Have ``verb`` done there; gives its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"verb": verb, **values}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "The desk's end broke off."
        return json.loads(answer)


@contextmanager
def desk_line(environment: Mapping[str, str]) -> Iterator[DeskLine]:
    """Open a line to the desk of the site with this environment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.delivery.desk_line"],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield DeskLine(process)
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait(20)


# --- the site's end -------------------------------------------------------------------


def _feeds() -> dict[str, str]:
    """Make feeds that differ in their rules; gives each one's token."""
    from wiredesk.wire.actions.issue_token import issue_token
    from wiredesk.wire.models import Feed

    return {
        slug: issue_token(
            feed=Feed.objects.create(
                slug=slug,
                name="Harrow",
                source="harrow",
                publish=publish,
                hard_expiry=is_hard,
                section="politics",
            )
        )
        for slug, publish, is_hard in FEEDS
    }


def _taken(deliveries: list[int]) -> dict[int, int]:
    """Wait until the worker took these; gives each one's message."""
    from wiredesk.wire.models import Delivery, Message

    end = time.monotonic() + LIMIT
    waiting = Delivery.objects.filter(pk__in=deliveries).exclude(
        state=Delivery.State.TAKEN
    )
    while waiting.exists():
        assert time.monotonic() < end, list(waiting.values("pk", "state", "reason"))
        time.sleep(0.01)
    messages = Message.objects.filter(delivery__in=deliveries)
    return dict(messages.values_list("delivery_id", "pk"))


def _paths(guids: list[str]) -> dict[str, str]:
    """Give the address of each story that has one."""
    from wiredesk.stories.models import StoryIdentity

    rows = StoryIdentity.objects.filter(guid__in=guids, story__path__isnull=False)
    return {guid: path or "" for guid, path in rows.values_list("guid", "story__path")}


def _order(guid: str, order: str, message: int | None) -> str:
    """Give an order; gives why it was refused, empty where it wasn't."""
    from django.core.exceptions import ValidationError

    from wiredesk.stories.actions.give_order import give_order
    from wiredesk.stories.models import StoryIdentity
    from wiredesk.wire.models import Message

    identity = StoryIdentity.objects.filter(guid=guid).first()
    if identity is None:
        return "There is no story yet."
    named = Message.objects.get(pk=message) if message is not None else None
    try:
        give_order(story=identity.story, verb=order, by=None, message=named)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def main() -> None:
    """Answer lines until there are no more."""
    import django

    django.setup()
    verbs: dict[str, Callable[..., Any]] = {
        "feeds": _feeds,
        "taken": _taken,
        "paths": _paths,
        "order": _order,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        answer = verbs[asked.pop("verb")](**asked)
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
