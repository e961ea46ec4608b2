"""Keep a picture in the library."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from django.core.files.images import ImageFile
from django.db import transaction

from wiredesk.lib.text import one_line, shorten
from wiredesk.logbook.actions.write import write
from wiredesk.stories.models import Picture
from wiredesk.stories.picture_files import inspect


def keep_picture(
    *,
    content: bytes,
    title: str,
    source: str = "",
    feed_id: int | None = None,
    guid: str = "",
    alt: str = "",
    caption: str = "",
    credit: str = "",
    expires: datetime | None = None,
) -> Picture:
    """Give the library's picture of these bytes, kept now unless it already was.

    The same bytes of the same source are one picture: what was withdrawn stays so when
    it comes again. Raises ``RefusedPictureError`` for what is no picture we take.
    """
    digest = hashlib.sha256(content).hexdigest()
    same = Picture.objects.filter(sha256=digest, source=source)
    known: Picture | None = same.order_by("pk").first()
    if known is not None:
        return known
    kind = inspect(content)
    # The file's name is ours: one from outside would be a path, or a promise.
    file = ImageFile(io.BytesIO(content), f"{digest[:20]}.{kind.extension}")
    picture = Picture(
        title=shorten(one_line(title) or digest[:20], 255),
        file=file,
        description=shorten(one_line(alt) or "", 255),
        caption=caption,
        credit=shorten(credit, 200),
        source=source,
        feed_id=feed_id,
        guid=guid,
        sha256=digest,
        file_size=len(content),
        file_hash=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        expires=expires,
    )
    with transaction.atomic():
        picture.save()
        if (picture.width, picture.height) != (kind.width, kind.height):
            # As a reader sees it: cameras store upright pictures lying down. Saving
            # the file measures it as it lies, so this comes after.
            picture.width, picture.height = kind.width, kind.height
            picture.save(update_fields=["width", "height"])
        write(
            verb="keep-picture",
            thing=f"picture:{picture.pk}",
            detail={"sha256": digest},
        )
    return picture
