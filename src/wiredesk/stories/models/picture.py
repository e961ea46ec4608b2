"""Pictures: one model for the library, its renditions, and a story's use of one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Orderable


class Picture(AbstractImage):
    """A picture in the library. ``description`` is its alternative text.

    ``guid`` and ``source`` are the agency's own id of it, so that it can be killed
    alone. A withdrawn or expired picture is shown nowhere.
    """

    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True, editable=False)
    guid = models.TextField(blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    expires = models.DateTimeField(_("may be used until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    admin_form_fields = (*Image.admin_form_fields, "caption", "credit", "expires")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [models.Index(fields=["sha256"], name="picture_by_digest")]


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
            )
        ]
