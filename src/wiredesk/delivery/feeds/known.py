"""Entries of stories: made once, and used in each feed until the story is another one.

A story is in three feeds of the site, of its section and of each topic, and a feed has
fifty of which one is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from threading import Lock

from wagtail.models import Site

from wiredesk.delivery.feeds.entries import Entry, entry
from wiredesk.delivery.purge.keys import FRAME, picture_key, story_key
from wiredesk.delivery.store.asked import asked_by_store
from wiredesk.delivery.store.known import Known, Moment
from wiredesk.lib.truth import answering, true_until
from wiredesk.stories.around import give_everything
from wiredesk.stories.models import Story

# By site and number; some 5 KB each.
_entries: Known[tuple[int, int], Entry] = Known(most=1_000)


def entries_of(numbers: Iterable[int], site: Site, now: datetime) -> tuple[Entry, ...]:
    """Give the entries of these stories, in order; six queries for those not known."""
    wanted = list(numbers)
    found = _find(wanted, site)
    if len(found) < len(wanted):
        with _making if asked_by_store() else nullcontext():
            found = _find(wanted, site)  # somebody may just have made them
            missing = [number for number in wanted if number not in found]
            found |= _make(missing, site, now) if missing else {}
    return tuple(found[number] for number in wanted if number in found)


# After a kill all feeds are drawn at once, and each would make the same entries.
_making = Lock()


def _find(numbers: Iterable[int], site: Site) -> dict[int, Entry]:
    known = _entries.find_all((site.pk, number) for number in numbers)
    return {number: each for (_, number), each in known.items()}


def _make(numbers: Sequence[int], site: Site, now: datetime) -> dict[int, Entry]:
    since = Moment.now()
    stories = list(Story.objects.filter(pk__in=numbers))
    give_everything(stories)
    made: dict[int, Entry] = {}
    for story in stories:
        with answering() as truth:
            made[story.pk] = entry(story, site, now)
        true_until(truth.until)
        _entries.keep(
            (site.pk, story.pk),
            made[story.pk],
            of=_keys(story),
            since=since,
            until=truth.until,
        )
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
