"""Entries of stories: made once, and used in each feed until the story is another one.

A story is in three feeds of the site, of its section and of each topic, and a feed has
fifty of which one is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from sys import getsizeof

from wagtail.models import Site

from wiredesk.delivery.feeds.entries import Entry, entry
from wiredesk.delivery.purge.keys import FRAME, picture_key, story_key
from wiredesk.delivery.store.known import Known
from wiredesk.lib.truth import answering, true_until
from wiredesk.stories.around import give_everything
from wiredesk.stories.models import Story


def _bytes_of(made: Entry) -> int:
    """Give about how much it takes: its text again for each of three kinds of feed."""
    return 5_000 + getsizeof(made.content) + 3 * len(made.content.encode())


# By site and number.
_entries: Known[tuple[int, int], Entry] = Known(most=16_000_000, weigh=_bytes_of)


def entries_of(numbers: Iterable[int], site: Site, now: datetime) -> tuple[Entry, ...]:
    """Give the entries of these stories, in order; six queries for those not known."""
    wanted = [(site.pk, number) for number in numbers]

    def make(missing: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Entry]:
        return _make([number for _, number in missing], site, now)

    found = _entries.find_or_make(wanted, make)
    return tuple(found[key] for key in wanted if key in found)


def _make(
    numbers: Sequence[int], site: Site, now: datetime
) -> dict[tuple[int, int], Entry]:
    stories = list(Story.objects.filter(pk__in=numbers))
    give_everything(stories)
    made: dict[tuple[int, int], Entry] = {}
    for story in stories:
        key = site.pk, story.pk
        with answering() as truth:
            made[key] = entry(story, site, now)
        true_until(truth.until)
        _entries.keep(key, made[key], of=_keys(story), until=truth.until)
    return made


def _keys(story: Story) -> Iterator[str]:
    """Give what the entry hangs on; names of authors and topics are part of the frame."""
    yield FRAME
    yield story_key(story.pk)
    for use in story.pictures.all():
        if use.picture_id is not None:
            yield picture_key(use.picture_id)
    for block in story.body.raw_data:
        if block["type"] == "picture" and block["value"].get("picture"):
            yield picture_key(block["value"]["picture"])
