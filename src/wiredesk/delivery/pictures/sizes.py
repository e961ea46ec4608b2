"""The sizes and formats a picture is given in, and where."""

from __future__ import annotations

import enum

# Pixels. A fixed list: an address nobody wrote can't make the machine draw.
WIDTHS = (320, 480, 640, 960, 1280, 1600)
LARGEST = WIDTHS[-1]
# AVIF at 55 looks like WebP at 80 and is a fifth smaller; drawing it takes up to a
# second, once.
_QUALITY = {
    "avif": "avifquality-55",
    "webp": "webpquality-80",
    "jpeg": "jpegquality-82",
}
CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg"}


class Shape(enum.Enum):
    """How a picture is cut: as it is, or to a ratio of width to height."""

    WHOLE = ""
    SQUARE = "1x1"
    CLASSIC = "4x3"
    WIDE = "16x9"

    @property
    def ratio(self) -> tuple[int, int] | None:
        """Width and height of the ratio; ``None`` for the whole picture."""
        if self is Shape.WHOLE:
            return None
        width, height = self.value.split("x")
        return int(width), int(height)


def height_for(width: int, shape: Shape) -> int:
    """Give the height that belongs to a width of a cut shape."""
    across, down = shape.ratio or (1, 1)
    return round(width * down / across)


def filter_spec(width: int, kind: str, shape: Shape = Shape.WHOLE) -> str:
    """Give the rendition's filter in Wagtail's words; ``bare`` drops all metadata."""
    cut = (
        f"width-{width}"
        if shape is Shape.WHOLE
        else f"fill-{width}x{height_for(width, shape)}"
    )
    return f"{cut}|format-{kind}|{_QUALITY[kind]}|bare"


def picture_path(
    picture_id: int,
    width: int,
    kind: str,
    shape: Shape = Shape.WHOLE,
    *,
    desk: bool = False,
) -> str:
    """Give the path of a picture in one size: ``/pictures/12/800.webp``.

    With ``desk`` the one behind the desk's sign-in, for previews of what isn't public.
    """
    root = "/desk/gated-pictures" if desk else "/pictures"
    cut = f"{shape.value}/" if shape.value else ""
    return f"{root}/{picture_id}/{cut}{width}.{kind}"


def size_of(
    width: int, height: int, wanted: int, shape: Shape = Shape.WHOLE
) -> tuple[int, int]:
    """Give width and height, in pixels, of a picture asked for ``wanted`` pixels wide.

    A picture is never blown up: a smaller one keeps its size.
    """
    if shape.ratio:
        across, down = shape.ratio
        fits = min(wanted, width, height * across // down)
        return fits, max(round(fits * down / across), 1)
    fits = min(wanted, width)
    return fits, max(int(height * fits / width), 1) if width else 1
