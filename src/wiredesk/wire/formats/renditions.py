"""Which of a picture's files is the one for a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiredesk.wire.items import Rendition

WIDE_ENOUGH = 1200

_WEB_TYPES = frozenset(
    [
        "image/jpeg",
        "image/jpg",
        "image/pjpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
    ]
)
_WEB_ENDING = re.compile(r"\.(jpe?g|png|gif|webp|avif)(?=[?#]|\Z)", re.IGNORECASE)
_OTHER_ENDING = re.compile(
    r"\.(tiff?|psd|eps|svg|pdf|raw|dng|mp4|mov|m3u8|mp3|wav|html?|xml|json|zip)"
    r"(?=[?#]|\Z)",
    re.IGNORECASE,
)
_SMALL = re.compile(r"thumb|small|icon|square", re.IGNORECASE)
_MIDDLE = re.compile(r"preview|medium|mid|view|web|base", re.IGNORECASE)
_MARKED = re.compile(r"watermark|comp\b", re.IGNORECASE)


_BESIDE = re.compile(r"(?!.*\.\.)[\w\-][\w\-./ ]{0,300}\Z")


def file_beside(written: str | None) -> str | None:
    """Give a relative file name of a picture that arrives beside its item, or ``None``.

    Only downwards from the item's own folder, and only what browsers show.
    """
    name = (written or "").strip()
    return name if _BESIDE.match(name) and _WEB_ENDING.search(name) else None


def is_for_web(rendition: Rendition) -> bool:
    """Tell whether browsers show the file: by its media type, else by its name."""
    if rendition.mime:
        mime = rendition.mime.partition(";")[0].strip().lower()
        if mime in _WEB_TYPES:
            return True
        if mime.startswith("image/") and mime not in ("image/*", "image/unknown"):
            return False
        if not mime.startswith("image/") and mime != "application/octet-stream":
            return False
    if _WEB_ENDING.search(rendition.href):
        return True
    return not _OTHER_ENDING.search(rendition.href)


def best(renditions: Iterable[Rendition]) -> Rendition | None:
    """Give the file to show: the smallest that is wide enough, else the widest.

    Where no width is given the name decides: the full picture, then what is called a
    preview, thumbnails last. A file marked with a watermark comes after all others.
    ``None``: there is no file browsers show.
    """
    shown = [rendition for rendition in renditions if is_for_web(rendition)]
    return min(shown, key=_rank, default=None)


def _rank(rendition: Rendition) -> tuple[int, int, int]:
    words = f"{rendition.name or ''} {rendition.href.rpartition('/')[2][:200]}"
    marked = 1 if _MARKED.search(words) else 0
    width = rendition.width
    if width is None:
        name = rendition.name or ""
        if _SMALL.search(name):
            return (marked, 4, 0)
        return (marked, 2 if _MIDDLE.search(name) else 1, 0)
    if width >= WIDE_ENOUGH:
        return (marked, 0, width)
    return (marked, 3, -width)
