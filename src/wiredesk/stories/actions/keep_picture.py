"""Keep a picture in the library."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from django.core.files.images import ImageFile
from django.db import transaction

from wiredesk.lib.text import one_line, shorten
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.gather_cases import ends_of_contracts
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.models import Picture, PictureIdentity
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
    it comes again. Where the contract of the feed that brought it ends, it belongs from
    now on to one that goes on. A kill, an order or an end that is known already counts
    from the first moment. Raises ``RefusedPictureError`` for what is no picture we take.
    """
    digest = hashlib.sha256(content).hexdigest()
    same = Picture.objects.filter(sha256=digest, source=source)
    known: Picture | None = same.order_by("pk").first()
    if known is not None:
        return _keep_again(known, feed_id, guid, content)
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
        settle_pictures(picture_ids=[picture.pk])
    picture.refresh_from_db()
    return picture


@transaction.atomic
def _keep_again(
    known: Picture, feed_id: int | None, guid: str, content: bytes
) -> Picture:
    if guid and guid != known.guid:
        _identity, is_new = PictureIdentity.objects.get_or_create(
            picture=known, source=known.source, guid=guid
        )
        if is_new:
            settle_pictures(picture_ids=[known.pk])
            known.refresh_from_db()
    ends = ends_of_contracts()
    if (
        feed_id is not None
        and feed_id not in ends
        and (known.feed_id in ends or known.erased_at is not None)
    ):
        if known.erased_at is not None:
            _give_file_again(known, content)
        known.feed_id = feed_id
        known.erased_at = None
        known.past_end = None
        known.save(update_fields=["feed", "erased_at", "past_end", "file"])
        settle_pictures(picture_ids=[known.pk])
        known.refresh_from_db()
    return known


def _give_file_again(known: Picture, content: bytes) -> None:
    kind = inspect(content)
    name = f"{known.sha256[:20]}.{kind.extension}"
    known.file.save(name, ImageFile(io.BytesIO(content), name), save=False)
