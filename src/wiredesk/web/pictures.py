"""A picture as a page shows it: the file by its gated address, and the words to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wiredesk.delivery.pictures.sizes import Shape
from wiredesk.delivery.pictures.sources import PictureSources, picture_sources

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.stories.models import Picture, StoryPicture


class PagePicture(Protocol):
    """What templates ask of a picture, from the library or from the style guide."""

    @property
    def caption(self) -> str:
        """The words below it."""

    @property
    def credit(self) -> str:
        """Who made it."""

    def sources(
        self, sizes: str, shape: Shape, most: int, alt: str | None
    ) -> PictureSources:
        """Give what ``<picture>`` needs; ``alt`` "" where it only repeats the words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the library on a page. ``desk``: a preview, with addresses behind the sign-in."""

    picture: Picture
    alt: str = ""
    caption: str = ""
    credit: str = ""
    desk: bool = False

    def sources(
        self, sizes: str, shape: Shape, most: int, alt: str | None
    ) -> PictureSources:
        """Give the gated addresses; see ``PagePicture``."""
        return picture_sources(
            self.picture,
            sizes,
            alt=self.alt if alt is None else alt,
            shape=shape,
            most=most,
            desk=self.desk,
        )


def show(
    picture: Picture | None,
    now: datetime,
    *,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    desk: bool = False,
) -> Shown | None:
    """Give ``picture`` to be shown, or ``None`` where there is none that may be."""
    if picture is None or not picture.is_shown(now):
        return None
    return Shown(
        picture,
        alt=alt or picture.description,
        caption=caption or picture.caption,
        credit=credit or picture.credit,
        desk=desk,
    )


def show_use(use: StoryPicture, now: datetime, *, desk: bool = False) -> Shown | None:
    """Give a story's use of a picture, with the words the story has for it."""
    return show(
        use.picture,
        now,
        alt=use.alt,
        caption=use.caption,
        credit=use.credit,
        desk=desk,
    )
