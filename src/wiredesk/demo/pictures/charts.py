"""Graphics that look like maps and charts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PIL import ImageFont

from wiredesk.demo.pictures.canvas import SCALE, ink, mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas

COAST = (
    (1040.0, -20.0),
    (1010.0, 90.0),
    (1080.0, 180.0),
    (1030.0, 290.0),
    (1120.0, 360.0),
    (1060.0, 470.0),
    (980.0, 520.0),
    (1010.0, 640.0),
    (1110.0, 700.0),
    (1070.0, 820.0),
    (1150.0, 910.0),
    (1120.0, 1090.0),
)


def election_map(c: Canvas) -> None:
    c.wash(["#dfeaf0", "#c9dce6"])
    columns, rows = 6, 6
    corners = [
        [
            (
                250
                + x * 190
                + (0 if x in (0, columns) else c.random.uniform(-46, 46))
                + c.random.uniform(-14, 14),
                90
                + y * 150
                + (0 if y in (0, rows) else c.random.uniform(-36, 36))
                + c.random.uniform(-12, 12),
            )
            for x in range(columns + 1)
        ]
        for y in range(rows + 1)
    ]
    missing = {
        (0, 0),
        (5, 0),
        (5, 1),
        (0, 5),
        (1, 5),
        (5, 5),
        (0, 1),
        (4, 0),
        (0, 4),
        (5, 4),
        (2, 5),
    }
    for offset, shadow in ((14, True), (0, False)):
        for y in range(rows):
            for x in range(columns):
                if (x, y) in missing:
                    continue
                cell = [
                    corners[y][x],
                    corners[y][x + 1],
                    corners[y + 1][x + 1],
                    corners[y + 1][x],
                ]
                if shadow:
                    c.poly([(px + 8, py + offset) for px, py in cell], "#7d95a5", 0.4)
                else:
                    _precinct(c, cell, x, y)
    river = [
        (180.0, 150.0),
        (420.0, 260.0),
        (620.0, 330.0),
        (760.0, 470.0),
        (940.0, 540.0),
        (1090.0, 690.0),
        (1480.0, 760.0),
    ]
    c.line(river, "#ffffff", 22)
    c.line(river, "#6fb3d3", 14)
    for x, y in ((650, 410), (1010, 500), (840, 720)):
        c.disc(x, y, 16, "#ffffff")
        c.disc(x, y, 9, "#22303c")
    for index in range(5):
        c.rect(110 + index * 44, 960, 44, 30, mix("#f8e6c0", "#d9822b", index / 4))
        c.rect(370 + index * 44, 960, 44, 30, mix("#d3e8e4", "#1f7a74", index / 4))


def _precinct(c: Canvas, cell: list[tuple[float, float]], x: int, y: int) -> None:
    lean = math.sin(x * 1.3 + y * 0.7) + 0.5 * math.cos(y * 2.1 - x)
    share = min(1.0, abs(lean) / 1.2)
    first, last = ("#f8e6c0", "#d9822b") if lean > 0 else ("#d3e8e4", "#1f7a74")
    c.poly(cell, mix(first, last, 0.2 + 0.8 * share))
    c.line([*cell, cell[0]], "#ffffff", 5)


def forecast(c: Canvas) -> None:
    c.wash(["#8fc7dc", "#5fa6c6"])
    c.poly([*COAST, (-20, 1090), (-20, -20)], "#e9e2c4")
    c.poly([(x - 30, y) for x, y in COAST] + [(-20, 1090), (-20, -20)], "#d3dba6")
    for index, (x, y) in enumerate(
        ((180, 240), (260, 330), (330, 230), (420, 360), (220, 440), (350, 470))
    ):
        c.poly(
            [(x - 60, y + 50), (x, y - 60), (x + 60, y + 50)],
            ("#a8b07c", "#98a370")[index % 2],
        )
        c.poly([(x - 22, y - 20), (x, y - 60), (x + 22, y - 20), (x, y - 8)], "#f7f7f0")
    c.line([(300, 420), (480, 560), (700, 600), (860, 560), (1010, 640)], "#6fb3d3", 12)
    for ring in range(5):
        c.line(_ring(430, 790, 110 + ring * 62, 0.62), "#ffffff", 3, 0.85)
        c.line(_ring(1300, 260, 90 + ring * 70, 0.7), "#ffffff", 3, 0.85)
    front = [
        (1180.0 - 660 * t + 120 * math.sin(t * 3), 330.0 + 640 * t**1.2)
        for t in (s / 30 for s in range(31))
    ]
    c.line(front, "#2159a8", 11)
    for index in range(2, 30, 4):
        left, top = front[index]
        dx, dy = front[index + 1][0] - left, front[index + 1][1] - top
        length = math.hypot(dx, dy)
        dx, dy = dx / length, dy / length
        c.poly(
            [
                (left - dx * 26, top - dy * 26),
                (left + dx * 26, top + dy * 26),
                (left + dy * 46, top - dx * 46),
            ],
            "#2159a8",
        )
    for x, y, size in ((620, 160, 120), (820, 260, 100)):
        c.cloud(x, y, size, "#ffffff", 0.95)
        for drop in range(5):
            left = x + 30 + drop * size * 0.4
            c.line([(left, y + 46), (left - 16, y + 96)], "#2f86c9", 7)
    c.glow(180, 830, 120, "#fff0a8", 0.8)
    c.disc(180, 830, 54, "#f9c440")
    for ray in range(12):
        angle = ray * math.pi / 6
        c.line(
            [
                (180 + 70 * math.cos(angle), 830 + 70 * math.sin(angle)),
                (180 + 96 * math.cos(angle), 830 + 96 * math.sin(angle)),
            ],
            "#f9c440",
            9,
        )
    _letter(c, 430, 790, "H", "#b8402f")
    _letter(c, 1300, 260, "L", "#1f4f94")


def _ring(x: float, y: float, radius: float, flat: float) -> list[tuple[float, float]]:
    return [
        (
            x
            + radius * math.cos(step / 36 * math.tau) * (1 + 0.06 * math.sin(step / 4)),
            y + radius * flat * math.sin(step / 36 * math.tau),
        )
        for step in range(37)
    ]


def _letter(c: Canvas, x: float, y: float, letter: str, colour: str) -> None:
    c.disc(x, y, 54, colour)
    font = ImageFont.load_default(78 * SCALE)
    c.pen.text((x * SCALE, y * SCALE), letter, ink("#ffffff"), font, anchor="mm")


def budget_chart(c: Canvas) -> None:
    c.wash(["#f7f1e1", "#efe4c8"])
    for x in range(0, 1600, 50):
        c.rect(x, 0, 1.5, 1067, "#d9cfae", 0.5)
    for y in range(17, 1067, 50):
        c.rect(0, y, 1600, 1.5, "#d9cfae", 0.5)
    heights = (610, 596, 604, 560, 528, 470, 452, 390, 346)
    tops = []
    for index, height in enumerate(heights):
        x = 210 + index * 132
        colour = mix("#2f7f8f", "#d9513c", index / 8)
        c.rect(x + 10, 850 - height + 10, 92, height - 10, "#b9ab84", 0.5)
        c.rect(x, 850 - height, 92, height, colour, 1, 8)
        c.rect(x, 850 - height, 30, height, "#ffffff", 0.14, 8)
        tops.append((x + 46.0, 810.0 - height))
    c.rect(170, 846, 1240, 10, "#3f4750")
    c.line(tops, "#3f4750", 7)
    for left, top in tops:
        c.disc(left, top, 15, "#f7f1e1")
        c.disc(left, top, 9, "#3f4750")
    c.poly([(1120, 250), (1300, 130), (1480, 250)], "#a8453a")
    c.rect(1150, 250, 300, 150, "#c9694f")
    c.rect(1270, 300, 60, 100, "#fbf3e2")
    for x in (1176, 1360):
        c.rect(x, 284, 62, 60, "#9fd3e0")
    c.line([(1300, 130), (1300, 60)], "#3f4750", 6)
    c.poly([(1303, 62), (1370, 82), (1303, 100)], "#e2b23e")
    c.poly([(180, 960), (820, 930), (824, 972), (184, 1002)], "#f2b441")
    c.poly([(180, 960), (184, 1002), (110, 986)], "#f3dfb9")
    c.poly([(134, 978), (135, 990), (110, 986)], "#3f4750")
    c.poly([(820, 930), (824, 972), (886, 968), (882, 928)], "#d98a8f")
