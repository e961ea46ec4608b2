from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from tests.wire.pipeline import make_feed, news_item, news_message
from wiredesk.logbook.models import Alarm, Entry
from wiredesk.wire import originals, settling
from wiredesk.wire.actions.claim import CLAIM_LASTS, claim_next
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take, take_waiting
from wiredesk.wire.actions.take_group import Part, Work, build_messages, take_group
from wiredesk.wire.formats.detect import read
from wiredesk.wire.models import Delivery, LedgerLine, Message, Receipt

if TYPE_CHECKING:
    from tests.wire.pipeline import Settler
    from wiredesk.wire.models import Feed


def send(feed: Feed, *raws: bytes) -> list[Receipt]:
    payloads = [Payload(raw, f"{number}.xml") for number, raw in enumerate(raws)]
    return receive(feed=feed, payloads=payloads, transport="push")


def outcomes() -> list[tuple[str, str]]:
    lines = LedgerLine.objects.select_related("message").order_by("pk")
    return [(line.message.guid if line.message else "", line.outcome) for line in lines]


def make_claims_stale() -> None:
    Delivery.objects.exclude(claimed_by="").update(
        claimed_at=timezone.now() - CLAIM_LASTS - timedelta(seconds=1)
    )


def test_an_item_is_a_message_with_its_policy_and_one_line(feed: Feed) -> None:
    send(feed, news_item("a", urgency=3, topics=["15000000"]))
    [line] = take_waiting()
    message = Message.objects.get()
    assert line.outcome == "published"
    assert line.story_path == f"/2026/03/02/story-{message.pk}/"
    assert (message.source, message.guid, message.version) == ("harrow", "a", "1")
    assert message.policy["publish"] == "now"
    assert message.item["media_topics"] == ["15000000"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.format) == ("taken", "newsml-g2")
    assert delivery.claimed_by == ""


def test_every_item_of_a_message_has_its_line(feed: Feed) -> None:
    send(feed, news_message(news_item(f"g{number}") for number in range(60)))
    assert len(take_waiting()) == 60
    assert Receipt.objects.get().items == 60
    assert [line.ordinal for line in LedgerLine.objects.order_by("pk")] == [*range(60)]


def test_a_kill_is_settled_before_what_came_earlier(
    feed: Feed, settler: Settler
) -> None:
    send(feed, news_item("a"), news_item("b"), news_item("c", status="canceled"))
    take_waiting()
    assert [message.guid for message in settler.seen] == ["c", "a", "b"]


def test_what_cant_be_read_is_set_aside_and_the_next_is_taken(feed: Feed) -> None:
    send(feed, b"\x89PNG\r\n\x1a\n rest", news_item("b"))
    take_waiting()
    take_waiting()
    aside = Delivery.objects.get(state="set-aside")
    assert "PNG" in aside.reason
    assert sorted(outcomes()) == [("", "set-aside"), ("b", "published")]
    alarm = Alarm.objects.get(cleared_at=None)
    assert alarm.key == "set-aside:harrow"


def test_many_set_asides_of_a_feed_are_one_alarm(feed: Feed) -> None:
    send(feed, b"one", b"two", b"three")
    while take_waiting():
        pass
    assert Alarm.objects.get(cleared_at=None).times == 3


def test_the_same_bytes_again_are_duplicates_with_the_page_of_the_first(
    feed: Feed, settler: Settler
) -> None:
    raw = news_message([news_item("a"), news_item("b")])
    send(feed, raw)
    take_waiting()
    send(feed, raw)
    lines = take_waiting()
    assert [line.outcome for line in lines] == ["duplicate", "duplicate"]
    assert all(line.story_path for line in lines)
    assert len(settler.seen) == 2


def test_the_same_bytes_twice_before_taking_are_taken_once(
    feed: Feed, settler: Settler
) -> None:
    raw = news_item("a")
    lines = take(receipts=send(feed, raw, raw))
    assert [line.outcome for line in lines] == ["published", "duplicate"]
    assert len(settler.seen) == 1


def test_an_unreadable_repeat_is_set_aside_again(feed: Feed) -> None:
    take(receipts=send(feed, b"no copy"))
    [line] = take(receipts=send(feed, b"no copy"))
    assert line.outcome == "set-aside"
    assert line.reason


def test_nothing_is_taken_while_nobody_settles(feed: Feed) -> None:
    send(feed, news_item())
    settling.unregister()
    with pytest.raises(ImproperlyConfigured, match="Nothing is registered"):
        take_waiting()
    assert Delivery.objects.get().attempts == 0


