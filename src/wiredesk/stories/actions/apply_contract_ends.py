"""Order ends of contracts again that the journal remembers and the database doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.apply_journal import Done
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.end_contract import bound, close_end
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.contracts import stories_of
from wiredesk.stories.models import Picture
from wiredesk.wire.journaled import CONTRACT_END
from wiredesk.wire.models import ContractEnd, Feed

if TYPE_CHECKING:
    from wiredesk.logbook.journal import Line

GROUP = 200  # stories or pictures in one query


def apply_contract_ends(lines: list[Line], *, restoring: bool) -> Done:
    """Write the ends of these lines, or undo them again; call in a transaction.

    All copy of a feed is bounded by the end before anybody can read it. What was to be
    erased is erased again by the worker: the backup had brought it back.
    """
    done = Done()
    touched: set[int] = set()
    for line in lines:
        feed = Feed.objects.filter(slug=line.facts["feed"]).first()
        if feed is None:
            done.left.append(
                _("The contract of %(feed)s ended %(at)s, but there is no such feed.")
                % {"feed": line.facts["feed"], "at": line.facts["at"]}
            )
        elif _apply(line, feed):
            touched.add(feed.pk)
            done.changed += 1
    for feed in Feed.objects.filter(pk__in=touched):
        _follow(feed)
    return done


def _apply(line: Line, feed: Feed) -> bool:
    now = timezone.now()
    facts = line.facts
    ordered_at = parse_datetime(facts["ordered_at"]) or line.at
    known = ContractEnd.objects.filter(feed=feed, ordered_at=ordered_at).first()
    if line.verb != CONTRACT_END:
        if known is None or known.undone_at is not None:
            return False
        close_end(end=known, by=None, at=now)
        return True
    if known is not None:
        return False
    # A later line says what came of it; until then the last end is the one in force.
    for before in ContractEnd.objects.in_force().filter(feed=feed):
        close_end(end=before, by=None, at=now)
    end = _end(line, feed, facts)
    bound(end=end, now=now)
    return True


def _end(line: Line, feed: Feed, facts: dict[str, Any]) -> ContractEnd:
    accounts = get_user_model()._default_manager.filter(pk=facts["by"])
    end = ContractEnd.objects.create(
        feed=feed,
        at=parse_datetime(facts["at"]) or line.at,
        erase_at=parse_datetime(facts["erase_at"] or ""),
        ordered_at=parse_datetime(facts["ordered_at"]) or line.at,
        ordered_by=accounts.first() if facts["by"] else None,
    )
    write(
        verb="contract-end",
        thing=f"feed:{feed.pk}",
        detail={
            "end": end.pk,
            "at": facts["at"],
            "erase_at": facts["erase_at"],
            "journal": line.position.sequence,
        },
        person=end.ordered_by,
    )
    return end


def _follow(feed: Feed) -> None:
    stories = list(stories_of(feed).values_list("pk", flat=True))
    pictures = list(Picture.objects.filter(feed=feed).values_list("pk", flat=True))
    for start in range(0, len(stories), GROUP):
        settle_stories(stories[start : start + GROUP])
    for start in range(0, len(pictures), GROUP):
        settle_pictures(picture_ids=pictures[start : start + GROUP])
