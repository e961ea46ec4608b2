"""Keep what the public could read of stories, and from when on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.stories.actions.write_words import words_of
from wiredesk.stories.models import Correction, Story, StoryStanding, StoryVersion
from wiredesk.stories.words_read import (
    WordsRead,
    from_json,
    of_columns,
    of_row,
    reads_alike,
)
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as it is about to be shown, or not.

    ``before`` and ``after`` are its standing until now and from now on. ``brought``:
    a message's words came onto the row, ``words_changed``: a reader sees others there.
    ``killed``: a kill is among what is known of it.
    """

    story: Story
    before: StoryStanding | None
    after: StoryStanding | None
    brought: bool = False
    words_changed: bool = False
    killed: bool = False

    def begins(self, now: datetime) -> datetime | None:
        """Give from when on readers see what is on the row now; ``None`` for never."""
        row = self.after
        if row is None or row.state != row.State.LIVE or row.expired_at is not None:
            return None
        begins = max(now, row.visible_from or now)
        if row.visible_until is not None and row.visible_until <= begins:
            return None
        return begins

    def was_live(self, now: datetime) -> bool:
        """Tell whether readers saw the story until this moment."""
        return self.before is not None and self.before.is_live(now)

    def row(self, begins: datetime) -> StoryVersion:
        """Give the version that begins then; words the wire has are not kept twice."""
        story = self.story
        return new_row(
            StoryVersion,
            story_id=story.pk,
            message_id=story.wire_message_id,
            at=begins,
            words=None if _are_the_wires(story) else of_row(story).as_json(),
        )


def keep_versions(*, shown: Iterable[Shown], now: datetime) -> None:
    """Write a version for each story whose readers see other words from now on.

    A version that an embargo kept back until other words came was never public and
    goes. What was dark and comes back with the words it had goes on; with other words,
    or after a kill, its earlier versions end. Call inside the transaction that writes
    the stories. Fresh copy and plain updates cost one statement for all of them.
    """
    found = _Found()
    for one in shown:
        _sort(one, now, found)
    _end_killed(found.killed, now)
    found.rows += _compare(found.asked, now)
    insert_rows(found.rows, want_ids=False)


def words_of_version(version: StoryVersion) -> WordsRead | None:
    """Give a version's words; ``None`` where they were erased by contract.

    Reads ``message`` with its feed where the version has no words of its own.
    """
    if version.words is not None:
        return from_json(version.words)
    if version.message is None or not version.message.item:
        return None
    return of_columns(words_of(version.message))


@dataclass(slots=True)
class _Found:
    rows: list[StoryVersion] = field(default_factory=list)
    asked: list[Shown] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)


def _sort(one: Shown, now: datetime, found: _Found) -> None:
    begins = one.begins(now)
    if begins is None:
        if one.before is not None and one.killed:
            found.killed.append(one.story.pk)
    elif one.before is None:
        found.rows.append(one.row(begins))
    elif not one.was_live(now) or begins > now:
        found.asked.append(one)
    elif one.brought:
        if one.words_changed:
            found.rows.append(one.row(begins))
    elif not _are_the_wires(one.story):
        found.asked.append(one)


def _are_the_wires(story: Story) -> bool:
    return story.wire_message_id is not None and story.edited_at is None


def _compare(asked: Sequence[Shown], now: datetime) -> list[StoryVersion]:
    """Give the versions that begin among ``asked``, and end those that are over."""
    if not asked:
        return []
    known: dict[int, list[StoryVersion]] = defaultdict(list)
    stories = [one.story.pk for one in asked]
    for version in StoryVersion.objects.filter(story__in=stories, ended_at=None):
        known[version.story_id].append(version)
    last = {
        one.story.pk: [version for version in known[one.story.pk] if version.at <= now]
        for one in asked
    }
    pending = [
        version.pk for each in known.values() for version in each if version.at > now
    ]
    if pending:
        StoryVersion.objects.filter(pk__in=pending).delete()
    messages = _messages([each[-1] for each in last.values() if each])
    rows: list[StoryVersion] = []
    over: list[int] = []
    for one in asked:
        begins, before = one.begins(now), last[one.story.pk]
        if begins is None or (before and _is_on_the_row(before[-1], one, messages)):
            continue
        rows.append(one.row(begins))
        if not one.was_live(now) or begins > now:
            over += [version.pk for version in before]
    _end_others(asked, over, now)
    return rows


def _messages(versions: Iterable[StoryVersion]) -> dict[int, Message]:
    wanted = {
        version.message_id
        for version in versions
        if version.words is None and version.message_id is not None
    }
    if not wanted:
        return {}
    return Message.objects.select_related("feed").in_bulk(wanted)


def _is_on_the_row(
    version: StoryVersion, one: Shown, messages: dict[int, Message]
) -> bool:
    story = one.story
    if (
        version.words is None
        and _are_the_wires(story)
        and version.message_id == story.wire_message_id
    ):
        return True
    if version.words is None and version.message_id in messages:
        version.message = messages[version.message_id]
    before = words_of_version(version)
    return before is not None and reads_alike(before, of_row(story))


def _end_killed(stories: Sequence[int], now: datetime) -> None:
    """End all that a kill took, the agency's words of correction with it."""
    if not stories:
        return
    StoryVersion.objects.filter(story__in=stories, ended_at=None).update(ended_at=now)
    _agencies(stories).update(ended_at=now)


def _end_others(asked: Sequence[Shown], over: Sequence[int], now: datetime) -> None:
    """End versions that other words replaced while the story was dark."""
    if not over:
        return
    ended = StoryVersion.objects.filter(pk__in=over)
    stories = list(ended.values_list("story_id", flat=True))
    ended.update(ended_at=now)
    allowed = [one.story.wire_message_id for one in asked if one.story.wire_message_id]
    _agencies(stories).exclude(message__in=allowed).update(ended_at=now)


def _agencies(stories: Sequence[int]) -> QuerySet[Correction]:
    return Correction.objects.filter(
        story__in=stories, message__isnull=False, ended_at=None
    )
