"""In whatever order and grouping messages arrive, readers end up with the same."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from tests.stories.wires import a_message, take
from wiredesk.stories.models import Story, StoryIdentity

pytestmark = pytest.mark.django_db

STREAMS = 12
_STATUSES = (*["usable"] * 5, "withheld", "canceled", "embargoed")


def a_stream(random: Random) -> list[dict[str, Any]]:
    """Give what the versions of one story say, each other's contradiction but for one."""
    begin = timezone.now().replace(microsecond=0)
    stream = []
    for number in random.sample(range(12), random.randint(2, 5)):
        status = random.choice(_STATUSES)
        stream.append(
            {
                "version": str(number),
                "version_at": begin + timedelta(minutes=number),
                "status": status,
                "headline": f"Version {number}",
                "embargoed_until": begin + timedelta(hours=number)
                if status == "embargoed"
                else None,
                "expires": random.choice((None, begin + timedelta(days=number + 1))),
                "policy": {"hard_expiry": random.random() < 0.5},
                "signals": random.choice(([], ["sig:correction"])),
            }
        )
    return stream


def ends_as(guid: str) -> tuple[object, ...]:
    """Give what readers could find out about the story."""
    row = Story.objects.filter(identities__guid=guid).values_list(
        "standing__state",
        "standing__visible_from",
        "standing__visible_until",
        "standing__listed_until",
        "standing__shows__version",
        "headline",
    )[0]
    state, *_times, shows, headline = row
    # Of a dark story the words don't matter; nobody reads them.
    return (*row[:4], shows, headline if state == "live" else None)


@pytest.mark.parametrize("seed", range(STREAMS))
def test_order_grouping_and_repetition_make_no_difference(seed: int) -> None:
    random = Random(seed)  # noqa: S311  (the same streams every time)
    stream = a_stream(random)
    take(*(a_message("urn:meridian:sorted", **said) for said in stream))
    for number in range(3):
        guid = f"urn:meridian:{number}"
        shuffled = random.sample(stream, len(stream))
        shuffled += random.choices(stream, k=2)
        while shuffled:
            cut = random.randint(1, len(shuffled))
            now, shuffled = shuffled[:cut], shuffled[cut:]
            take(*(a_message(guid, **said) for said in now))
        assert ends_as(guid) == ends_as("urn:meridian:sorted")
    assert StoryIdentity.objects.count() == 4
