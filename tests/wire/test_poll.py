from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.lib.web_server import Reply, WebServer
from tests.wire.pipeline import make_feed, news_item
from wiredesk.logbook.models import Alarm
from wiredesk.wire import originals
from wiredesk.wire.models import Feed, Poll, Receipt
from wiredesk.wire.transports.poll import poll_due

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

    from tests.wire.pipeline import Settler


@pytest.fixture
def server(settings: Settings) -> Iterator[WebServer]:
    settings.WIREDESK_TRUSTED_HOSTS = ["localhost"]
    server = WebServer()
    yield server
    server.close()


@pytest.fixture
def polled(db: None, home: Path, settler: Settler, server: WebServer) -> Feed:
    return make_feed(transport="poll", address=server.address("/feed.xml"))


def make_due() -> None:
    Poll.objects.update(next_at=timezone.now() - timedelta(seconds=1))


def test_a_document_is_received_with_its_address_as_origin(
    polled: Feed, server: WebServer
) -> None:
    server.replies["/feed.xml"] = Reply(body=news_item())
    assert poll_due() == 1
    receipt = Receipt.objects.get()
    assert receipt.name == "feed.xml"
    assert receipt.delivery.origin == polled.address
    assert poll_due() == 0  # not due yet
    assert len(server.asked) == 1


def test_the_servers_marks_are_sent_back(polled: Feed, server: WebServer) -> None:
    server.replies["/feed.xml"] = Reply(
        body=news_item(), headers={"ETag": '"v1"', "Last-Modified": "yesterday"}
    )
    poll_due()
    make_due()
    server.replies["/feed.xml"] = Reply(status=304)
    poll_due()
    make_due()
    poll_due()
    for _, headers in server.asked[1:]:
        assert headers["if-none-match"] == '"v1"'
        assert headers["if-modified-since"] == "yesterday"
    assert Receipt.objects.count() == 1


def test_the_same_document_again_is_no_new_delivery(
    polled: Feed, server: WebServer
) -> None:
    server.replies["/feed.xml"] = Reply(body=news_item())
    poll_due()
    make_due()
    assert poll_due() == 0
    assert Receipt.objects.count() == 1


def test_a_new_address_starts_anew(polled: Feed, server: WebServer) -> None:
    server.replies["/feed.xml"] = Reply(body=news_item(), headers={"ETag": '"v1"'})
    poll_due()
    polled.address = server.address("/other.xml")
    polled.save()
    server.replies["/other.xml"] = Reply(body=news_item(version=2))
    assert poll_due() == 1
    assert "if-none-match" not in server.asked[-1][1]


def test_failures_come_later_each_time_and_tell_the_desk(
    polled: Feed, server: WebServer
) -> None:
    pauses = []
    for _ in range(3):
        poll_due()
        pauses.append(Poll.objects.get().next_at - timezone.now())
        make_due()
    assert pauses[0] < pauses[1] < pauses[2]
    assert "404" in Alarm.objects.get(cleared_at=None).text
    server.replies["/feed.xml"] = Reply(body=news_item())
    poll_due()
    assert not Alarm.objects.filter(cleared_at=None).exists()


def test_the_cursor_stays_where_the_body_cant_be_kept(
    polled: Feed, server: WebServer, settings: Settings, tmp_path: Path
) -> None:
    server.replies["/feed.xml"] = Reply(body=news_item(), headers={"ETag": '"v1"'})
    good = settings.WIREDESK_ORIGINALS
    (tmp_path / "file").touch()
    settings.WIREDESK_ORIGINALS = tmp_path / "file" / "originals"
    with pytest.raises(originals.OriginalError):
        poll_due()
    settings.WIREDESK_ORIGINALS = good
    assert poll_due() == 1
    assert "if-none-match" not in server.asked[-1][1]


def test_an_address_inside_our_network_is_never_asked(
    polled: Feed, server: WebServer, settings: Settings
) -> None:
    settings.WIREDESK_TRUSTED_HOSTS = []
    assert poll_due() == 0
    assert server.asked == []
    assert Poll.objects.get().failures == 1


def test_one_that_is_not_active_is_not_asked(polled: Feed, server: WebServer) -> None:
    polled.active = False
    polled.save()
    poll_due()
    assert server.asked == []
