"""Where a story stands: its own row, outside drafts and revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wiredesk.lib import lookups as lookups  # the gate compares states by one of them

if TYPE_CHECKING:
    from datetime import datetime


def is_public(now: datetime, standing: str = "") -> Q:
    """Give the gate of every public query: what the public may see at ``now``.

    ``standing`` is how the query's rows lead to it, such as ``"standing__"``.
    """
    of = standing
    return Q(
        Q(**{f"{of}visible_from__isnull": True}) | Q(**{f"{of}visible_from__lte": now}),
        Q(**{f"{of}visible_until__isnull": True})
        | Q(**{f"{of}visible_until__gt": now}),
        **{
            # Most stories are live: what narrows a list is something else.
            f"{of}state__unindexed": StoryStanding.State.LIVE,
            f"{of}expired_at__isnull": True,
        },
    )


def is_listed(now: datetime, standing: str = "") -> Q:
    """Give the same for what lists, feeds and search show: not what softly expired."""
    return is_public(now, standing) & Q(
        Q(**{f"{standing}listed_until__isnull": True})
        | Q(**{f"{standing}listed_until__gt": now})
    )


class StoryIdentity(models.Model):
    """The wire's name for a story. A rewrite under a new id adds a second one."""

    source = models.CharField(max_length=60)
    guid = models.TextField()
    story = models.ForeignKey(
        "stories.Story", on_delete=models.PROTECT, related_name="identities"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "guid"], name="one_story_an_identity"
            )
        ]


class StoryStanding(models.Model):
    """What the wire and the desk now allow of a story; every public query asks here.

    A LIVE story shows only while the clock lies in [visible_from, visible_until):
    embargo and expiry are decided when a page is read. Publishing a revision, a
    schedule or a restore never touches this row.
    """

    class State(models.TextChoices):
        LIVE = "live"
        HELD = "held"
        WITHDRAWN = "withdrawn"

    story = models.OneToOneField(
        "stories.Story",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="standing",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    reason = models.TextField(blank=True)
    shows = models.ForeignKey(
        "wire.Message", on_delete=models.PROTECT, null=True, related_name="+"
    )
    visible_from = models.DateTimeField(null=True)  # end of an embargo
    lifts_at = models.DateTimeField(null=True)  # the same, until it was announced
    visible_until = models.DateTimeField(null=True)  # expiry that takes it down
    listed_until = models.DateTimeField(null=True)  # expiry that leaves the page up
    since = models.DateTimeField()
    was_public = models.BooleanField(default=False)  # 410 rather than 404
    # Once past, always past: an expiry that was seen stays when a clock is set back.
    expired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "story"], name="standing_by_state"),
            models.Index(
                fields=["visible_from"],
                name="standing_will_show",
                condition=models.Q(visible_from__isnull=False),
            ),
            models.Index(
                fields=["lifts_at"],
                name="standing_will_lift",
                condition=models.Q(lifts_at__isnull=False),
            ),
            models.Index(
                fields=["visible_until"],
                name="standing_will_end",
                condition=models.Q(visible_until__isnull=False),
            ),
            models.Index(
                fields=["listed_until"],
                name="standing_will_unlist",
                condition=models.Q(listed_until__isnull=False),
            ),
        ]

    def is_live(self, now: datetime) -> bool:
        """Tell whether the public may read the story at ``now``; see ``public``."""
        return (
            self.state == self.State.LIVE
            and self.expired_at is None
            and (self.visible_from is None or self.visible_from <= now)
            and (self.visible_until is None or self.visible_until > now)
        )

    def in_words(self, now: datetime | None = None) -> str:
        """Give the standing as the desk says it at ``now`` (default: this moment)."""
        now = now or timezone.now()
        if self.state == self.State.HELD:
            return _("held")
        if self.state == self.State.WITHDRAWN:
            return _("withdrawn")
        if self.expired_at or (self.visible_until and self.visible_until <= now):
            return _("expired")
        if self.visible_from and self.visible_from > now:
            return _("embargoed")
        return _("live")
