"""Bring stories to where their messages and the desk's orders say they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.announce import announce
from wiredesk.stories.actions.answer_messages import answers_to
from wiredesk.stories.actions.decide_outcome import (
    Verdict,
    decide,
    is_correction,
    was_seen,
)
from wiredesk.stories.actions.gather_cases import (
    Case,
    gather_for_messages,
    gather_for_stories,
    wait_for_other_writers,
)
from wiredesk.stories.actions.join_rewrites import join_rewrites
from wiredesk.stories.actions.keep_journal import journal_messages
from wiredesk.stories.actions.keep_lists_in_order import keep_lists_in_order
from wiredesk.stories.actions.keep_versions import Shown, keep_versions
from wiredesk.stories.actions.match_names import match_names
from wiredesk.stories.actions.merge_update import (
    carries,
    tell_of_conflicts,
    words_with_edit,
)
from wiredesk.stories.actions.note_references import (
    alarm_of_unmatched,
    note_references,
)
from wiredesk.stories.actions.place_story import (
    Decided,
    Newsroom,
    Placed,
    Places,
    place_changed_stories,
    place_new_story,
    place_own_story,
    visit_newsroom,
    where_it_belongs,
)
from wiredesk.stories.actions.reserve_ids import reserve_ids
from wiredesk.stories.actions.settle_pictures import settle_pictures_of
from wiredesk.stories.actions.write_correction import note_wire_corrections
from wiredesk.stories.actions.write_words import (
    WORD_COLUMNS,
    bring,
    set_address,
    tombstone_words,
)
from wiredesk.stories.facts import Standing, State
from wiredesk.stories.models import (
    Story,
    StoryIdentity,
    StoryStanding,
)
from wiredesk.stories.newer import newest
from wiredesk.wire.models import Message
from wiredesk.wire.signals import Taken

_STANDING_COLUMNS = (
    "state",
    "reason",
    "shows",
    "visible_from",
    "lifts_at",
    "visible_until",
    "listed_until",
    "since",
    "was_public",
    "expired_at",
)
_ADDRESS_COLUMNS = ("slug", "path", "published_at", "updated_at", "live")


@transaction.atomic(savepoint=False)
def settle(
    messages: list[Message],
    *,
    decided: Decided | None = None,
    pins: Mapping[int, frozenset[str]] | None = None,
) -> dict[int, Taken]:
    """Settle messages that were just saved; gives what became of each, by its id.

    Their stories are written to the standing that follows from everything known,
    whatever the order in which it came. The number of queries doesn't grow with the
    number of messages. Call inside the transaction that saved them. A replay
    gives what was ``decided`` the first time; ``pins`` as for ``match_names``.
    """
    # Before anything is read that another writer may be about to change.
    wait_for_other_writers({message.source for message in messages})
    now = (messages[0].taken_at if messages else None) or timezone.now()
    note_references(messages)
    groups = join_rewrites(messages, now)
    matched = match_names(messages, pins)
    cases = gather_for_messages(messages, matched.told, matched.touched, groups)
    verdicts = [decide(case, now) for case in cases]
    if changed := _Writing(now, decided or Decided()).write(verdicts):
        announce(changed)
    settle_pictures_of(messages)
    alarm_of_unmatched(messages, verdicts, matched)
    tell_of_conflicts(verdicts)
    journal_messages(messages=messages, matched_anew=matched.changed)
    return answers_to(messages, verdicts)


@transaction.atomic
def settle_stories(
    story_ids: Iterable[int],
    *,
    now: datetime | None = None,
    decided: Decided | None = None,
) -> None:
    """Settle stories anew after an order, an edit or a replay; nothing has come.

    Each is announced, also where its standing is as before: its words may not be.
    ``now`` is this moment unless given; ``decided`` as for ``settle``.
    """
    now = now or timezone.now()
    ids = sorted(set(story_ids))
    verdicts = [decide(case, now) for case in gather_for_stories(ids)]
    _Writing(now, decided or Decided()).write(verdicts)
    tell_of_conflicts(verdicts)
    announce(ids)


@dataclass(slots=True)
class _Change:
    """What one verdict writes. ``message`` is whose words go onto the row, if any."""

    verdict: Verdict
    story: Story
    is_new: bool
    message: Message | None = None
    tombstone: bool = False
    before: StoryStanding | None = None
    words_changed: bool = False
    published_before: datetime | None = None
    placed: Placed | None = None


@dataclass(slots=True)
class _Writing:
    """Collects the rows of a batch and writes each table once."""

    now: datetime
    decided: Decided
    changes: list[_Change] = field(default_factory=list)
    room: Newsroom = field(default_factory=Newsroom)

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        """Write what the verdicts say; gives the ids of stories that changed."""
        self._find_changes(verdicts)
        changed = [change for change in self.changes if self._bring(change)]
        keep_versions(shown=map(_shown, self.changes), now=self.now)
        if not changed:
            return []
        self._write_stories(changed)
        self._write_standings(changed)
        self._place(changed)
        self._write_corrections(changed)
        self._write_logbook(changed)
        return [change.story.pk for change in changed]

    # --- whose words ---------------------------------------------------------------

    def _find_changes(self, verdicts: Sequence[Verdict]) -> None:
        wanted: list[tuple[Verdict, int | None, bool]] = []
        new: list[Case] = []
        for verdict in verdicts:
            case = verdict.case
            if case.story is None:
                own = [fact for fact in case.facts if fact.kind == "story"]
                if not own:
                    continue
                new.append(case)
            wanted.append((verdict, *_whose_words(verdict)))
        if not wanted:
            return
        numbers = self.decided.numbers
        known = [numbers.get(case.identities[0]) for case in new]
        free = iter(reserve_ids(count=known.count(None)))
        ids = iter([number or next(free) for number in known])
        messages = self._messages(wanted)
        for verdict, message_id, tombstone in wanted:
            story = verdict.case.story
            message = messages[message_id] if message_id is not None else None
            if story is None:
                story = _new_story(next(ids), verdict.case, self.now)
                verdict.case.story = story
                change = _Change(verdict, story, True, message, tombstone)
            else:
                change = _Change(verdict, story, False, message, tombstone)
            self.changes.append(change)
        self.room = visit_newsroom(
            [change.message for change in self.changes if change.message],
            [change.story.pk for change in self.changes if not change.is_new],
        )

    def _messages(
        self, wanted: list[tuple[Verdict, int | None, bool]]
    ) -> dict[int, Message]:
        """Give the messages whose words are wanted: those at hand, else from the table."""
        at_hand = {
            arrival.message.pk: arrival.message
            for verdict, *_rest in wanted
            for arrival in verdict.case.arrivals
        }
        missing = {
            message_id
            for _verdict, message_id, _tombstone in wanted
            if message_id is not None and message_id not in at_hand
        }
        if missing:
            at_hand.update(Message.objects.select_related("feed").in_bulk(missing))
        return at_hand

    # --- the story's row -----------------------------------------------------------

    def _bring(self, change: _Change) -> bool:
        """Set the story's columns; tells whether anything of it is to be written."""
        story, verdict = change.story, change.verdict
        change.before = verdict.case.standing
        change.published_before = story.published_at
        if change.message is not None:
            change.words_changed = self._bring_words(change, change.message)
        self._set_times(change)
        story.live = verdict.standing.by_the_clock
        row = _standing_row(change, self.now)
        if (
            not change.is_new
            and change.message is None
            and _same_row(verdict.case.standing, row)
        ):
            return False
        verdict.case.standing = row
        return True

    def _bring_words(self, change: _Change, message: Message) -> bool:
        if change.tombstone:
            return bring(change.story, tombstone_words(message), message)
        brought = words_with_edit(message, change.verdict.case.edit)
        return bring(change.story, brought.columns, message, brought.edited_at)

    def _set_times(self, change: _Change) -> None:
        story, verdict = change.story, change.verdict
        if story.path and was_seen(verdict.case.standing, self.now):
            if change.words_changed:
                lifts = verdict.standing.visible_from or self.now
                story.updated_at = max(self.now, lifts)
            return
        standing = verdict.standing
        if verdict.was_public:
            story.published_at = self.now
        elif standing.by_the_clock:
            story.published_at = max(self.now, standing.visible_from or self.now)
        else:
            story.published_at = None
        story.updated_at = story.published_at
        set_address(story, self.room.zone_of(story, change.message))

    def _write_stories(self, changed: list[_Change]) -> None:
        insert_rows([change.story for change in changed if change.is_new])
        worded = [c.story for c in changed if not c.is_new and c.message]
        others = [c.story for c in changed if not c.is_new and not c.message]
        _upsert(worded, (*WORD_COLUMNS, *_ADDRESS_COLUMNS))
        _upsert(others, _ADDRESS_COLUMNS)
        insert_rows(
            [
                new_row(
                    StoryIdentity, source=source, guid=guid, story_id=change.story.pk
                )
                for change in changed
                if change.is_new
                for source, guid in change.verdict.case.identities
            ],
            want_ids=False,
        )

    def _write_standings(self, changed: list[_Change]) -> None:
        rows = [c.verdict.case.standing for c in changed if c.verdict.case.standing]
        _upsert(rows, _STANDING_COLUMNS)

    # --- around it -----------------------------------------------------------------

    def _place(self, changed: list[_Change]) -> None:
        places = Places()
        again: list[tuple[Story, Message, Placed]] = []
        for change in changed:
            story, message = change.story, change.message
            if message is None or change.tombstone:
                if story.path and not story.source:
                    place_own_story(places, self.room, story)
                continue
            placed = self.decided.placed.get(story.pk)
            change.placed = placed = placed or where_it_belongs(self.room, message)
            if change.is_new:
                place_new_story(places, story, message, placed)
            else:
                again.append((story, message, placed))
        if again:
            place_changed_stories(places, self.room, again)
        places.write()
        # An editor may have placed the story anew; a message alone hasn't.
        moved = [
            change.story.pk
            for change in changed
            if not change.is_new
            and not (
                change.verdict.case.arrivals
                and change.published_before == change.story.published_at
            )
        ]
        if moved:
            keep_lists_in_order(moved)

    def _write_corrections(self, changed: list[_Change]) -> None:
        told = [
            (change.story, message)
            for change in changed
            for message in change.verdict.corrections
        ]
        # One that waited for an editor is told once its words show.
        told += [
            (change.story, change.message)
            for change in changed
            if change.message is not None
            and change.verdict.standing.state is State.LIVE
            and was_seen(change.before, self.now)
            and is_correction(change.message)
        ]
        note_wire_corrections(told=told, now=self.now)

    def _write_logbook(self, changed: list[_Change]) -> None:
        write_many(
            acts=[
                Act(
                    "standing",
                    f"story:{change.story.pk}",
                    {
                        "state": str(change.verdict.standing.state),
                        "shows": change.verdict.standing.shows,
                        "follows_from": list(change.verdict.standing.follows_from),
                        **(
                            {"placed": change.placed.as_json()} if change.placed else {}
                        ),
                    },
                )
                for change in changed
            ],
            at=self.now,
        )


