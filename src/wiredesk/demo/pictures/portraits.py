"""Portraits of people who don't exist, and marks for the agencies' desks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import Canvas, mix

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 640


@dataclass(frozen=True, slots=True)
class Face:
    """The few choices that make one illustrated person differ from another."""

    ground: str
    skin: str
    hair: str
    style: str
    coat: str
    shirt: str
    glasses: bool = False
    beard: bool = False


FACES = (
    Face("#f2b87a", "#8a5a3c", "#241a1c", "curls", "#2f5d73", "#f7efe0"),
    Face("#8fc3d6", "#f0c6a2", "#c98b45", "short", "#3d4a66", "#e9eef2", beard=True),
    Face("#d98f88", "#6f452e", "#1d1718", "wrap", "#5b3a5e", "#f4d27a", glasses=True),
    Face("#a9cf9a", "#f3cdb0", "#b5502f", "short", "#2f6b57", "#ffffff"),
    Face("#e6cf8b", "#c68f63", "#2b2226", "scarf", "#8d3f4a", "#f2e7d5"),
    Face("#b7a6d6", "#d9a37a", "#3a241c", "long", "#c9503f", "#fff4e0"),
    Face("#7fb7ad", "#e9bd98", "#7d7f86", "bald", "#4f4437", "#d9c7a0", glasses=True),
    Face("#f0a99a", "#f2d0ad", "#1f1c22", "bob", "#275a7a", "#f4efe6"),
)


def draw_portraits(folder: Path) -> list[Path]:
    """Draw the eight portraits and the three desks' marks; give their paths."""
    paths = []
    for number, face in enumerate(FACES, 1):
        canvas = Canvas(f"portrait-{number}", SIDE, SIDE)
        _person(canvas, face)
        paths.append(folder / f"portrait-{number}.jpg")
        canvas.save(paths[-1])
    for name, draw in _DESKS.items():
        canvas = Canvas(name, SIDE, SIDE)
        draw(canvas)
        paths.append(folder / f"desk-{name}.jpg")
        canvas.save(paths[-1])
    return paths


def _person(c: Canvas, face: Face) -> None:
    c.wash([mix(face.ground, "#ffffff", 0.35), face.ground])
    c.disc(320, 330, 270, "#ffffff", 0.16)
    shade = mix(face.skin, "#3a1f1a", 0.22)
    _hair_behind(c, face)
    c.poly(
        [(40, 640), (74, 540), (210, 478), (430, 478), (566, 540), (600, 640)],
        face.coat,
    )
    c.poly([(238, 476), (402, 476), (352, 640), (288, 640)], face.shirt)
    c.poly(
        [(238, 470), (208, 486), (270, 600), (306, 560)],
        mix(face.coat, "#ffffff", 0.14),
    )
    c.poly(
        [(402, 470), (432, 486), (370, 600), (334, 560)],
        mix(face.coat, "#000000", 0.14),
    )
    c.rect(268, 380, 104, 120, shade, 1, 40)
    c.oval(320, 288, 112, 138, face.skin)
    for side in (-1, 1):
        if face.style not in ("scarf", "long", "bob"):
            c.oval(320 + side * 112, 296, 20, 30, face.skin)
    _hair_front(c, face)
    _features(c, face, shade)


def _features(c: Canvas, face: Face, shade: str) -> None:
    for side in (-1, 1):
        x = 320 + side * 44
        c.oval(x, 290, 9, 11, "#2a1f22")
        c.disc(x + 3, 286, 3, "#ffffff", 0.9)
        c.line(
            [(x - 22, 262), (x, 255), (x + 22, 262)], mix(face.hair, "#2a1f22", 0.4), 7
        )
        c.oval(x + side * 22, 336, 22, 14, "#e0685a", 0.22)
    c.line([(322, 292), (312, 332), (328, 336)], shade, 6)
    if face.beard:
        c.slice(320, 336, 94, 12, 168, mix(face.hair, "#000000", 0.05))
        c.oval(320, 356, 50, 24, mix(face.hair, "#000000", 0.05))
    c.slice(320, 358, 34, 10, 170, "#fdf6ee" if face.beard else "#a8473f")
    c.slice(320, 354, 26, 10, 170, "#fff8f0")
    if face.glasses:
        for side in (-1, 1):
            ring = [
                (320 + side * 46 + 36 * math.cos(a / 6), 290 + 31 * math.sin(a / 6))
                for a in range(39)
            ]
            c.line(ring, "#2f2a33", 6)
        c.line([(310, 286), (330, 286)], "#2f2a33", 6)


