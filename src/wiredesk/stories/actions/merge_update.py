"""Merge what the desk made of a story's words with the wire's version that shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.clear_alarm import clear_alarm
from wiredesk.logbook.actions.raise_alarm import raise_alarm
from wiredesk.logbook.models import Alarm
from wiredesk.stories.actions.decide_outcome import is_correction
from wiredesk.stories.actions.gather_edits import open_question, wire_words
from wiredesk.stories.actions.write_words import words_of
from wiredesk.stories.desk_words import combine, from_json, is_changed, merged
from wiredesk.stories.models import LocalEdit
from wiredesk.wire.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from wiredesk.stories.actions.decide_outcome import Verdict
    from wiredesk.stories.models import Story

_OURS = "merge-"
CONFLICT, CORRECTION = f"{_OURS}conflict", f"{_OURS}correction"


@dataclass(frozen=True, slots=True)
class Brought:
    """The columns to write, and when the desk made its part of them, if it did."""

    columns: dict[str, Any]
    edited_at: datetime | None = None


def words_with_edit(message: Message, edit: LocalEdit | None) -> Brought:
    """Give what ``message`` brings to its story's row with the desk's changes in it.

    Where they can't be merged unasked, the words are the wire's: only an order of the
    desk that names the message lets them show then.
    """
    columns = words_of(message)
    if edit is None:
        return Brought(columns)
    base, wire, ours = (
        wire_words(edit.base),
        wire_words(message),
        from_json(edit.words),
    )
    if not merged(base, wire, ours).is_clean:
        return Brought(columns)
    words = combine(base, wire, ours)
    name = f"{message.source}\n{message.guid}"
    return Brought({**columns, **words.as_columns(name)}, mark_of(edit))


def mark_of(edit: LocalEdit | None) -> datetime | None:
    """Give what a row that carries ``edit`` has in ``edited_at``.

    Also where a newer version says just what the desk had said: the next one may not.
    """
    if edit is None:
        return None
    changed = is_changed(wire_words(edit.base), from_json(edit.words))
    return edit.at if changed else None


def carries(story: Story, edit: LocalEdit | None) -> bool:
    """Tell whether the words on the row are those that ``edit`` gives."""
    if edit is None or story.edited_at == edit.at:
        return True
    return story.edited_at is None and mark_of(edit) is None


def tell_of_conflicts(verdicts: Iterable[Verdict]) -> None:
    """Alarm the desk where an update waits for a choice; clear what no longer does.

    One alarm a story; a correction has one of its own for each message, so that mail
    and webhook go out for every one of them: a known error stands on the page.
    """
    waiting = {
        verdict.case.story.pk: (verdict.case.story, _waiting(verdict))
        for verdict in verdicts
        if verdict.case.edit is not None and verdict.case.story is not None
    }
    if not waiting:
        return
    asked = frozenset[int]().union(*[found for _story, found in waiting.values()])
    messages = Message.objects.in_bulk(asked) if asked else {}
    wanted: dict[str, tuple[str, int]] = {}
    for story, found in waiting.values():
        for message_id in sorted(found):
            key, text = _alarm_of(story, messages[message_id])
            wanted[key] = text, story.pk
    still = set(
        Alarm.objects.filter(
            thing__in=[f"story:{pk}" for pk in waiting],
            cleared_at=None,
            key__startswith=_OURS,
        ).values_list("key", flat=True)
    )
    for key in sorted(still - wanted.keys()):
        clear_alarm(key=key)
    for key in sorted(wanted.keys() - still):
        text, story_id = wanted[key]
        raise_alarm(
            key=key,
            text=text,
            thing=f"story:{story_id}",
            address=conflict_address(story_id),
        )


def conflict_address(story_id: int) -> str:
    """Give the screen on which an editor chooses."""
    return reverse("story_merge", args=[story_id])


def conflict_addresses(story_ids: Sequence[int]) -> dict[int, str]:
    """Give that screen for those of the stories that wait for a choice."""
    things = {f"story:{pk}": pk for pk in story_ids}
    found = Alarm.objects.filter(
        thing__in=things, cleared_at=None, key__startswith=_OURS
    )
    return {
        things[thing]: conflict_address(things[thing])
        for thing in found.values_list("thing", flat=True)
    }


def _waiting(verdict: Verdict) -> frozenset[int]:
    """Give the messages that wait because somebody must choose words."""
    waits = verdict.standing.waits
    if open_question(verdict.case) not in waits:
        return frozenset()
    return verdict.case.asks.intersection(waits)


def _alarm_of(story: Story, message: Message) -> tuple[str, str]:
    """Give the alarm's key and its text."""
    if is_correction(message):
        return f"{CORRECTION}:{story.pk}:{message.pk}", _(
            "CORRECTION NOT SHOWN: the agency corrects “%(headline)s”, and the desk "
            "changed the same words. Readers still see the old ones: choose now."
        ) % {"headline": story.headline}
    return f"{CONFLICT}:{story.pk}", _(
        "An update of “%(headline)s” waits: the agency and the desk changed "
        "the same words. Choose which stand."
    ) % {"headline": story.headline}
