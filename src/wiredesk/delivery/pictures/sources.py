"""What a template needs for ``<picture>``: addresses, sizes, words."""

from __future__ import annotations

from dataclasses import dataclass

from wiredesk.delivery.pictures.sizes import (
    WIDTHS,
    Shape,
    picture_path,
    size_of,
)
from wiredesk.stories.models import Picture

# Wide enough for a column on an ordinary screen, for a browser that takes no choice.
USUAL = 640


@dataclass(frozen=True, slots=True)
class PictureSources:
    """A picture as HTML asks for it; ``width`` and ``height`` are always set (pixels).

    ``avif``, ``webp`` and ``jpeg`` are values for ``srcset``, ``sizes`` for the attribute of that
    name, ``src`` is the JPEG for a browser that knows none of them.
    """

    src: str
    avif: str
    webp: str
    jpeg: str
    sizes: str
    width: int
    height: int
    alt: str


def picture_sources(
    picture: Picture,
    sizes: str = "100vw",
    *,
    alt: str | None = None,
    shape: Shape = Shape.WHOLE,
    most: int = WIDTHS[-1],
    desk: bool = False,
) -> PictureSources:
    """Give the addresses of a picture in each of its sizes up to ``most`` pixels wide.

    ``alt`` replaces the picture's own alternative text, where a story words it anew.
    ``desk`` gives addresses behind the desk's sign-in, for the preview of a draft.
    """
    offered = _offered(picture, shape, most)
    usual = min((w for w, _ in offered), key=lambda width: abs(width - USUAL))
    width, height = size_of(picture.width, picture.height, offered[-1][0], shape)

    def candidates(kind: str) -> str:
        return ", ".join(
            f"{picture_path(picture.pk, asked, kind, shape, desk=desk)} {actual}w"
            for asked, actual in offered
        )

    return PictureSources(
        src=picture_path(picture.pk, usual, "jpeg", shape, desk=desk),
        avif=candidates("avif"),
        webp=candidates("webp"),
        jpeg=candidates("jpeg"),
        sizes=sizes,
        width=width,
        height=height,
        alt=picture.description if alt is None else alt,
    )


def _offered(picture: Picture, shape: Shape, most: int) -> list[tuple[int, int]]:
    """Give (width asked for, width that comes back), up to the picture's own."""
    offered: list[tuple[int, int]] = []
    for asked in WIDTHS:
        actual, _ = size_of(picture.width, picture.height, asked, shape)
        if offered and (offered[-1][1] == actual or asked > most):
            break
        offered.append((asked, actual))
    return offered
