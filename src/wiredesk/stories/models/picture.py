"""Pictures: one model for the library, its renditions, and a story's use of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Orderable

from wiredesk.lib.truth import true_until

if TYPE_CHECKING:
    from datetime import datetime


class Picture(AbstractImage):
    """A picture in the library. ``description`` is its alternative text.

    ``guid`` and ``source`` are the agency's own id of it, so that it can be killed
    alone; ``feed`` brought it. A picture that isn't ``is_shown`` is shown nowhere.
    """

    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True, editable=False)
    guid = models.TextField(blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    expires = models.DateTimeField(_("may be used until"), null=True, blank=True)
    feed = models.ForeignKey(
        "wire.Feed",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="pictures",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_why = models.TextField(blank=True, editable=False)
    # The wire's own end, by the agency's word or its contract; ``expires`` is the desk's.
    usable_until = models.DateTimeField(null=True, blank=True, editable=False)
    # The latest end that was once seen to be past: it stays when a clock is set back.
    past_end = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    admin_form_fields = (*Image.admin_form_fields, "caption", "credit", "expires")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [
            models.Index(fields=["sha256"], name="picture_by_digest"),
            models.Index(fields=["source", "guid"], name="picture_by_identity"),
            models.Index(
                fields=["expires"],
                name="picture_will_expire",
                condition=models.Q(expires__isnull=False),
            ),
            models.Index(
                fields=["usable_until"],
                name="picture_will_end",
                condition=models.Q(usable_until__isnull=False),
            ),
        ]

    def ends_at(self) -> datetime | None:
        """Give the second from which on it may not be used; ``None`` for never."""
        ends = [end for end in (self.expires, self.usable_until) if end is not None]
        return min(ends, default=None)

    def is_shown(self, now: datetime) -> bool:
        """Tell whether readers may see it at ``now``, wherever it is used."""
        if self.withdrawn_at is not None or self.erased_at is not None:
            return False
        end = self.ends_at()
        if end is None:
            return True
        if end <= now or (self.past_end is not None and end <= self.past_end):
            return False
        true_until(end)
        return True


class PictureIdentity(models.Model):
    """A further id under which the wire sent the same bytes: a kill of it counts, too.

    It stays when the story that brought it drops the picture.
    """

    picture = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="identities"
    )
    source = models.CharField(max_length=60)
    guid = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "guid", "picture"], name="picture_identity_once"
            )
        ]


class PictureRendition(AbstractRendition):
    """One size and format of a picture."""

    image = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="one_rendition_a_filter",
            )
        ]


class StoryPicture(Orderable):
    """A picture as ``story`` uses it; the first one leads.

    ``picture`` is empty until the file named by ``href`` has been fetched; nothing of
    it is shown before that.
    """

    story = ParentalKey(
        "stories.Story", on_delete=models.CASCADE, related_name="pictures"
    )
    picture = models.ForeignKey(
        Picture,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="uses",
        verbose_name=_("picture"),
    )
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    alt = models.TextField(_("alternative text"), blank=True)
    href = models.CharField(max_length=1000, blank=True, editable=False)
    guid = models.TextField(blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    failure = models.TextField(blank=True, editable=False)

    class Meta(Orderable.Meta):
        verbose_name = _("picture of the story")
        verbose_name_plural = _("pictures of the story")
        indexes = [
            models.Index(
                fields=["id"],
                name="pictures_to_fetch",
                condition=models.Q(picture__isnull=True, failure=""),
            ),
            models.Index(
                fields=["guid"],
                name="pictures_by_guid",
                condition=~models.Q(guid=""),
            ),
        ]
