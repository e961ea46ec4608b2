"""What local edits cost the wire: nothing where there are none, little where there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.stories.test_local_edits import BODY, OURS, draft, latest, version
from tests.stories.wires import save, story_of, take
from wiredesk.accounts.models import User
from wiredesk.stories.actions.gather_edits import wire_words
from wiredesk.stories.actions.settle import settle
from wiredesk.stories.desk_words import of_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chief", password="-")


def test_stories_without_edits_ask_nothing_of_edits() -> None:
    take(*[version(1, guid=f"urn:meridian:{n}") for n in range(20)])
    with CaptureQueriesContext(connection) as asked:
        take(*[version(2, guid=f"urn:meridian:{n}") for n in range(20)])
    assert not [one for one in asked.captured_queries if "localedit" in one["sql"]]


def test_the_number_of_queries_does_not_grow_with_the_edited_stories(
    chief: User,
) -> None:
    def cost(first: int, count: int) -> int:
        guids = [f"urn:meridian:{n}" for n in range(first, first + count)]
        take(*[version(1, guid=guid) for guid in guids])
        for guid in guids:
            draft(story_of(guid), headline=OURS).publish(user=chief)
        updates = [
            version(2, BODY.replace("Monday", "Tuesday"), guid=guid) for guid in guids
        ]
        saved = save(*updates)
        with CaptureQueriesContext(connection) as asked:
            settle(saved)
        return len(asked)

    cost(1, 1)
    assert cost(10, 2) == cost(20, 8)


def test_a_words_normal_form_is_the_rows(chief: User) -> None:
    take(version(1))
    assert wire_words(latest(1)) == of_story(story_of())