def _shown(change: _Change) -> Shown:
    case = change.verdict.case
    return Shown(
        story=change.story,
        before=change.before,
        after=case.standing,
        brought=change.message is not None,
        words_changed=change.words_changed,
        killed=any(fact.status == "canceled" for fact in case.facts),
    )


def _whose_words(verdict: Verdict) -> tuple[int | None, bool]:
    """Give the message whose words go onto the row, and whether it is a tombstone's."""
    case, shows = verdict.case, verdict.standing.shows
    story = case.story
    if shows is not None:
        kept = (
            story is not None
            and story.wire_message_id == shows
            and carries(story, case.edit)
        )
        return (None if kept else shows), False
    if story is not None and (verdict.was_public or story.edited_at):
        return None, False
    stories = [fact for fact in case.facts if fact.kind == "story"]
    own = [fact for fact in stories if fact.status != "canceled"]
    if own:
        latest = newest(own).id
        kept = story is not None and story.wire_message_id == latest
        return (None if kept else latest), False
    if story is None and stories:
        return newest(stories).id, True
    return None, False


def _new_story(story_id: int, case: Case, now: datetime) -> Story:
    source = case.identities[0][0]
    story = new_row(Story, id=story_id, source=source, created_at=now)
    story.body = []
    return story


def _standing_row(change: _Change, now: datetime) -> StoryStanding:
    verdict = change.verdict
    standing, before = verdict.standing, verdict.case.standing
    state = _row_state(standing)
    expired_at = None
    if before is not None and before.visible_until == standing.visible_until:
        # What was erased has ended without an end of its own: new words begin anew.
        expired_at = before.expired_at if standing.visible_until else None
    if standing.state is State.EXPIRED:
        expired_at = expired_at or (before and before.expired_at) or now
    lifts = standing.visible_from
    row = new_row(
        StoryStanding,
        state=state,
        reason=standing.reason,
        shows_id=standing.shows,
        visible_from=lifts,
        lifts_at=lifts if standing.by_the_clock and lifts and lifts > now else None,
        visible_until=standing.visible_until,
        listed_until=standing.listed_until,
        since=before.since if before is not None and before.state == state else now,
        was_public=verdict.was_public,
        expired_at=expired_at,
    )
    row.story = change.story
    return row


def _row_state(standing: Standing) -> str:
    if standing.by_the_clock:
        return StoryStanding.State.LIVE.value
    if standing.state is State.WITHDRAWN:
        return StoryStanding.State.WITHDRAWN.value
    return StoryStanding.State.HELD.value


def _same_row(before: StoryStanding | None, after: StoryStanding) -> bool:
    return before is not None and all(
        getattr(before, column) == getattr(after, column)
        for column in (*_STANDING_COLUMNS, "shows_id")
        if column != "shows"
    )


def _upsert(rows: Sequence[Any], columns: Iterable[str]) -> None:
    """Write ``columns`` of rows by their key in one statement; the rest stays.

    ``bulk_update`` would send a condition a row and a column.
    """
    insert_rows(rows, update_columns=list(columns))
