"""The bytes of a picture, from where the wire says they are; and what they are."""

from __future__ import annotations

import io
import os
import stat
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from PIL import Image

from wiredesk.lib import outbound

LARGEST_FILE = 20 * 1024 * 1024  # bytes
SMALLEST_SIDE = 32  # pixels; below that it counts readers, or is an icon
SECONDS = 15.0  # for one picture over HTTP, redirects and all
# Folders beside the copy where agencies put pictures, or where ours were moved to.
FOLDERS = ("", "pictures", "done", "done/pictures", "set-aside")

_EXTENSIONS = {
    "JPEG": "jpg",
    "MPO": "jpg",  # what some cameras and phones write: a JPEG with another behind it
    "PNG": "png",
    "WEBP": "webp",
    "GIF": "gif",
    "AVIF": "avif",
}
_READABLE = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_TURNED = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_ORIENTATION = 0x0112


class NotThereYetError(Exception):
    """The file can't be had now; it may come."""


class RefusedPictureError(Exception):
    """No picture we take, and asking again changes nothing."""


class UnreadablePictureError(RefusedPictureError):
    """The bytes are no picture, or not yet all of one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the bytes are. Width and height in pixels, as a reader sees the picture."""

    extension: str
    width: int
    height: int


def read_picture(href: str, origin: str) -> bytes:
    """Give the bytes that ``href`` names, seen from ``origin``, a folder or an address.

    A relative name is looked for in the folder and in ``FOLDERS`` below it, never
    outside. Raises ``NotThereYetError`` or ``RefusedPictureError``.
    """
    address = urljoin(origin, href) if _is_address(origin) else href
    if _is_address(address):
        return _from_network(address)
    scheme = urlsplit(href).scheme
    if len(scheme) > 1 and scheme != "file":  # one letter is a drive of the sender's
        raise RefusedPictureError(f"“{href[:200]}” is no file and no web address")
    if not origin:
        raise RefusedPictureError("the copy came without a folder to look into")
    return _from_folder(Path(origin), href)


def inspect(content: bytes) -> Kind:
    """Tell what the bytes are, by the bytes; decodes the first frame to be sure.

    Sizes are read from the header and checked before anything is unpacked. Raises
    ``RefusedPictureError``.
    """
    if len(content) > LARGEST_FILE:
        raise RefusedPictureError(f"{len(content)} bytes are too many")
    try:
        with Image.open(io.BytesIO(content), formats=_READABLE) as image:
            width, height = image.size
            if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                raise RefusedPictureError(f"{width} x {height} pixels are too many")
            if min(width, height) < SMALLEST_SIDE:
                raise RefusedPictureError(f"{width} x {height} pixels are too few")
            name = image.format or ""
            turned = image.getexif().get(_ORIENTATION) in _TURNED
            image.load()
    except Image.DecompressionBombError as error:
        raise RefusedPictureError(f"its pixels are too many: {error}") from error
    except (
        EOFError,
        IndexError,
        KeyError,
        OSError,  # Pillow's own for what it doesn't know or can't finish
        OverflowError,
        SyntaxError,
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    ) as error:
        raise UnreadablePictureError(f"no picture can be read: {error}") from error
    extension = _EXTENSIONS.get(name)
    if extension is None:
        raise RefusedPictureError(f"{name or 'this format'} isn't taken")
    return Kind(extension, *((height, width) if turned else (width, height)))


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _from_network(address: str) -> bytes:
    try:
        answer = outbound.fetch(address, size_cap=LARGEST_FILE, seconds=SECONDS)
    except (outbound.AddressRefusedError, outbound.TooLargeError) as error:
        raise RefusedPictureError(str(error)) from error
    except outbound.OutboundError as error:
        raise NotThereYetError(str(error)) from error
    if answer.status != 200:
        raise NotThereYetError(f"{urlsplit(address).hostname} answered {answer.status}")
    return answer.body


def _from_folder(folder: Path, href: str) -> bytes:
    name = unquote(urlsplit(href).path).replace("\\", "/")
    if not PurePosixPath(name).name or "\x00" in name:
        raise RefusedPictureError(f"“{href[:200]}” names no file")
    for candidate in _candidates(folder, PurePosixPath(name)):
        content = _read_inside(folder, candidate)
        if content is not None:
            return content
    raise NotThereYetError(f"{PurePosixPath(name).name} isn't beside the copy")


def _candidates(folder: Path, name: PurePosixPath) -> list[Path]:
    """Give where the file may be: as named where that stays inside, then by its name."""
    inside = not name.is_absolute() and ".." not in name.parts
    as_named = [folder / name] if inside else []
    return [*as_named, *(folder / place / name.name for place in FOLDERS)]


def _read_inside(folder: Path, candidate: Path) -> bytes | None:
    """Read a file that really lies in the folder; links that lead out of it don't count."""
    try:
        real = candidate.resolve(strict=True)
        if not real.is_relative_to(folder.resolve(strict=True)):
            return None
        # Not a link put there since, nor a pipe that would make us wait.
        handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, RuntimeError, ValueError):
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        if status.st_size > LARGEST_FILE:
            raise RefusedPictureError(f"{status.st_size} bytes are too many")
        with open(handle, "rb", closefd=False) as file:
            return file.read(LARGEST_FILE + 1)
    finally:
        os.close(handle)
