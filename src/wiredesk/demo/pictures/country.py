"""Scenes of fields, hills and night skies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas


def wheat_field(c: Canvas) -> None:
    c.wash(["#5aa7d6", "#b5dcea", "#fbeec6"], 0, 560)
    for x, y, size in ((140, 170, 140), (700, 110, 110), (1180, 200, 160)):
        c.cloud(x, y, size, "#ffffff")
    c.ridge(520, 40, "#8fae8a", 1.4, 0.9)
    c.ridge(548, 20, "#a9b06a", 2.2, 2.0)
    c.wash(["#f1cf69", "#e0ac3f", "#b97a25"], 545, 1067)
    for index in range(-16, 17):
        near = 800 + index * 190
        far = 800 + index * 44
        c.poly(
            [(far, 548), (far + 9, 548), (near + 66, 1067), (near, 1067)],
            "#c98f30",
            0.45,
        )
    c.rect(1130, 400, 190, 150, "#b8402f")
    c.poly([(1116, 404), (1150, 340), (1225, 306), (1300, 340), (1334, 404)], "#5b4a4a")
    c.rect(1190, 460, 70, 90, "#f4e6cc")
    c.line([(1190, 460), (1260, 550)], "#b8402f", 6)
    c.line([(1260, 460), (1190, 550)], "#b8402f", 6)
    c.rect(1350, 350, 60, 200, "#c9cfd2")
    c.slice(1380, 350, 30, 180, 360, "#9aa5ab")
    for x, height in ((980, 120), (1050, 160), (1480, 140)):
        c.tree(x, 552, height, "#5c8f4a")
    for _ in range(120):
        left = c.random.uniform(-20, 1620)
        base = 1100
        length = c.random.uniform(150, 330)
        lean = c.random.uniform(-26, 40)
        stalk = c.random.choice(("#d99f35", "#c98a2a", "#e8b64d"))
        c.line(
            [
                (left, base),
                (left + lean * 0.5, base - length * 0.6),
                (left + lean, base - length),
            ],
            stalk,
            4,
        )
        for grain in range(6):
            top = base - length + grain * 15
            c.oval(left + lean - 7, top, 8, 11, mix(stalk, "#fff0b5", 0.35))
            c.oval(left + lean + 7, top + 6, 8, 11, stalk)


def train(c: Canvas) -> None:
    c.wash(["#79bfd9", "#cfe9e4", "#fbf0cf"], 0, 600)
    c.cloud(220, 140, 130, "#ffffff")
    c.cloud(1120, 180, 110, "#ffffff")
    c.ridge(520, 110, "#9cc0a6", 1.2, 0.5)
    c.ridge(590, 80, "#74a880", 1.7, 2.4)
    for x in range(30, 1600, 90):
        c.fir(x, 660 - 40 * math.sin(x / 260), 90 + x * 7 % 50, "#4d8163")
    c.poly([(0, 700), (1600, 700), (1600, 850), (0, 850)], "#7f9f58")
    c.poly([(0, 720), (1600, 720), (1600, 762), (0, 762)], "#8d7f70")
    for x in range(0, 1600, 34):
        c.rect(x, 722, 18, 14, "#5c4c41")
    c.rect(0, 716, 1600, 7, "#4c5159")
    for index, x in enumerate((-260, 130, 520)):
        _carriage(c, x, 520, "#c8453b", index)
    _engine(c, 910, 520)
    c.wash(["#9fbf62", "#779a48", "#557a38"], 800, 1067)
    for index in range(9):
        c.line([(index * 220 - 60, 800), (index * 330 - 560, 1067)], "#6b8f42", 12, 0.5)
    for _ in range(90):
        left, top = c.random.uniform(0, 1600), c.random.uniform(830, 1060)
        c.disc(
            left,
            top,
            c.random.uniform(3, 8),
            c.random.choice(("#f7d34f", "#ffffff", "#e8674f")),
        )


def _carriage(c: Canvas, x: float, y: float, red: str, index: int) -> None:
    c.rect(x, y, 376, 176, red, 1, 16)
    c.rect(x, y + 24, 376, 86, "#fbf1da")
    for window in range(6):
        c.rect(x + 22 + window * 57, y + 34, 44, 64, "#4f7b8e", 1, 6)
        c.poly(
            [
                (x + 26 + window * 57, y + 90),
                (x + 54 + window * 57, y + 38),
                (x + 64 + window * 57, y + 38),
                (x + 36 + window * 57, y + 90),
            ],
            "#ffffff",
            0.22,
        )
    c.rect(x + 10, y - 10, 356, 14, "#54575f", 1, 7)
    for wheel in (60, 116, 260, 316):
        c.disc(x + wheel, y + 186, 22, "#2c2f36")
        c.disc(x + wheel, y + 186, 9, "#8d939c")
    c.rect(x + 376, y + 140, 14, 14, "#2c2f36")


def _engine(c: Canvas, x: float, y: float) -> None:
    c.poly(
        [(x, y), (x + 380, y), (x + 500, y + 90), (x + 520, y + 176), (x, y + 176)],
        "#c8453b",
    )
    c.poly(
        [
            (x, y + 24),
            (x + 412, y + 24),
            (x + 500, y + 90),
            (x + 505, y + 110),
            (x, y + 110),
        ],
        "#fbf1da",
    )
    c.poly(
        [(x + 330, y + 34), (x + 400, y + 34), (x + 470, y + 90), (x + 330, y + 90)],
        "#3f6475",
    )
    for vent in range(4):
        c.rect(x + 40 + vent * 66, y + 40, 46, 52, "#d7c9ac", 1, 6)
        for slat in range(4):
            c.rect(x + 46 + vent * 66, y + 48 + slat * 11, 34, 4, "#a89b80")
    c.rect(x + 10, y - 10, 350, 14, "#54575f", 1, 7)
    for wheel in (60, 120, 330, 390):
        c.disc(x + wheel, y + 186, 24, "#2c2f36")
        c.disc(x + wheel, y + 186, 10, "#8d939c")
    c.glow(x + 512, y + 130, 70, "#fff3c0", 0.9)
    c.disc(x + 504, y + 132, 12, "#fff7d9")


def observatory(c: Canvas) -> None:
    c.wash(["#0c1233", "#1d2a5e", "#4a4f8c", "#9a7ba0"], 0, 900)
    c.stars(720, 340)
    for index in range(90):
        share = index / 89
        x = 100 + 1300 * share
        y = 640 - 560 * share + 40 * math.sin(share * 9)
        c.glow(x, y, 90 + 40 * math.sin(index), "#b9b6ea", 0.07)
    c.line([(1130, 190), (1380, 110)], "#ffffff", 3, 0.35)
    c.glow(1130, 190, 60, "#fff5d8", 0.9)
    c.disc(1130, 190, 7, "#ffffff")
    c.ridge(860, 120, "#2b2f62", 1.1, 0.4)
    c.ridge(940, 90, "#1c2149", 1.5, 2.3)
    c.poly([(300, 1067), (620, 800), (1060, 790), (1400, 1067)], "#12163a")
    c.rect(620, 640, 400, 190, "#e6e3ee")
    c.rect(860, 640, 160, 190, "#c3bfd6")
    c.rect(606, 626, 428, 22, "#8f8db2")
    c.slice(820, 630, 206, 180, 360, "#d9d7e6")
    c.slice(820, 630, 206, 290, 360, "#b4b1cd")
    c.poly([(786, 628), (830, 412), (884, 428), (866, 628)], "#141838")
    c.poly([(812, 580), (884, 380), (918, 392), (850, 596)], "#7f86b8")
    c.glow(830, 600, 90, "#ffd58a", 0.5)
    for x in (660, 730, 940):
        c.rect(x, 700, 36, 60, "#ffdf94")
    c.rect(806, 730, 50, 100, "#4d4a6b")
    for x in range(30, 1600, 66):
        if not 520 < x < 1120:
            c.fir(x, 1080, 150 + x * 11 % 90, "#0c1030")


def orchard(c: Canvas) -> None:
    c.wash(["#7fc4de", "#d7ecdf", "#fdf1cb"], 0, 520)
    c.cloud(980, 130, 130, "#ffffff")
    c.cloud(190, 170, 100, "#ffffff")
    c.ridge(420, 110, "#9fbfae", 1.1, 0.3)
    c.ridge(480, 70, "#7fa98d", 1.8, 2.0)
    c.wash(["#b5cf73", "#8db551", "#62903c"], 480, 1067)
    fruit = ("#e2483b", "#f2c23f", "#d94f45")
    for row in range(5):
        size = 120 + row * 62
        base = 560 + row * 118
        step = size * 1.12
        offset = (row % 2) * step / 2 - 60
        for index in range(int(1700 / step) + 2):
            x = offset + index * step
            c.oval(x, base + 4, size * 0.36, size * 0.06, "#4c7530", 0.5)
            c.tree(x, base, size, mix("#6fa053", "#3f7a42", row / 5))
            for spot in range(7):
                angle = spot * 0.9 + row
                reach = size * (0.12 + 0.16 * ((spot * 3) % 4) / 3)
                c.disc(
                    x + reach * math.cos(angle),
                    base - size * 0.65 + reach * math.sin(angle),
                    size * 0.035,
                    fruit[(spot + row + index) % 3],
                )
    c.poly([(1250, 1000), (1268, 1000), (1330, 640), (1314, 636)], "#a97c4f")
    c.poly([(1390, 1000), (1408, 1000), (1360, 636), (1344, 640)], "#a97c4f")
    for rung in range(7):
        y = 960 - rung * 46
        c.line([(1262 + rung * 8, y), (1396 - rung * 5.4, y)], "#c4966a", 8)
    c.poly([(1000, 940), (1180, 940), (1150, 1040), (1030, 1040)], "#b98a55")
    for index in range(9):
        c.disc(1024 + index * 17, 934 - (index % 3) * 12, 20, fruit[index % 3])


def mountain_road(c: Canvas) -> None:
    c.wash(["#7f9cc9", "#e3c3b8", "#ffe2a4"], 0, 620)
    c.glow(1180, 330, 340, "#fff6cf", 0.9)
    c.disc(1180, 330, 60, "#fffbe6")
    for base, peak, colour, snow in (
        (560, 300, "#a3a9cd", True),
        (660, 240, "#7f87b5", True),
        (760, 170, "#5d6a93", False),
    ):
        points = [(-20.0, 1067.0)]
        for index in range(10):
            height = base - peak * (0.3 + 0.7 * c.random.random()) * (
                1 if index % 2 else 0.25
            )
            points.append((index * 180.0 - 20, height))
        points.append((1620.0, 1067.0))
        c.poly(points, colour)
        if snow:
            for x, y in points[2:-1:2]:
                c.poly(
                    [
                        (x, y),
                        (x - 44, y + 62),
                        (x - 14, y + 50),
                        (x + 6, y + 72),
                        (x + 44, y + 60),
                    ],
                    "#f6f1f2",
                    0.9,
                )
    c.ridge(850, 60, "#41608a", 1.4, 0.6)
    c.ridge(900, 60, "#35566b", 1.1, 2.6)
    c.wash(["#4c7a68", "#355f52", "#234539"], 900, 1067)
    _winding(c)
    for x in (60, 140, 260, 1180, 1300, 1440, 1540):
        c.fir(x, 1040 - (x % 5) * 12, 240 + x % 90, "#24493f")


def _winding(c: Canvas) -> None:
    left, right, middle = [], [], []
    for step in range(61):
        share = step / 60
        y = 1070 - 360 * share
        x = 760 + 260 * math.sin(share * 8.2) * (1 - share * 0.75)
        half = 120 * (1 - share) ** 1.5 + 7
        left.append((x - half, y))
        right.append((x + half, y))
        middle.append((x, y))
    c.poly([*left, *right[::-1]], "#5b6474")
    c.line(left, "#e8e3d4", 4)
    c.line(right, "#e8e3d4", 4)
    for start in range(0, 46, 4):
        c.line(middle[start : start + 3], "#f4d774", max(2.0, 9 - start / 6))


def solar_farm(c: Canvas) -> None:
    c.wash(["#6fbbe0", "#c4e6ee", "#fdf3d0"], 0, 560)
    c.glow(330, 200, 240, "#fff4c4", 0.95)
    c.disc(330, 200, 70, "#ffe99b")
    c.cloud(700, 180, 110, "#ffffff")
    c.cloud(1260, 120, 120, "#ffffff")
    c.wash(["#4fa3bd", "#2f7f9f"], 520, 640)
    c.ripples(524, 630, "#dff4f4", 60, 0.5)
    c.ridge(620, 40, "#8fb868", 1.1, 2.0)
    c.wash(["#9cc46c", "#76a350", "#557f3b"], 650, 1067)
    for x, base, height in ((1230, 640, 330), (1400, 650, 260)):
        c.rect(x, base - height, 150, height, "#dfe5e6")
        c.rect(x + 90, base - height, 60, height, "#b9c5c9")
        c.oval(x + 75, base - height, 75, 22, "#eef2f2")
        for ring in range(4):
            c.rect(x, base - height + 50 + ring * 64, 150, 5, "#9fadb2")
    c.rect(1210, 636, 370, 18, "#7d8a8f")
    for row in range(4):
        size = 1 + row * 0.42
        top = 690 + row * 92
        for index in range(9):
            left = -60 + index * 168 * size - row * 40
            c.rect(left + 60 * size, top + 30 * size, 8 * size, 40 * size, "#5f6a6e")
            c.poly(
                [
                    (left, top + 46 * size),
                    (left + 26 * size, top - 16 * size),
                    (left + 150 * size, top - 16 * size),
                    (left + 124 * size, top + 46 * size),
                ],
                "#24477f",
            )
            for line in range(1, 5):
                shift = line * 25 * size
                c.line(
                    [
                        (left + shift, top + 46 * size),
                        (left + 26 * size + shift, top - 16 * size),
                    ],
                    "#7fa6d6",
                    1.6,
                )
            c.line(
                [
                    (left + 13 * size, top + 15 * size),
                    (left + 137 * size, top + 15 * size),
                ],
                "#7fa6d6",
                1.6,
            )
            c.poly(
                [
                    (left + 40 * size, top + 46 * size),
                    (left + 66 * size, top - 16 * size),
                    (left + 84 * size, top - 16 * size),
                    (left + 58 * size, top + 46 * size),
                ],
                "#ffffff",
                0.18,
            )


def forest(c: Canvas) -> None:
    c.wash(["#cfdcd8", "#e5e6d8", "#d5ddd0"], 0, 1067)
    c.glow(820, 330, 420, "#fffbe6", 0.9)
    layers = ("#b3c6bd", "#93ada3", "#6f9085", "#4c7066", "#2f5248")
    for index, colour in enumerate(layers):
        base = 620 + index * 105
        count = 30 - index * 5
        for tree in range(count):
            x = (tree + 0.5) * 1600 / count + c.random.uniform(-24, 24)
            if index > 2 and 600 < x < 1000:
                continue
            c.fir(x, base, 260 + index * 92 + c.random.uniform(-50, 60), colour)
        c.ridge(base, 16, mix(colour, "#a9b78a", 0.25), 1.6, index)
        if index < 4:
            c.haze("#edf1ea", base - 190, base + 70, 0.75)
    c.poly(
        [
            (690, 1067),
            (940, 1067),
            (850, 930),
            (806, 850),
            (822, 780),
            (800, 780),
            (772, 850),
            (780, 930),
        ],
        "#d8c7a4",
    )
    c.poly(
        [
            (690, 1067),
            (740, 1067),
            (800, 930),
            (790, 850),
            (806, 780),
            (800, 780),
            (772, 850),
            (780, 930),
        ],
        "#b9a581",
        0.6,
    )
    c.disc(826, 742, 13, "#3b3a42")
    c.rect(812, 756, 28, 50, "#d9513c", 1, 10)
    c.rect(816, 800, 8, 34, "#3b3a42")
    c.rect(829, 800, 8, 34, "#3b3a42")
