"""Releasing a story after a kill may take two different people."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from tests.stories.wires import a_message, is_public, story_of, take
from wiredesk.accounts.models import User
from wiredesk.stories.actions.give_order import give_order
from wiredesk.wire.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chief", password="-")


def latest(version: str) -> Message:
    return Message.objects.filter(version=version).latest("pk")


def releasers() -> tuple[User, User]:
    wanted = Permission.objects.filter(codename__in=["release_story", "publish_story"])
    first, second = (User.objects.create_user(name) for name in ("ada", "ben"))
    for user in (first, second):
        user.user_permissions.add(*wanted)
    return first, second


def test_a_release_takes_two_different_people_where_the_newsroom_says_so(
    settings: Any,
) -> None:
    settings.WIREDESK_RELEASE_TAKES_TWO = True
    first, second = releasers()
    take(a_message(), a_message(version="2", status="canceled"), a_message(version="3"))
    for _ in range(2):
        order = give_order(
            story=story_of(), verb="release", by=first, message=latest("2")
        )
        assert order.verb == "ask"
        assert not is_public()
    order = give_order(story=story_of(), verb="release", by=second, message=latest("2"))
    assert order.verb == "release"
    assert is_public()


def test_what_was_asked_for_one_kill_says_nothing_of_the_next(
    settings: Any,
) -> None:
    settings.WIREDESK_RELEASE_TAKES_TWO = True
    first, second = releasers()
    take(
        a_message(),
        a_message(version="2", status="canceled"),
        a_message(version="3", status="canceled"),
    )
    give_order(story=story_of(), verb="release", by=first, message=latest("2"))
    order = give_order(story=story_of(), verb="release", by=second, message=latest("3"))
    assert order.verb == "ask"


def test_a_release_without_a_name_is_refused_where_it_takes_two(
    settings: Any,
) -> None:
    settings.WIREDESK_RELEASE_TAKES_TWO = True
    take(a_message(), a_message(version="2", status="canceled"))
    with pytest.raises(PermissionDenied):
        give_order(story=story_of(), verb="release", by=None, message=latest("2"))


def test_one_is_enough_where_the_newsroom_says_nothing(chief: User) -> None:
    take(a_message(), a_message(version="2", status="canceled"), a_message(version="3"))
    give_order(story=story_of(), verb="release", by=chief, message=latest("2"))
    assert is_public()
