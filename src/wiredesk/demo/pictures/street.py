"""Scenes of shops, stalls, buses and streets at night."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas


def snow_street(c: Canvas) -> None:
    c.wash(["#1b2750", "#3b4f86", "#8391b9"], 0, 760)
    c.stars(330, 60)
    c.ridge(560, 130, "#5b6a9c", 1.2, 1.1)
    c.ridge(620, 80, "#7583ae", 1.9, 0.2)
    for index, x in enumerate(range(-60, 1600, 118)):
        c.fir(x + 40, 690, 150 + (index * 47 % 80), "#2e4468")
    walls = ("#b5543f", "#d9a353", "#5d7f8f", "#8e5d78", "#c97b4e")
    for index in range(5):
        x, height = 20 + index * 318, 250 + (index * 61 % 70)
        _snow_house(c, x, 800 - height, height, walls[index])
    c.wash(["#e9eefa", "#c3cee8", "#9fb0d6"], 790, 1067)
    c.poly([(640, 800), (960, 800), (1320, 1067), (280, 1067)], "#aab8dc")
    for side in (700, 900):
        lean = (side - 800) * 2.4
        c.line([(side, 800), (side + lean, 1067)], "#8fa0cc", 12, 0.8)
    for x in (150, 500, 1100, 1450):
        c.oval(x, 850, 170, 44, "#f4f7ff")
    for x in (420, 1180):
        c.rect(x - 5, 560, 10, 280, "#26304f")
        c.glow(x, 556, 150, "#ffe2a0", 0.8)
        c.disc(x, 556, 16, "#fff4d4")
        c.oval(x, 540, 24, 8, "#f4f7ff")
    for _ in range(260):
        left, top = c.random.uniform(0, 1600), c.random.uniform(0, 1067)
        c.disc(left, top, c.random.choice((2, 3, 4.4)), "#ffffff", 0.8)


def _snow_house(c: Canvas, x: float, top: float, height: float, wall: str) -> None:
    c.rect(x, top, 270, height, wall)
    c.poly([(x - 24, top + 6), (x + 135, top - 130), (x + 294, top + 6)], "#f2f5fd")
    c.poly(
        [(x + 10, top + 6), (x + 135, top - 96), (x + 260, top + 6)],
        mix(wall, "#000000", 0.15),
    )
    c.rect(x + 195, top - 120, 34, 70, "#5c4550")
    c.rect(x + 188, top - 128, 48, 14, "#f2f5fd")
    c.glow(x + 135, top + 90, 170, "#ffce73", 0.35)
    for left in (34, 166):
        c.rect(x + left, top + 50, 70, 84, "#ffdf94")
        c.rect(x + left + 31, top + 50, 6, 84, "#7a4d35")
        c.rect(x + left, top + 88, 70, 5, "#7a4d35")
        c.rect(x + left - 6, top + 134, 82, 12, "#f2f5fd")
    c.rect(x + 104, top + height - 110, 62, 110, "#43303a")


def market(c: Canvas) -> None:
    c.wash(["#2d3a6b", "#7a5c8e", "#e59a77"], 0, 760)
    c.stars(240, 50)
    for index in range(9):
        x, height = index * 186 - 30, 300 + index * 67 % 140
        wall = ("#4c4473", "#5a4a78", "#443d6a")[index % 3]
        c.rect(x, 700 - height, 176, height, wall)
        c.poly(
            [(x - 8, 700 - height), (x + 88, 620 - height), (x + 184, 700 - height)],
            "#352f59",
        )
        c.windows(
            x + 26, 730 - height, 3, 4, (26, 34), (50, 62), "#ffd98c", "#6a5b8a", 0.45
        )
    c.wash(["#8c6a7c", "#5d4a68"], 700, 1067)
    for start, sag in ((0, 70), (533, 90), (1066, 70)):
        points = [
            (start + t * 53.4, 250 + sag * math.sin(t / 10 * math.pi))
            for t in range(11)
        ]
        c.line(points, "#2a2549", 4)
        for left, top in points:
            c.glow(left, top + 12, 44, "#ffe29a", 0.8)
            c.disc(left, top + 12, 10, "#fff5d2")
    for index, stripe in enumerate(("#d94f45", "#2f8f86", "#e8a83a", "#5b6fb5")):
        _stall(c, 40 + index * 395, 560 + (index % 2) * 30, stripe, index)


def _stall(c: Canvas, x: float, y: float, stripe: str, kind: int) -> None:
    c.glow(x + 165, y + 160, 210, "#ffd98c", 0.55)
    c.rect(x + 10, y + 40, 12, 380, "#4a3546")
    c.rect(x + 308, y + 40, 12, 380, "#4a3546")
    c.rect(x, y + 230, 330, 180, "#7d5847")
    c.rect(x - 10, y + 216, 350, 24, "#a67a5a")
    for plank in range(5):
        c.rect(x + 4 + plank * 66, y + 244, 3, 164, "#5e4036")
    goods = (
        ("#e5483f", "#f2a93b"),
        ("#8fbf5a", "#f2d15a"),
        ("#c98a4b", "#e8bf7d"),
        ("#b9486a", "#f3e3cf"),
    )[kind]
    for row in range(2):
        for item in range(9 - row):
            c.disc(
                x + 34 + item * 33 + row * 16,
                y + 202 - row * 26,
                17,
                goods[(item + row) % 2],
            )
    for band in range(8):
        left = x - 20 + band * 46.25
        colour = stripe if band % 2 == 0 else "#fdf4e3"
        c.poly(
            [
                (left + 12, y - 30),
                (left + 50, y - 30),
                (left + 46.25, y + 60),
                (left, y + 60),
            ],
            colour,
        )
        c.slice(left + 23, y + 60, 23.2, 0, 180, colour)


def bakery(c: Canvas) -> None:
    c.wash(["#f4c9a0", "#f7dcb9"], 0, 1067)
    c.rect(0, 0, 1600, 900, "#3c6a68")
    for x in range(0, 1600, 200):
        c.rect(x, 0, 4, 900, "#31585a")
    c.rect(150, 300, 900, 480, "#f7ead0")
    c.rect(176, 326, 848, 428, "#ffcf7d")
    c.glow(600, 420, 440, "#fff0bd", 0.9)
    for shelf in (500, 640):
        c.rect(176, shelf, 848, 18, "#9a6a42")
    for index in range(7):
        c.oval(
            240 + index * 120, 470, 52, 34, ("#b8743a", "#c9863f", "#a7622f")[index % 3]
        )
        for cut in (-18, 0, 18):
            c.line(
                [(232 + index * 120 + cut, 452), (250 + index * 120 + cut, 480)],
                "#f0cf98",
                5,
            )
    for index in range(9):
        c.disc(226 + index * 94, 616, 32, ("#d99a4e", "#cf8a42")[index % 2])
        c.oval(220 + index * 94, 606, 14, 8, "#f3cf90")
    for index in range(5):
        x = 236 + index * 165
        c.rect(x, 700, 130, 44, "#c27d3e", 1, 22)
        c.oval(x + 65, 702, 52, 12, "#e6b26c")
    c.rect(1130, 330, 290, 570, "#284a4b")
    c.rect(1160, 370, 230, 290, "#ffd98f")
    c.rect(1270, 370, 10, 290, "#284a4b")
    c.disc(1370, 730, 13, "#e7b94d")
    for band in range(16):
        left = 110 + band * 86
        colour = "#d4554a" if band % 2 == 0 else "#fff6e6"
        c.rect(left, 170, 87, 130, colour)
        c.slice(left + 43, 300, 43, 0, 180, colour)
    c.rect(100, 150, 1396, 26, "#254346")
    c.wash(["#c9b79d", "#a9967f"], 900, 1067)
    for x in range(-60, 1660, 170):
        c.line([(x, 900), (x + (x - 800) * 0.3, 1067)], "#94826c", 4)
    c.rect(80, 880, 1440, 24, "#e0d0b5")
    _bicycle(c, 520, 900)


def _bicycle(c: Canvas, x: float, y: float) -> None:
    for wheel in (0, 230):
        c.disc(x + wheel, y + 20, 78, "#20282e")
        c.disc(x + wheel, y + 20, 69, "#b9a78f")
        for spoke in range(8):
            angle = spoke * math.pi / 8
            c.line(
                [
                    (x + wheel - 69 * math.cos(angle), y + 20 - 69 * math.sin(angle)),
                    (x + wheel + 69 * math.cos(angle), y + 20 + 69 * math.sin(angle)),
                ],
                "#6d6255",
                1.5,
            )
    red = "#c23b36"
    c.line(
        [
            (x, y + 20),
            (x + 60, y - 90),
            (x + 190, y - 90),
            (x + 100, y + 20),
            (x, y + 20),
        ],
        red,
        9,
    )
    c.line([(x + 100, y + 20), (x + 52, y - 110)], red, 9)
    c.line([(x + 230, y + 20), (x + 184, y - 130), (x + 214, y - 140)], red, 9)
    c.rect(x + 26, y - 122, 56, 14, "#2b2b2b", 1, 7)
    c.rect(x + 190, y - 96, 90, 56, "#b98a55", 1, 8)
    c.oval(x + 235, y - 98, 40, 14, "#d9a562")


def city_bus(c: Canvas) -> None:
    c.wash(["#141c3f", "#2c3c72", "#5a5f94"], 0, 760)
    c.stars(300, 70)
    for index in range(8):
        x, height = index * 205 - 20, 330 + index * 83 % 210
        c.rect(
            x, 760 - height, 196, height, ("#28315e", "#323a69", "#222a54")[index % 3]
        )
        c.windows(
            x + 24, 790 - height, 4, 6, (24, 32), (42, 62), "#ffd886", "#3d4676", 0.3
        )
    c.rect(0, 740, 1600, 60, "#4a4f72")
    c.wash(["#343a5c", "#22273f"], 800, 1067)
    for x in range(-40, 1640, 210):
        c.rect(x, 990, 120, 10, "#e9dca8", 0.8)
    body = "#2f7fb8"
    c.glow(780, 700, 600, "#ffe2a0", 0.3)
    c.rect(280, 480, 1020, 380, body, 1, 40)
    c.rect(280, 720, 1020, 20, "#f4efe0")
    c.rect(316, 526, 720, 150, "#ffe7a8", 1, 14)
    for pillar in range(1, 6):
        c.rect(316 + pillar * 120, 526, 16, 150, body)
    for index, x in enumerate((370, 500, 740, 860, 980)):
        tone = ("#6b4a5c", "#3f5570", "#7a5b46", "#44605a", "#5b4a70")[index]
        c.disc(x, 610, 24, tone)
        c.rect(x - 34, 632, 68, 44, tone, 1, 18)
    c.rect(1064, 526, 90, 300, "#ffe7a8", 1, 10)
    c.rect(1104, 526, 8, 300, body)
    c.rect(1180, 526, 100, 170, "#ffe7a8", 1, 14)
    c.rect(330, 494, 320, 24, "#152238", 1, 8)
    for dot in range(18):
        c.rect(346 + dot * 16, 500, 9, 12, "#ffb84a")
    for wheel in (480, 1120):
        c.disc(wheel, 860, 72, "#151a2c")
        c.disc(wheel, 860, 34, "#aab2c4")
    c.glow(1330, 800, 220, "#fff0bd", 0.9)
    c.rect(1282, 780, 24, 40, "#fff6d6", 1, 8)
    c.oval(800, 944, 540, 16, "#10142a", 0.5)


def fire_engine(c: Canvas) -> None:
    c.wash(["#241a2e", "#5b2e3a", "#b5533a"], 0, 822)
    c.glow(430, 380, 520, "#ffb347", 0.85)
    for x, y, size in ((260, 120, 170), (520, 60, 210), (60, 40, 190), (860, 130, 150)):
        c.cloud(x, y, size, "#1d1622", 0.55)
    c.rect(120, 330, 640, 490, "#4a2a2c")
    for row in range(16):
        c.rect(120, 340 + row * 30, 640, 3, "#3a2022")
    c.rect(660, 150, 70, 190, "#4a2a2c")
    for column in range(4):
        for row in range(2):
            x, y = 165 + column * 150, 400 + row * 190
            c.rect(x, y, 96, 120, "#ffd35e")
            _flame(c, x + 48, y + 120, 1.0 + 0.2 * ((column + row) % 2))
    c.wash(["#40394a", "#2a2636"], 820, 1067)
    c.rect(0, 816, 1600, 10, "#57506a")
    red = "#d23a34"
    c.rect(800, 560, 560, 270, red, 1, 18)
    c.rect(1330, 500, 210, 330, red, 1, 26)
    c.rect(1370, 540, 150, 120, "#a8d5df", 1, 10)
    c.poly([(1370, 660), (1470, 540), (1520, 540), (1420, 660)], "#ffffff", 0.3)
    c.rect(800, 740, 740, 18, "#fff4dc")
    c.rect(830, 600, 220, 120, "#b5b9c2", 1, 8)
    c.rect(1070, 600, 230, 120, "#b5b9c2", 1, 8)
    for slat in range(6):
        c.rect(830, 612 + slat * 18, 220, 4, "#8d929e")
        c.rect(1070, 612 + slat * 18, 230, 4, "#8d929e")
    c.poly([(820, 540), (1480, 470), (1484, 496), (824, 566)], "#dfe3e8")
    for rung in range(16):
        x = 840 + rung * 40
        c.line([(x, 540 - rung * 4.2), (x + 4, 562 - rung * 4.2)], "#6b7280", 4)
    c.glow(1440, 480, 130, "#6fb7ff", 0.9)
    c.rect(1400, 478, 80, 26, "#8fd0ff", 1, 10)
    for wheel in (930, 1180, 1430):
        c.disc(wheel, 836, 66, "#15131c")
        c.disc(wheel, 836, 30, "#c7ccd4")
    c.glow(1550, 740, 130, "#fff0bd", 0.8)
    points = [(820.0, 800.0), (700.0, 880.0), (560.0, 900.0), (500.0, 860.0)]
    c.line(points, "#d9c27a", 16)


def _flame(c: Canvas, x: float, base: float, size: float) -> None:
    for colour, scale in (("#f2742e", 1.0), ("#ffae3d", 0.68), ("#fff0a8", 0.36)):
        height, half = 190 * size * scale, 44 * size * scale
        c.poly(
            [
                (x - half, base),
                (x - half * 0.8, base - height * 0.45),
                (x - half * 0.2, base - height * 0.35),
                (x, base - height),
                (x + half * 0.5, base - height * 0.45),
                (x + half * 0.9, base - height * 0.6),
                (x + half, base),
            ],
            colour,
        )
