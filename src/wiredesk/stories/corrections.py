"""Corrections as lists of them are read: the public's gate, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from wiredesk.stories.models import Correction, Placement, Story

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import Site

    from wiredesk.stories.models.correction import CorrectionQuerySet


def public_corrections(site: Site, now: datetime) -> CorrectionQuerySet:
    """Give what was corrected in the site's stories, newest first, each with its story.

    Those of a story that lists may not name aren't there.
    """
    here = Placement.objects.filter(story=OuterRef("story"), site=site)
    listed = Story.objects.listed(now).filter(pk=OuterRef("story"))
    return (
        Correction.objects.shown()
        .filter(Exists(here), Exists(listed))
        .select_related("story")
        .defer("story__body")
        .order_by("-at", "-id")
    )
