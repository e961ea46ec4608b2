from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from wiredesk.accounts.models import User
from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.deliver_alarms import ATTEMPTS, deliver_alarms
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.actions.seal import seal
from wiredesk.logbook.actions.write import Act, write, write_many
from wiredesk.logbook.models import Alarm, Entry, Person, Seal
from wiredesk.logbook.queries import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

pytestmark = pytest.mark.django_db


def fill() -> None:
    for number in range(12):
        write(verb="take", thing=f"delivery:{number}", detail={"n": number, "é": [1]})
        if number % 5 == 4:
            seal()


def test_an_untouched_logbook_holds() -> None:
    fill()
    verdict = verify()
    assert verdict.holds
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (12, 2, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "publish"},
        {"thing": "story:1"},
        {"detail": {"n": 99}},
        {"at": timezone.now() - timedelta(days=1)},
    ],
)
def test_an_altered_entry_is_found(change: dict[str, Any]) -> None:
    fill()
    Entry.objects.filter(thing="delivery:3").update(**change)
    assert [fault for fault in verify().faults if "altered" in fault]


def test_an_entry_altered_with_its_own_digest_is_found() -> None:
    fill()
    forged = write(verb="take", thing="delivery:3", detail={"n": 99})
    Entry.objects.filter(thing="delivery:3", pk__lt=forged.pk).update(
        detail=forged.detail, at=forged.at, digest=forged.digest
    )
    assert [fault for fault in verify().faults if "doesn't fit" in fault]


def test_a_missing_entry_is_found() -> None:
    fill()
    Entry.objects.get(thing="delivery:3").delete()
    assert not verify().holds


def test_a_missing_seal_is_found() -> None:
    fill()
    Seal.objects.order_by("pk")[0].delete()
    assert not verify().holds


def test_a_seal_follows_from_one_seal_only() -> None:
    fill()
    last = Seal.objects.order_by("-last")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(
            at=timezone.now(), first=90, last=91, previous=last.previous, digest="x"
        )


def test_a_persons_name_can_be_erased_and_the_chain_still_holds() -> None:
    account = User.objects.create_user("ines")
    write(verb="publish", thing="story:1", person=account)
    seal()
    Person.objects.update(name="")
    account.delete()
    assert verify().holds


def test_many_acts_cost_no_more_statements_than_one(
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(4):
        write_many(acts=[Act("take", f"delivery:{number}") for number in range(100)])
    assert Entry.objects.count() == 100


def test_an_alarm_is_open_once_and_counts() -> None:
    raise_alarm(key="silent-feed:harrow", text="first")
    alarm = raise_alarm(key="silent-feed:harrow", text="second", times=3)
    assert (alarm.times, alarm.text) == (4, "second")
    assert clear_alarm(key="silent-feed:harrow")
    assert not clear_alarm(key="silent-feed:harrow")
    raise_alarm(key="silent-feed:harrow", text="again")
    assert Alarm.objects.count() == 2


def test_an_alarm_is_mailed_once(settings: Settings) -> None:
    settings.WIREDESK_ALARM_MAIL = ["desk@station.example"]
    raise_alarm(key="a", text="Two\nlines\r\nBcc: x@y.example")
    deliver_alarms()
    deliver_alarms()
    [message] = mail.outbox
    assert "\n" not in message.subject


class Hook(BaseHTTPRequestHandler):
    answers: list[int] = []
    bodies: list[dict[str, str]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.bodies.append(json.loads(self.rfile.read(length)))
        self.send_response(self.answers.pop(0))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook(settings: Settings) -> Iterator[type[Hook]]:
    Hook.answers, Hook.bodies = [], []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WIREDESK_ALARM_WEBHOOK = f"http://127.0.0.1:{server.server_port}/hook"
    yield Hook
    server.shutdown()
    server.server_close()


def test_a_webhook_that_fails_is_tried_again_later(hook: type[Hook]) -> None:
    hook.answers = [500, 200]
    raise_alarm(key="a", text="Silent")
    deliver_alarms()
    deliver_alarms()  # not due yet
    assert len(hook.bodies) == 1
    Alarm.objects.update(raised_at=timezone.now() - timedelta(minutes=1))
    deliver_alarms()
    deliver_alarms()
    assert [body["text"] for body in hook.bodies] == ["Silent", "Silent"]
    assert Alarm.objects.get().posted_at is not None


def test_a_webhook_that_never_works_is_given_up(hook: type[Hook]) -> None:
    hook.answers = [500] * 20
    raise_alarm(key="a", text="Silent")
    Alarm.objects.update(raised_at=timezone.now() - timedelta(days=1))
    for _ in range(20):
        deliver_alarms()
    assert len(hook.bodies) == ATTEMPTS