def _hair_behind(c: Canvas, face: Face) -> None:
    dark = mix(face.hair, "#000000", 0.2)
    if face.style == "long":
        c.rect(180, 220, 280, 330, dark, 1, 110)
    elif face.style == "bob":
        c.rect(184, 180, 272, 236, dark, 1, 90)
    elif face.style == "curls":
        for step in range(11):
            angle = math.pi * (0.95 + step * 0.11)
            c.disc(
                320 + 132 * math.cos(angle), 250 + 120 * math.sin(angle), 56, face.hair
            )
    elif face.style == "scarf":
        c.oval(320, 300, 158, 186, mix(face.coat, "#ffffff", 0.12))
        c.rect(200, 400, 240, 130, mix(face.coat, "#ffffff", 0.06), 1, 50)


def _hair_front(c: Canvas, face: Face) -> None:
    if face.style == "bald":
        c.slice(214, 290, 26, 90, 270, face.hair)
        c.slice(426, 290, 26, 270, 450, face.hair)
        return
    if face.style == "scarf":
        c.slice(320, 262, 126, 186, 354, mix(face.coat, "#ffffff", 0.12))
        return
    if face.style == "wrap":
        c.slice(320, 246, 128, 176, 364, "#e2a63b")
        c.oval(320, 130, 88, 58, "#e2a63b")
        for lean in (-60, 0, 60):
            c.line([(320 + lean, 236), (320 + lean * 0.4, 110)], "#b5502f", 9)
        return
    c.slice(320, 250, 124, 180, 360, face.hair)
    if face.style == "short":
        c.poly(
            [(198, 252), (240, 180), (420, 172), (442, 252), (404, 214), (262, 222)],
            face.hair,
        )
        c.oval(300, 160, 92, 44, face.hair)
    elif face.style == "bob":
        c.poly(
            [(196, 256), (196, 226), (444, 226), (444, 256), (400, 240), (240, 240)],
            face.hair,
        )
        c.rect(190, 236, 34, 150, face.hair, 1, 16)
        c.rect(416, 236, 34, 150, face.hair, 1, 16)
    elif face.style == "long":
        c.poly(
            [(196, 256), (300, 150), (444, 256), (400, 250), (310, 196), (236, 266)],
            face.hair,
        )
        c.rect(184, 240, 36, 250, face.hair, 1, 18)
        c.rect(420, 240, 36, 250, face.hair, 1, 18)
    else:
        for step in range(7):
            c.disc(
                220 + step * 33, 196 - 22 * math.sin(step / 6 * math.pi), 40, face.hair
            )


def _meridian(c: Canvas) -> None:
    c.wash(["#1d4f6b", "#123248"])
    for reach in (60, 120, 180):
        ring = [
            (320 + reach * math.sin(a / 20), 320 - 190 * math.cos(a / 20))
            for a in range(127)
        ]
        c.line(ring, "#f2c766", 10)
    for y in (220, 320, 420):
        half = math.sqrt(190**2 - (y - 320) ** 2)
        c.line([(320 - half, y), (320 + half, y)], "#f2c766", 8)
    c.line([(320, 90), (320, 550)], "#ffffff", 14)


def _halyard(c: Canvas) -> None:
    c.wash(["#b53d34", "#7d2430"])
    c.rect(196, 110, 16, 430, "#f8efdc")
    c.poly([(216, 124), (500, 210), (216, 296)], "#f8efdc")
    c.poly([(216, 316), (410, 370), (216, 424)], "#f2c766")
    c.disc(204, 104, 20, "#f2c766")
    c.rect(150, 540, 340, 16, "#f8efdc", 1, 8)


def _lodestar(c: Canvas) -> None:
    c.wash(["#2b2a5c", "#15163a"])
    c.stars(640, 40)
    for turn, reach, colour in ((0, 220, "#f7e3a1"), (math.pi / 4, 120, "#c9b8ee")):
        points = []
        for step in range(8):
            radius = reach if step % 2 == 0 else 38
            angle = turn + step * math.pi / 4
            points.append(
                (320 + radius * math.sin(angle), 320 - radius * math.cos(angle))
            )
        c.poly(points, colour)
    c.disc(320, 320, 22, "#ffffff")


_DESKS = {"meridian": _meridian, "halyard": _halyard, "lodestar": _lodestar}
