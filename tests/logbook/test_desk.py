"""The desk sees what is wrong on every page, and the logbook in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wiredesk.accounts.models import User
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.models import Alarm, Entry

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> Client:
    user = User.objects.create_superuser("chief", "chief@example.org", "x" * 20)
    client.force_login(user)
    return client


def test_an_open_alarm_stands_on_every_page_of_the_desk(chief: Client) -> None:
    raise_alarm(key="silent-feed:meridian", text="Meridian has been silent for an hour")
    for address in ("/desk/", "/desk/stories/", "/desk/alarms/"):
        page = chief.get(address).content.decode()
        assert 'role="alert"' in page, address
        assert "Meridian has been silent for an hour" in page


def test_no_alarm_no_banner(chief: Client) -> None:
    assert 'role="alert"' not in chief.get("/desk/").content.decode()


def test_an_alarm_is_cleared_by_hand_and_the_logbook_says_who(chief: Client) -> None:
    alarm = raise_alarm(key="k", text="A file was set aside")
    chief.post(f"/desk/alarms/{alarm.pk}/clear/")
    alarm.refresh_from_db()
    assert alarm.cleared_at is not None
    entry = Entry.objects.get(verb="alarm cleared")
    assert entry.person is not None
    assert "alarm cleared" in chief.get("/desk/logbook/").content.decode()


def test_a_stranger_clears_nothing(client: Client) -> None:
    alarm = raise_alarm(key="k", text="A file was set aside")
    client.post(f"/desk/alarms/{alarm.pk}/clear/")
    assert Alarm.objects.get(pk=alarm.pk).cleared_at is None
