"""A picture in one size: made once, however many ask for it at the same moment."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from PIL import Image as Pillow
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import Filter, SourceImageIOError
from willow.image import Image as WillowImage  # type: ignore[import-untyped]
from willow.plugins.pillow import PillowImage  # type: ignore[import-untyped]

from wiredesk.stories.models import Picture, PictureRendition

LOCKS = 64  # pictures share lock files; more only means fewer wait for another's
PATIENCE = 10.0  # seconds one waits for somebody else's drawing
_PAUSE = 0.02


class NotDrawableError(Exception):
    """The picture's file is missing, broken or larger than we draw."""


class BusyError(Exception):
    """Somebody draws this picture and isn't done; asking again soon will do."""


class BareOperation(FilterOperation):
    """``bare``: keep the pixels and the colour profile, and nothing that tells more.

    Wagtail copies EXIF from the original into JPEG files: the place where a picture was
    taken, the camera's number, a thumbnail of what was cropped away.
    """

    def construct(self) -> None:
        """Take no arguments."""

    def run(
        self, willow: WillowImage, image: Picture, env: dict[str, str]
    ) -> WillowImage:
        """Give the picture with all metadata but its colour profile left out."""
        pixels = willow.get_pillow_image().copy()
        profile = pixels.info.get("icc_profile")
        pixels.info = {"icc_profile": profile} if profile else {}
        if pixels.mode == "CMYK":
            converted = pixels.convert("RGB")
            converted.info = {}  # the profile was that of the inks
            pixels = converted
        return PillowImage(pixels)


def rendition(picture: Picture, spec: str) -> PictureRendition:
    """Give the picture's rendition, made now if nobody has asked for it before.

    Raises ``NotDrawableError``, or ``BusyError`` when another drawing of the same
    picture hasn't ended within ``PATIENCE`` seconds.
    """
    wanted = Filter(spec=spec)
    made = _made(picture, wanted)
    if made is not None:
        return made
    if picture.width * picture.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise NotDrawableError(f"{picture.width} x {picture.height} pixels is too much")
    with _turn(picture.pk):
        return _made(picture, wanted) or _draw(picture, wanted)


def _made(picture: Picture, wanted: Filter) -> PictureRendition | None:
    """Look in the table; Wagtail would ask each process's own cache, which may be old."""
    made = picture.renditions.filter(
        filter_spec=wanted.spec, focal_point_key=wanted.get_cache_key(picture)
    ).first()
    if made is not None and not made.file.storage.exists(made.file.name or ""):
        made.delete()  # a restore without its renditions: they can be made again
        return None
    return made


def _draw(picture: Picture, wanted: Filter) -> PictureRendition:
    try:
        picture.create_rendition(wanted)
    except (
        SourceImageIOError,
        InvalidFilterSpecError,
        Pillow.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise NotDrawableError(str(error)) from error
    made = _made(picture, wanted)
    if made is None:
        raise NotDrawableError("what was drawn is gone again")
    return made


@contextmanager
def _turn(number: int) -> Iterator[None]:
    """Wait for this picture's turn, among the threads and processes of this machine."""
    folder = Path(settings.WIREDESK_HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(
        folder / f"picture-{number % LOCKS}", os.O_RDWR | os.O_CREAT, 0o600
    )
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)  # which gives the lock up


def _lock(handle: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise BusyError from None
            time.sleep(_PAUSE)
