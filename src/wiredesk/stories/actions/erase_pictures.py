"""Erase pictures: files, every size of them, and the words to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import ModelLogEntry
from wagtail.search import index

from wiredesk.logbook.actions.write import Act, write_many
from wiredesk.stories.actions.settle_pictures import announce_pictures
from wiredesk.stories.models import Picture, PictureRendition, StoryPicture

ERASED = "Erased by contract"


@transaction.atomic
def erase_pictures(*, picture_ids: Iterable[int], at: datetime) -> None:
    """Erase these pictures; their rows stay, so that their addresses say "gone".

    Safe to repeat: a file that is gone already is no fault.
    """
    pictures = list(Picture.objects.filter(pk__in=list(picture_ids)))
    ids = [picture.pk for picture in pictures]
    for made in PictureRendition.objects.filter(image__in=ids):
        made.file.storage.delete(str(made.file.name))
    PictureRendition.objects.filter(image__in=ids).delete()
    for picture in pictures:
        picture.file.storage.delete(str(picture.file.name))
        picture.tags.clear()
        index.remove_object(picture)
    Picture.objects.filter(pk__in=ids).update(
        title=ERASED, description="", caption="", credit="", erased_at=at
    )
    StoryPicture.objects.filter(picture__in=ids).exclude(href="").update(
        caption="", credit="", alt=""
    )
    kind = ContentType.objects.get_for_model(Picture)
    ModelLogEntry.objects.filter(
        content_type=kind, object_id__in=[str(pk) for pk in ids]
    ).update(label=ERASED)
    acts = [
        Act("erased", f"picture:{picture.pk}", {"sha256": picture.sha256})
        for picture in pictures
    ]
    write_many(acts=acts, at=at)
    announce_pictures(ids)