def test_a_message_without_an_answer_writes_nothing(
    feed: Feed, settler: Settler
) -> None:
    settling.unregister()
    settling.register(lambda messages: {})
    send(feed, news_item())
    with pytest.raises(settling.NotSettledError):
        take_waiting()
    assert not Message.objects.exists()
    assert Delivery.objects.get().state == "waiting"


def test_a_delivery_that_breaks_us_ends_set_aside_and_stops_nobody(
    feed: Feed, settler: Settler
) -> None:
    settler.breaks_on = {"Poison"}
    send(feed, news_item("a"), news_item("b", headline="Poison"), news_item("c"))
    for _ in range(12):
        try:
            take_waiting()
        except KeyError:
            make_claims_stale()
    assert sorted(outcomes()) == [
        ("", "set-aside"),
        ("a", "published"),
        ("c", "published"),
    ]
    assert "KeyError" in Delivery.objects.get(state="set-aside").reason


def test_after_a_failure_the_others_go_on_without_waiting(
    feed: Feed, settler: Settler
) -> None:
    settler.breaks_on = {"Poison"}
    send(feed, news_item("a", headline="Poison"), news_item("b"), news_item("c"))
    for _ in range(2):
        with pytest.raises(KeyError):
            take_waiting()
    take_waiting()  # the one that failed alone isn't free yet
    assert sorted(outcomes()) == [("b", "published"), ("c", "published")]


def test_a_dead_workers_claim_is_taken_over(feed: Feed) -> None:
    send(feed, news_item("a"))
    claim_next(limit=10, worker="dead")
    assert take_waiting() == []
    make_claims_stale()
    assert [line.outcome for line in take_waiting()] == ["published"]


def test_a_worker_whose_claim_was_taken_over_writes_nothing(
    feed: Feed, settler: Settler
) -> None:
    send(feed, news_item("a"))
    token, [delivery] = claim_next(limit=10, worker="slow")
    work = Work(delivery, feed, [], items=read(news_item("a")))
    late = Part(work, build_messages(work, [0]), is_last=True)
    make_claims_stale()
    take_waiting()
    assert take_group(parts=[late], token=token) == []
    assert Message.objects.count() == LedgerLine.objects.count() == 1


def test_a_delivery_left_half_written_goes_on_where_it_stopped(
    feed: Feed, settler: Settler
) -> None:
    items = [news_item(f"g{number}") for number in range(80)]
    items[70] = news_item("g70", headline="Poison")
    settler.breaks_on = {"Poison"}
    send(feed, news_message(items))
    with pytest.raises(KeyError):
        take_waiting()
    before = Message.objects.count()
    assert 0 < before < 80
    settler.breaks_on = set()
    make_claims_stale()
    take_waiting()
    assert Message.objects.count() == LedgerLine.objects.count() == 80
    assert len({message.guid for message in settler.seen}) == len(settler.seen) == 80


def test_a_lost_original_is_set_aside_with_its_reason(feed: Feed) -> None:
    [receipt] = send(feed, news_item())
    originals.path_of(receipt.delivery.sha256).unlink()
    [line] = take(receipts=[receipt])
    assert line.outcome == "set-aside"
    assert "no file" in line.reason


def test_a_feed_speaks_only_for_its_own_sources(feed: Feed) -> None:
    ridge = make_feed("ridge", speaks_for={"ridge.example": "ridge-wire"})
    take(receipts=send(ridge, news_item("a", provider="ridge.example")))
    take(receipts=send(ridge, news_item("a", provider="harrow.example", version=2)))
    assert {message.source for message in Message.objects.all()} == {
        "ridge-wire",
        "ridge",
    }


def test_a_private_signal_kills_by_the_feeds_mapping(
    feed: Feed, settler: Settler
) -> None:
    feed.mapping = {"signals": {"sttinstruct:remove": "kill"}}
    feed.save()
    signal = '<signal qcode="sttinstruct:remove"/>'
    [line] = take(receipts=send(feed, news_item("a", meta=signal)))
    assert line.outcome == "withdrawn"
    assert not settler.seen[0].publishable


def test_taking_stands_in_the_logbook(feed: Feed) -> None:
    [receipt] = send(feed, news_item("a"))
    take(receipts=[receipt])
    entry = Entry.objects.get(thing=f"delivery:{receipt.delivery_id}")
    assert entry.detail == {
        "sha256": receipt.delivery.sha256,
        "outcomes": {"published": 1},
    }
