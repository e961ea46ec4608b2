"""Editors write the breaking-news bar, and end it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from wiredesk.lib.text import printable
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.announce import announce_bar
from wiredesk.stories.models import BreakingBar, Placement, Story

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

ADD, CHANGE = "stories.add_breakingbar", "stories.change_breakingbar"
LONGEST = 140


@transaction.atomic
def write_bar(
    *,
    site: Site,
    words: str,
    until: datetime,
    by: AbstractBaseUser | None,
    story: Story | None = None,
) -> BreakingBar:
    """Put ``words`` above every page of ``site`` until ``until``; the bar before ends.

    The same as stands there changes nothing. Raises ``PermissionDenied``, and
    ``ValidationError`` for no words or too many, a time that is past, and a story that
    doesn't stand on the site.
    """
    _require(by, ADD)
    words, now = " ".join(printable(words).split()), timezone.now()
    _check(site, words, until, story, now)
    Site.objects.select_for_update().get(pk=site.pk)
    standing = BreakingBar.objects.filter(site=site, ended_at__isnull=True).first()
    story_id = story.pk if story is not None else None
    if standing is not None:
        said = (standing.words, standing.story_id, standing.until)
        if said == (words, story_id, until):
            return standing
        BreakingBar.objects.filter(pk=standing.pk).update(ended_at=now)
    bar = BreakingBar.objects.create(
        site=site,
        words=words,
        story_id=story_id,
        until=until,
        at=now,
        by_id=by.pk if by is not None else None,
    )
    detail = {"bar": bar.pk, "story": story_id, "until": until.isoformat()}
    write(verb="wrote-bar", thing=f"site:{site.pk}", detail=detail, person=by, at=now)
    announce_bar(site.pk)
    return bar


@transaction.atomic
def end_bar(*, site: Site, by: AbstractBaseUser | None) -> None:
    """Take the site's bar away; without one nothing happens. Raises ``PermissionDenied``."""
    _require(by, CHANGE)
    now = timezone.now()
    standing = BreakingBar.objects.filter(site=site, ended_at__isnull=True).first()
    if standing is None:
        return
    BreakingBar.objects.filter(pk=standing.pk).update(ended_at=now)
    detail = {"bar": standing.pk}
    write(verb="ended-bar", thing=f"site:{site.pk}", detail=detail, person=by, at=now)
    announce_bar(site.pk)


def _require(account: AbstractBaseUser | None, permission: str) -> None:
    if account is not None and not account.has_perm(permission):  # type: ignore[attr-defined]
        raise PermissionDenied(permission)


def _check(
    site: Site, words: str, until: datetime, story: Story | None, now: datetime
) -> None:
    if not words:
        raise ValidationError(_("Say in a line what happened."))
    if len(words) > LONGEST:
        raise ValidationError(
            _("A bar is one line: at most %(most)s letters.") % {"most": LONGEST}
        )
    if until <= now:
        raise ValidationError(_("That time is past; choose one to come."))
    if story and not Placement.objects.filter(story=story, site=site).exists():
        raise ValidationError(
            _("“%(headline)s” doesn't stand on that site; the bar can't link it.")
            % {"headline": story.headline}
        )
