"""End a feed's contract, or undo that: everything of the feed is dark from a second on."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.logbook.actions.keep_in_journal import keep_in_journal
from wiredesk.logbook.actions.write import write
from wiredesk.logbook.journal import Note
from wiredesk.stories.actions.announce import announce_frame
from wiredesk.stories.actions.gather_cases import wait_for_other_writers
from wiredesk.stories.actions.settle import settle_stories
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.contracts import (
    feed_that_goes_on,
    pictures_that_stay,
    showing,
)
from wiredesk.stories.models import Picture, Story, StoryStanding
from wiredesk.wire.journaled import CONTRACT_END, CONTRACT_UNDONE, facts_of_end
from wiredesk.wire.models import ContractEnd, Feed
from wiredesk.wire.pace import TARGET, turn

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

GROUP = 25  # stories or pictures in one transaction, so that a kill needn't wait


def end_contract(
    *,
    feed: Feed,
    at: datetime | None = None,
    erase: bool = False,
    by: AbstractBaseUser | None = None,
    follow: bool = True,
) -> ContractEnd:
    """End the contract of ``feed`` at ``at``, and tell every surface.

    From that second all copy of the feed is dark by the clock, also what comes later;
    where ``at`` is past, from now on. ``erase`` has it erased ``Feed.erase_days`` after
    the end, or with it. Without ``at`` the end in force stays and only ``erase`` is new.
    Without ``follow`` the worker settles what follows, since a large feed takes minutes;
    readers don't depend on that.
    One end is in force: a new one replaces it while it isn't past. The same twice is
    one. Raises ``ValidationError`` where the contract has ended already and ``at`` is
    another time, or there is no end to add ``erase`` to.
    """
    with turn(TARGET), transaction.atomic():
        end = _order(feed, at, erase, by, timezone.now())
    if follow:
        follow_ends()
    return end


def undo_end(
    *, feed: Feed, by: AbstractBaseUser | None = None, follow: bool = True
) -> ContractEnd:
    """Let the feed's copy show again, as a new contract allows; what is erased is gone.

    Without ``follow`` the worker brings it back. Raises ``ValidationError`` where no end is in force.
    """
    with turn(TARGET), transaction.atomic():
        Feed.objects.select_for_update().get(pk=feed.pk)
        end = ContractEnd.objects.in_force().filter(feed=feed).first()
        if end is None:
            raise ValidationError(_("No end of this feed's contract is in force."))
        close_end(end=end, by=by, at=timezone.now())
        note = Note(CONTRACT_UNDONE, facts_of_end(end))
        # Should the line be lost, a restore leaves the copy dark.
        transaction.on_commit(partial(keep_in_journal, notes=[note]))
    if follow:
        follow_ends()
    return end


def close_end(*, end: ContractEnd, by: AbstractBaseUser | None, at: datetime) -> None:
    """Mark ``end`` as undone; the caller settles what follows."""
    end.undone_at = at
    end.undone_by_id = by.pk if by is not None else None
    end.followed_at = None
    end.save(update_fields=["undone_at", "undone_by", "followed_at"])
    write(
        verb="contract-end-undone",
        thing=f"feed:{end.feed_id}",
        detail={"end": end.pk},
        person=by,
        at=at,
    )


def follow_ends() -> int:
    """Follow the orders that weren't followed to their end; gives how many.

    A step of the worker. Safe to repeat, to be broken off, and for two to do at once.
    """
    if not _first_unfollowed():
        return 0
    waiting = ContractEnd.objects.filter(followed_at__isnull=True)
    ends = list(waiting.select_related("feed").order_by("pk"))
    for feed in {end.feed_id: end.feed for end in ends}.values():
        follow_end(feed=feed)
        with turn(), transaction.atomic():
            for end in ends:
                # Unless somebody undid it meanwhile: then that is to be followed.
                same = waiting.filter(pk=end.pk, undone_at=end.undone_at)
                same.filter(feed=feed).update(followed_at=timezone.now())
    return len(ends)


# Asked each second, also while nothing is going on.
_first_unfollowed = PreparedQuery(
    lambda: ContractEnd.objects.filter(followed_at__isnull=True).values_list("pk")[:1],
    lists=0,
)


def follow_end(*, feed: Feed) -> int:
    """Settle every story and picture of the feed in short groups; gives how many.

    Readers don't depend on it: the rows were bounded with the order. It says what
    another feed keeps, and tells the surfaces that hold copies.
    """
    touched = 0
    standings = Q(wire_message__feed=feed) | Q(standing__shows__feed=feed)
    live = Q(standing__state=StoryStanding.State.LIVE)
    after = 0
    while True:
        with turn(TARGET), transaction.atomic():
            found = Story.objects.filter(standings, live, pk__gt=after)
            ids = list(found.order_by("pk").values_list("pk", flat=True)[:GROUP])
            if ids:
                settle_stories(ids)
        if not ids:
            break
        touched, after = touched + len(ids), ids[-1]
    return touched + _follow_pictures(feed)


def bound(*, end: ContractEnd, now: datetime) -> None:
    """Bound all that is live of the feed at once, in the order's own transaction.

    A statement for all stories, so that no second lies between the order and the last of
    them; and every page that is kept is dropped, since any may show one.
    """
    announce_frame()
    rows = showing(end.feed)
    if end.at <= now:
        # Seen until this moment: it answers "gone", not "never there".
        seen = rows.filter(
            Q(visible_from__isnull=True) | Q(visible_from__lte=now),
            Q(visible_until__isnull=True) | Q(visible_until__gt=now),
            expired_at__isnull=True,
        )
        seen.update(was_public=True)
    later = Q(visible_until__isnull=True) | Q(visible_until__gt=end.at)
    rows.filter(later).update(visible_until=end.at)
    for picture in pictures_that_stay(end.feed):
        goes_on = feed_that_goes_on(picture)
        Picture.objects.filter(pk=picture.pk).update(feed=goes_on)
    pictures = Picture.objects.filter(feed=end.feed)
    pictures.filter(Q(usable_until__isnull=True) | Q(usable_until__gt=end.at)).update(
        usable_until=end.at
    )


def _order(
    feed: Feed,
    at: datetime | None,
    erase: bool,
    by: AbstractBaseUser | None,
    now: datetime,
) -> ContractEnd:
    # Whoever settles messages of these sources is done, or will read of the end.
    wait_for_other_writers({feed.source, *feed.speaks_for.values()})
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    known = ContractEnd.objects.in_force().filter(feed=feed).first()
    at = at or (known.at if known else None)
    if at is None:
        raise ValidationError(_("Say when the contract ends: none is in force."))
    erase_at = known.erase_at if known else None
    if erase:
        erase_at = at + timedelta(days=feed.erase_days or 0)
    if known is not None:
        if (known.at, known.erase_at) == (at, erase_at):
            return known
        if known.is_past(now) and known.at != at:
            raise ValidationError(
                _("The contract ended %(at)s. Undo that first, by a new contract.")
                % {"at": known.at.isoformat()}
            )
        close_end(end=known, by=by, at=now)
    end = ContractEnd.objects.create(
        feed=feed,
        at=at,
        erase_at=erase_at,
        ordered_at=now,
        ordered_by_id=by.pk if by is not None else None,
        passed_at=known.passed_at if known is not None and known.at == at else None,
    )
    write(
        verb="contract-end",
        thing=f"feed:{feed.pk}",
        detail={
            "end": end.pk,
            "at": at.isoformat(),
            "erase_at": erase_at and erase_at.isoformat(),
        },
        person=by,
        at=now,
    )
    keep_in_journal(notes=[Note(CONTRACT_END, facts_of_end(end))])
    bound(end=end, now=now)
    return end


def _follow_pictures(feed: Feed) -> int:
    touched = after = 0
    while True:
        with turn(TARGET), transaction.atomic():
            found = Picture.objects.filter(feed=feed, pk__gt=after).order_by("pk")
            ids = list(found.values_list("pk", flat=True)[:GROUP])
            # Also those that are as they were: the order bounded them already.
            if ids:
                settle_pictures(picture_ids=ids, announce_all=True)
        if not ids:
            return touched
        touched, after = touched + len(ids), ids[-1]
