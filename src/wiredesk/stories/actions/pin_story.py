"""Editors give stories a place of their own on a front or a section, and take it away."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.announce import announce_lists
from wiredesk.stories.models import FrontPage, Pin, Placement, SectionPage, Story

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

ADD, CHANGE, DELETE = "stories.add_pin", "stories.change_pin", "stories.delete_pin"
# More than that nobody keeps an eye on.
MOST = 40


@transaction.atomic
def pin_story(
    *,
    page: Page,
    story: Story,
    slot: Pin.Slot | str,
    by: AbstractBaseUser | None,
    until: datetime | None = None,
    first: bool = True,
) -> Pin:
    """Pin ``story`` to a slot of a front or section, before what is pinned there.

    With ``first`` false it goes behind. A story that is pinned on the page already is
    moved; the same once more changes nothing. ``until`` is when the pin ends by itself.
    Raises ``PermissionDenied``, and ``ValidationError`` for a story that doesn't stand
    on the page's site, a time that is past, a slot the page hasn't got, and a full page.
    """
    _require(by, ADD)
    slot, now = Pin.Slot(slot), timezone.now()
    # The page's row puts its changes in a row; SQLite has one writer anyway.
    page = Page.objects.select_for_update().get(pk=page.pk)
    _check(page, story, slot, until, now)
    pin = Pin.objects.filter(page=page, story=story).first()
    there = Pin.objects.filter(page=page, slot=slot)
    same = pin is not None and (pin.slot, pin.until) == (slot, until)
    if pin is not None and same and (not first or there.first() == pin):
        return pin
    # Ended pins are only in the way; a page's own are few.
    Pin.objects.filter(page=page, until__lte=now).exclude(story=story).delete()
    if pin is None:
        if Pin.objects.filter(page=page).count() >= MOST:
            raise ValidationError(
                _("%(most)s stories are pinned here already. Unpin one first.")
                % {"most": MOST}
            )
        pin = Pin(page=page, story=story)
    pin.slot, pin.until, pin.at = slot, until, now
    pin.by_id = by.pk if by is not None else None
    pin.sort_order = (there.aggregate(last=Max("sort_order"))["last"] or 0) + 1
    pin.save()
    if first:
        others = there.exclude(pk=pin.pk).values_list("pk", flat=True)
        _number([pin.pk, *others])
    _tell("pinned", pin, by, now)
    return pin


@transaction.atomic
def unpin_story(*, pin: Pin, by: AbstractBaseUser | None) -> None:
    """Take a pin away; one that is gone already is no error. Raises ``PermissionDenied``."""
    _require(by, DELETE)
    found = Pin.objects.select_for_update().filter(pk=pin.pk).first()
    if found is not None:
        _tell("unpinned", found, by, timezone.now())
        found.delete()


@transaction.atomic
def move_pin(
    *, pin: Pin, to: Literal["up", "down"], by: AbstractBaseUser | None
) -> None:
    """Move a pin before or behind its neighbour in the slot; at the end it stays.

    Raises ``PermissionDenied``.
    """
    _require(by, CHANGE)
    Page.objects.select_for_update().get(pk=pin.page_id)
    now = timezone.now()
    slot = Pin.objects.filter(page=pin.page_id, slot=pin.slot).running(now)
    order = list(slot.values_list("pk", flat=True))
    if pin.pk not in order:
        return
    place = order.index(pin.pk)
    other = place - 1 if to == "up" else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    _number(order)
    _tell("moved-pin", pin, by, now)


def slots_of(page: Page) -> list[Pin.Slot]:
    """Give the slots that a page of this kind has."""
    if FrontPage.objects.filter(pk=page.pk).exists():
        return [Pin.Slot.LEAD, Pin.Slot.BESIDE, Pin.Slot.BELOW]
    if SectionPage.objects.filter(pk=page.pk).exists():
        return [Pin.Slot.LEAD, Pin.Slot.BESIDE]
    return []


def _require(account: AbstractBaseUser | None, permission: str) -> None:
    if account is not None and not account.has_perm(permission):  # type: ignore[attr-defined]
        raise PermissionDenied(permission)


def _check(
    page: Page, story: Story, slot: Pin.Slot, until: datetime | None, now: datetime
) -> None:
    if slot not in slots_of(page):
        raise ValidationError(_("This page has no such slot."))
    if until is not None and until <= now:
        raise ValidationError(_("That time is past; choose one to come, or none."))
    sites = [
        site.pk
        for site in Site.objects.select_related("root_page")
        if page.path.startswith(site.root_page.path)
    ]
    if not Placement.objects.filter(story=story, site__in=sites).exists():
        raise ValidationError(
            _(
                "“%(headline)s” doesn't stand on this page's site. Give it a place there "
                "first, under “Place and topics” in its editor."
            )
            % {"headline": story.headline}
        )


def _number(order: list[int]) -> None:
    pins = Pin.objects.in_bulk(order)
    for number, pk in enumerate(order):
        pins[pk].sort_order = number
    Pin.objects.bulk_update(pins.values(), ["sort_order"])


def _tell(verb: str, pin: Pin, by: AbstractBaseUser | None, now: datetime) -> None:
    write(
        verb=verb,
        thing=f"page:{pin.page_id}",
        detail={
            "story": pin.story_id,
            "slot": str(pin.slot),
            "until": pin.until.isoformat() if pin.until else None,
        },
        person=by,
        at=now,
    )
    announce_lists([pin.page_id])
