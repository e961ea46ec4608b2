"""A drawing surface for flat illustrations: soft skies, crisp shapes, no randomness.

Scenes are drawn in units of the finished picture (1600 by 1067) at twice that size and
halved at the end, which smooths every edge.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from PIL import Image, ImageColor, ImageDraw, ImageFilter

from wiredesk.demo.pictures.captions import HEIGHT, WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Point = tuple[float, float]
SCALE = 2
QUALITY = 82


def ink(colour: str, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """Give a hex colour with an opacity from 0 to 1."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue, round(alpha * 255)


def mix(first: str, second: str, share: float) -> str:
    """Give the colour ``share`` of the way from the first to the second."""
    pairs = zip(
        ImageColor.getrgb(first)[:3], ImageColor.getrgb(second)[:3], strict=True
    )
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """One picture being drawn."""

    def __init__(self, seed: str, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width = width
        self.height = height
        # Seeded by name, so a picture is the same on every machine; nothing secret.
        self.random = random.Random(seed)  # noqa: S311
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), "#ffffff")
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def save(self, path: Path) -> None:
        """Write the finished picture as a JPEG."""
        finished = self.image.reduce(SCALE)
        finished.save(path, "JPEG", quality=QUALITY, optimize=False, progressive=True)

    def wash(
        self, colours: Sequence[str], top: float = 0, bottom: float | None = None
    ) -> None:
        """Fill a band from edge to edge with a smooth run of colours, top to bottom."""
        bottom = self.height if bottom is None else bottom
        strip = Image.new("RGB", (1, 256))
        steps = len(colours) - 1
        for y in range(256):
            place = y / 255 * steps
            index = min(int(place), steps - 1)
            colour = mix(colours[index], colours[index + 1], place - index)
            strip.putpixel((0, y), ImageColor.getrgb(colour)[:3])
        size = (self.width * SCALE, max(1, round((bottom - top) * SCALE)))
        self.image.paste(
            strip.resize(size, Image.Resampling.BICUBIC), (0, round(top * SCALE))
        )

    def glow(
        self, x: float, y: float, radius: float, colour: str, alpha: float
    ) -> None:
        """Lay a soft round light on the picture."""
        side = round(radius * 2 * SCALE)
        fall = Image.radial_gradient("L").point(
            lambda value: round(max(0.0, 1 - value / 181) ** 2 * 255 * alpha)
        )
        mask = fall.resize((side, side), Image.Resampling.BICUBIC)
        corner = (round((x - radius) * SCALE), round((y - radius) * SCALE))
        self.image.paste(Image.new("RGB", (side, side), colour), corner, mask)

    def haze(self, colour: str, top: float, bottom: float, alpha: float) -> None:
        """Lay mist over a band, thickest in its middle."""
        rows = [math.sin(math.pi * y / 63) for y in range(64)]
        strip = Image.new("L", (1, 64))
        for y, share in enumerate(rows):
            strip.putpixel((0, y), round(share * alpha * 255))
        size = (self.width * SCALE, round((bottom - top) * SCALE))
        mask = strip.resize(size, Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", size, colour), (0, round(top * SCALE)), mask)

    def soften(self, radius: float) -> None:
        """Blur all that has been drawn so far, to set it back behind what comes."""
        small = self.image.reduce(4).filter(
            ImageFilter.GaussianBlur(radius * SCALE / 4)
        )
        self.image.paste(small.resize(self.image.size, Image.Resampling.BICUBIC))

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        alpha: float = 1.0,
        radius: float = 0,
    ) -> None:
        box = (x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1)
        if radius:
            self.pen.rounded_rectangle(box, radius * SCALE, ink(colour, alpha))
        else:
            self.pen.rectangle(box, ink(colour, alpha))

    def poly(self, points: Sequence[Point], colour: str, alpha: float = 1.0) -> None:
        self.pen.polygon(
            [(x * SCALE, y * SCALE) for x, y in points], ink(colour, alpha)
        )

    def oval(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        colour: str,
        alpha: float = 1.0,
    ) -> None:
        """Fill an ellipse around a centre; ``across`` and ``down`` are its radii."""
        box = (
            (x - across) * SCALE,
            (y - down) * SCALE,
            (x + across) * SCALE,
            (y + down) * SCALE,
        )
        self.pen.ellipse(box, ink(colour, alpha))

    def disc(
        self, x: float, y: float, radius: float, colour: str, alpha: float = 1.0
    ) -> None:
        self.oval(x, y, radius, radius, colour, alpha)

    def line(
        self, points: Sequence[Point], colour: str, width: float, alpha: float = 1.0
    ) -> None:
        self.pen.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            ink(colour, alpha),
            round(width * SCALE),
            joint="curve",
        )

    def slice(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        colour: str,
    ) -> None:
        """Fill a part of a disc; angles in degrees, clockwise from the right."""
        box = (
            (x - radius) * SCALE,
            (y - radius) * SCALE,
            (x + radius) * SCALE,
            (y + radius) * SCALE,
        )
        self.pen.pieslice(box, start, end, ink(colour))

    def ridge(
        self,
        base: float,
        rise: float,
        colour: str,
        waves: float = 2.0,
        phase: float = 0.0,
        rough: float = 0.0,
    ) -> None:
        """Draw a line of hills from edge to edge, filled to the bottom."""
        points: list[Point] = []
        for x in range(0, self.width + 9, 8):
            turn = x / self.width * math.tau * waves + phase
            height = math.sin(turn) * 0.6 + math.sin(turn * 2.3 + 1.3) * 0.3
            height += self.random.uniform(-rough, rough)
            points.append((x, base - rise * height))
        self.poly([*points, (self.width, self.height), (0, self.height)], colour)

    def ripples(
        self, top: float, bottom: float, colour: str, count: int, alpha: float = 0.5
    ) -> None:
        """Draw light strokes on water, longer the nearer they are."""
        for _ in range(count):
            share = self.random.random()
            y = top + (bottom - top) * share**1.4
            length = 18 + 130 * share * self.random.random()
            x = self.random.uniform(-40, self.width)
            height = 1.5 + 3.5 * share
            self.rect(x, y, length, height, colour, alpha, radius=height / 2)

    def cloud(
        self, x: float, y: float, size: float, colour: str, alpha: float = 0.9
    ) -> None:
        """Draw a flat-bottomed cloud whose left end is at ``x``."""
        self.rect(
            x, y - size * 0.22, size * 2.4, size * 0.44, colour, alpha, size * 0.22
        )
        self.slice_up(x + size * 0.75, y - size * 0.1, size * 0.45, colour, alpha)
        self.slice_up(x + size * 1.45, y - size * 0.1, size * 0.6, colour, alpha)

    def slice_up(
        self, x: float, y: float, radius: float, colour: str, alpha: float
    ) -> None:
        box = (
            (x - radius) * SCALE,
            (y - radius) * SCALE,
            (x + radius) * SCALE,
            (y + radius) * SCALE,
        )
        self.pen.pieslice(box, 180, 360, ink(colour, alpha))

    def stars(self, bottom: float, count: int) -> None:
        for _ in range(count):
            x, y = self.random.uniform(0, self.width), self.random.uniform(0, bottom)
            self.disc(x, y, self.random.choice((1, 1.4, 2.2)), "#fff7dd", 0.85)

    def windows(
        self,
        x: float,
        y: float,
        columns: int,
        rows: int,
        size: Point,
        step: Point,
        lit: str,
        dark: str,
        share: float = 0.5,
    ) -> None:
        """Draw a grid of windows, ``share`` of them lit."""
        for row in range(rows):
            for column in range(columns):
                colour = lit if self.random.random() < share else dark
                left, top = x + column * step[0], y + row * step[1]
                self.rect(left, top, size[0], size[1], colour)

    def fir(self, x: float, base: float, height: float, colour: str) -> None:
        """Draw a fir tree in three tiers."""
        self.rect(
            x - height * 0.025,
            base - height * 0.12,
            height * 0.05,
            height * 0.12,
            mix(colour, "#2b1a10", 0.6),
        )
        for tier, (low, high, half) in enumerate(
            ((0.08, 0.52, 0.22), (0.3, 0.76, 0.17), (0.54, 1.0, 0.115))
        ):
            shade = mix(colour, "#ffffff", 0.05 * tier)
            self.poly(
                [
                    (x - half * height, base - low * height),
                    (x + half * height, base - low * height),
                    (x, base - high * height),
                ],
                shade,
            )

    def tree(self, x: float, base: float, height: float, colour: str) -> None:
        """Draw a round tree, lit from the upper left."""
        trunk = height * 0.06
        self.rect(x - trunk / 2, base - height * 0.45, trunk, height * 0.45, "#5a3d2b")
        crown = base - height * 0.65
        self.disc(x, crown, height * 0.35, colour)
        self.disc(
            x - height * 0.1,
            crown - height * 0.1,
            height * 0.2,
            mix(colour, "#ffffff", 0.16),
        )
        self.disc(
            x + height * 0.2,
            crown + height * 0.12,
            height * 0.2,
            mix(colour, "#000000", 0.08),
        )
