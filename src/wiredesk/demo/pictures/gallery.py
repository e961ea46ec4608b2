"""All the demo's pictures by name, and the one call that draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.demo.pictures import charts, country, grounds, rooms, street, town, water
from wiredesk.demo.pictures.canvas import Canvas
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.pictures.portraits import draw_portraits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def scene(name: str) -> Callable[[Canvas], None]:
    """Give the function that draws a picture. Raises ``KeyError`` for an unknown name."""
    if name not in CAPTIONS:
        raise KeyError(name)
    for module in (water, town, street, country, rooms, grounds, charts):
        drawn: Callable[[Canvas], None] | None = getattr(
            module, name.replace("-", "_"), None
        )
        if drawn is not None:
            return drawn
    raise KeyError(name)


def draw(name: str, folder: Path) -> Path:
    """Draw one picture as ``<name>.jpg`` in ``folder`` and give its path."""
    canvas = Canvas(name)
    scene(name)(canvas)
    path = folder / f"{name}.jpg"
    canvas.save(path)
    return path


def draw_all(
    folder: Path, progress: Callable[[int, int], None] | None = None
) -> list[Path]:
    """Draw every picture and portrait into ``folder``; what is there already stays.

    ``progress`` is called with how many of how many photo slots are done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for done, name in enumerate(CAPTIONS, 1):
        path = folder / f"{name}.jpg"
        paths.append(path if path.exists() else draw(name, folder))
        if progress is not None:
            progress(done, len(CAPTIONS))
    return paths + draw_portraits(folder)
