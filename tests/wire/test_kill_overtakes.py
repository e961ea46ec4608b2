"""A kill goes before whatever waits, also before what a worker has begun to take."""

from __future__ import annotations

import pytest

from tests.wire.pipeline import Settler, make_feed, news_item
from wiredesk.wire import settling
from wiredesk.wire.actions.claim import kill_waits
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take_waiting
from wiredesk.wire.models import Message
from wiredesk.wire.signals import Taken

KILLED = "tag:harrow.example,2026:killed"


class Meanwhile(Settler):
    """Has a kill come while the first group is being settled."""

    def settle(self, messages: list[Message]) -> dict[int, Taken]:
        answers = super().settle(messages)
        if len(self.seen) == len(messages):
            kill = news_item(KILLED, version=2, status="canceled")
            self.kill = Payload(kill)
        return answers


@pytest.mark.django_db(transaction=True)
def test_a_kill_that_comes_while_a_hundred_are_taken_is_the_next_to_be_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settler = Meanwhile()
    monkeypatch.setattr(settling, "_settle", settler.settle)
    feed = make_feed()
    items = [news_item(f"tag:harrow.example,2026:{n}") for n in range(100)]
    receive(feed=feed, payloads=[Payload(raw) for raw in items], transport="push")

    def kill_comes() -> bool:
        if hasattr(settler, "kill"):
            receive(feed=feed, payloads=[settler.kill], transport="push")
            del settler.kill
        return kill_waits()

    take_waiting(stop=kill_comes)
    before = len(settler.seen)
    assert before < 100
    take_waiting(limit=1)
    assert settler.seen[before].guid == KILLED
    while take_waiting():
        pass
    # What was given back is taken all the same, once.
    assert len(settler.seen) == 101
    assert not kill_waits()
