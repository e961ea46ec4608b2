"""Give the desk's orders again that the journal remembers and the database doesn't."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.apply_journal import Done
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.journaled import DARKENING, message_of, story_of
from wiredesk.stories.models import Order, Story, StoryIdentity
from wiredesk.wire.models import Delivery

if TYPE_CHECKING:
    from wiredesk.logbook.journal import Line
    from wiredesk.wire.models import Message


def apply_orders(lines: list[Line], *, restoring: bool) -> Done:
    """Write the orders of these lines and settle their stories; call in a transaction.

    A hold or a withdrawal of a story that isn't here makes a tombstone, so that the
    story is dark should it come again. Leave to publish whose message isn't here is
    left out, and said: it must never let other words show.
    """
    done = Done()
    touched = []
    now = timezone.now()
    for line in lines:
        story = _apply(line, done, now)
        if story is not None:
            touched.append(story.pk)
    if touched:
        settle_stories(touched, now=now)
    return done


def hold_for_lost_embargo(lines: list[Line], *, restoring: bool) -> Done:
    """Hold stories that a version embargoed which this database doesn't have.

    Its words are lost, so only the desk or the agency's next word can say what may show.
    """
    done = Done()
    for line in lines:
        facts = line.facts
        ends = parse_datetime(facts["embargoed_until"] or "")
        if ends is not None and ends <= timezone.now():
            continue
        if message_of(facts) is not None or _is_waiting(facts, restoring):
            continue
        story = story_of({"identities": [[facts["source"], facts["guid"]]]})
        if story is None:
            continue  # it can only come with its embargo
        at = parse_datetime(facts["received_at"]) or line.at
        now = timezone.now()
        if _order(story, Order.Verb.HOLD, None, at, None, line, now):
            done.changed += 1
            settle_stories([story.pk], now=now)
            done.left.append(
                _("%(guid)s is held: its embargoed version %(version)s is not here.")
                % {"guid": facts["guid"], "version": facts["version"] or "-"}
            )
    return done


def _is_waiting(facts: dict[str, Any], restoring: bool) -> bool:
    return (
        not restoring
        and Delivery.objects.filter(
            sha256=facts["sha256"],
            feed__slug=facts["feed"],
            state=Delivery.State.WAITING,
        ).exists()
    )


def _apply(line: Line, done: Done, now: datetime) -> Story | None:
    facts = line.facts
    verb = Order.Verb(facts["order"])
    message = message_of(facts["message"]) if facts["message"] else None
    story = story_of(facts["story"])
    if verb not in DARKENING and (story is None or (facts["message"] and not message)):
        done.left.append(_unanswered(line))
        return None
    if story is None:
        story = _tombstone(facts["story"])
        if story is None:
            done.left.append(_unanswered(line))
            return None
    at = parse_datetime(facts["at"]) or line.at
    if not _order(story, verb, message, at, facts["by"], line, now):
        return None
    done.changed += 1
    return story


def _order(
    story: Story,
    verb: Order.Verb,
    message: Message | None,
    at: datetime,
    by: int | None,
    line: Line,
    now: datetime,
) -> bool:
    """Write an order unless it stands already; tells whether it was new."""
    if Order.objects.filter(story=story, verb=verb, at=at).exists():
        return False
    person = get_user_model()._default_manager.filter(pk=by).first() if by else None
    order = Order.objects.create(
        story=story,
        verb=verb,
        message=message,
        by=person,
        at=at,
        note=_("Brought back from the journal."),
    )
    write(
        verb=f"order-{verb}",
        thing=f"story:{story.pk}",
        detail={
            "order": order.pk,
            "message": order.message_id,
            "journal": line.position.sequence,
        },
        person=person,
        at=now,
    )
    return True


def _tombstone(facts: dict[str, Any]) -> Story | None:
    """Make a wire story without words, to carry an order; the station's own is lost."""
    if not facts["identities"]:
        return None
    first_source, first_guid = facts["identities"][0]
    story = Story.objects.create(
        headline=first_guid[:400],
        source=facts["source"] or first_source,
        live=False,
    )
    StoryIdentity.objects.bulk_create(
        [
            StoryIdentity(source=source, guid=guid, story=story)
            for source, guid in facts["identities"]
        ]
    )
    return story


def _unanswered(line: Line) -> str:
    names = [guid for _source, guid in line.facts["story"]["identities"]]
    return _(
        "The order “%(order)s” of %(at)s on %(story)s is not given again: what it "
        "answers is not in this database."
    ) % {
        "order": line.facts["order"],
        "at": line.facts["at"],
        "story": names[0] if names else line.facts["story"]["path"] or "-",
    }
