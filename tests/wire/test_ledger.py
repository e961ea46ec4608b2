from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.pipeline import news_item, news_message
from wiredesk.logbook.models import Alarm, Entry
from wiredesk.wire.actions.receive import Payload, receive
from wiredesk.wire.actions.take import take, take_waiting
from wiredesk.wire.actions.try_again import try_again
from wiredesk.wire.formats.detect import read
from wiredesk.wire.items import UnreadableError
from wiredesk.wire.models import Delivery, LedgerLine
from wiredesk.wire.queries import ledger, messages_of

if TYPE_CHECKING:
    import pytest

    from wiredesk.wire.items import WireItem
    from wiredesk.wire.models import Feed


TAKE = "wiredesk.wire.actions.take"


def send(feed: Feed, *raws: bytes) -> None:
    payloads = [Payload(raw, f"{number}.xml") for number, raw in enumerate(raws)]
    receive(feed=feed, payloads=payloads, transport="push")


def take_all() -> None:
    while take_waiting():
        pass


def test_every_item_has_one_outcome_whatever_it_was(feed: Feed) -> None:
    feed.size_cap = 100_000
    feed.save()
    both = news_message([news_item("a"), news_item("b", status="canceled")])
    send(feed, both, both, b"no copy", b"x" * 100_001, news_item("c"))
    take_all()
    send(feed, b"no copy", both)
    take_all()
    sums = ledger()
    assert sums.adds_up
    assert sums.delivered == 2 + 2 + 1 + 1 + 1 + 1 + 2
    assert sums.outcomes["duplicate"] == 4
    assert sums.outcomes["set-aside"] == 3
    assert sums.waiting == 0


def test_what_waits_is_said_and_the_sums_hold(feed: Feed) -> None:
    send(feed, news_item("a"), news_item("b"))
    assert ledger().waiting == 2
    assert ledger().adds_up


def test_a_lost_line_is_found(feed: Feed) -> None:
    send(feed, news_item("a"), news_item("b"))
    take_all()
    LedgerLine.objects.first().delete()  # type: ignore[union-attr]
    assert not ledger().adds_up


def test_a_lost_line_is_found_even_where_another_was_put_in(feed: Feed) -> None:
    send(feed, news_item("a"), news_item("b"))
    take_all()
    first, second = LedgerLine.objects.order_by("pk")
    first.delete()
    LedgerLine.objects.create(receipt=second.receipt, ordinal=7, outcome=second.outcome)
    sums = ledger()
    assert sums.delivered == sum(sums.outcomes.values())
    assert not sums.adds_up


def test_a_delivery_set_aside_can_be_tried_again(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = read

    def an_older_reader(raw: bytes) -> list[WireItem]:
        raise UnreadableError("not known yet")

    monkeypatch.setattr(TAKE + ".read_items", an_older_reader)
    send(feed, news_item("a"), news_item("a"))
    take_all()
    delivery = Delivery.objects.get(state="set-aside")
    assert Alarm.objects.filter(cleared_at=None).exists()
    monkeypatch.setattr(TAKE + ".read_items", real)
    assert try_again(delivery=delivery)
    assert not Alarm.objects.filter(cleared_at=None).exists()
    take_all()
    sums = ledger()
    assert sums.adds_up
    assert (sums.outcomes["published"], sums.outcomes["duplicate"]) == (1, 1)
    assert sums.outcomes["set-aside"] == 0
    assert Entry.objects.filter(verb="try again").exists()


def test_trying_again_twice_does_it_once(feed: Feed) -> None:
    send(feed, b"no copy")
    take_all()
    delivery = Delivery.objects.get()
    assert try_again(delivery=delivery)
    assert not try_again(delivery=delivery)


def test_what_was_never_kept_cant_be_tried_again(feed: Feed) -> None:
    feed.size_cap = 10
    feed.save()
    send(feed, b"x" * 11)
    take_all()
    assert not try_again(delivery=Delivery.objects.get())
    assert ledger().adds_up


def test_messages_of_a_guid_are_found_over_all_sources(feed: Feed) -> None:
    receipts = receive(
        feed=feed,
        payloads=[Payload(news_item("a")), Payload(news_item("a", version=2))],
        transport="push",
    )
    take(receipts=receipts)
    assert [message.version for message in messages_of("a")] == ["1", "2"]
    assert not messages_of("a", source="other")
