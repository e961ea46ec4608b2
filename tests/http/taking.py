"""A process beside a running site that takes stories, as ``wiredesk wire take`` does.

It stays, so that a test needn't wait for Django to be set up at every message. A line in
is a JSON list of stories; a line out is a JSON list of their paths, empty where a story
has none.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    from wiredesk.config.boot import set_up

    set_up()
    from wiredesk.wire.actions.ensure_builtin_feed import ensure_builtin_feed
    from wiredesk.wire.actions.receive import Payload, receive
    from wiredesk.wire.actions.take import take

    feed = ensure_builtin_feed()
    for line in sys.stdin:
        payloads = [Payload(text.encode()) for text in json.loads(line)]
        receipts = receive(feed=feed, payloads=payloads, transport="command")
        paths = [each.story_path for each in take(receipts=receipts)]
        sys.stdout.write(json.dumps(paths) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
