"""Scenes by river, bay and sea."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas


def river_bridge(c: Canvas) -> None:
    c.wash(["#2f3f73", "#9a5b7d", "#f39a5b", "#ffd38a"], 0, 640)
    c.glow(1090, 400, 430, "#fff0b8", 0.9)
    c.disc(1090, 400, 70, "#fff3c9")
    c.ridge(600, 50, "#7a4f70", 1.3, 0.4)
    c.ridge(630, 30, "#54406a", 2.1, 2.0)
    for x in range(20, 1600, 74):
        height = 46 + (x * 37 % 60)
        c.rect(x, 640 - height, 58, height, mix("#3d3157", "#54406a", (x % 5) / 5))
        c.windows(
            x + 10, 650 - height, 3, 2, (8, 10), (15, 20), "#ffd98a", "#4b3c63", 0.4
        )
    c.wash(["#f2a469", "#b0668a", "#41406f", "#242a52"], 640, 1067)
    c.ripples(655, 1060, "#ffe2a8", 170, 0.45)
    for x in (1040, 1090, 1140):
        c.rect(x - 14, 640, 28, 300, "#fff0b8", 0.13)
    _arches(c)


def _arches(c: Canvas) -> None:
    stone, shade = "#2b2444", "#1f1a35"
    c.rect(0, 520, 1600, 54, stone)
    c.rect(0, 508, 1600, 14, "#40365f")
    for middle in (200, 640, 1080, 1520):
        c.poly(
            [
                *(
                    (
                        middle + 190 * math.cos(a / 20 * math.pi),
                        790 - 205 * math.sin(a / 20 * math.pi),
                    )
                    for a in range(21)
                ),
                (middle - 225, 790),
                (middle - 225, 570),
                (middle + 225, 570),
                (middle + 225, 790),
            ],
            stone,
        )
        c.rect(middle + 190, 570, 60, 250, shade)
        c.rect(middle + 176, 806, 88, 26, "#171330")
    for x in range(60, 1600, 220):
        c.rect(x - 3, 430, 6, 80, "#1f1a35")
        c.glow(x, 428, 60, "#ffe6a3", 0.8)
        c.disc(x, 428, 9, "#fff6d6")


def river_flood(c: Canvas) -> None:
    c.wash(["#75838f", "#a9b2b5", "#cdd0c8"], 0, 620)
    for x, y, size in ((60, 150, 160), (620, 90, 200), (1120, 190, 150)):
        c.cloud(x, y, size, "#65727e", 0.7)
    c.ridge(560, 40, "#7d8f86", 1.5, 1.0)
    walls = ("#c9694f", "#e4c489", "#6f93a1")
    for index, x in enumerate((190, 600, 1010)):
        _house(c, x, 330, walls[index])
    c.wash(["#a58a66", "#7f6a50", "#5b4b3b"], 700, 1067)
    c.ripples(705, 1060, "#d8c3a0", 150, 0.4)
    for x in (210, 640, 1050, 1330):
        c.rect(x, 690, 170, 16, "#8b7556", 0.8, 8)
    for row, (start, count) in enumerate(((0, 13), (62, 12), (0, 13))):
        for index in range(count):
            left, top = start + index * 126 - 20, 985 - row * 46
            c.rect(
                left,
                top,
                130,
                52,
                ("#d9c08f", "#cdb381", "#e3cc9f")[(index + row) % 3],
                1,
                24,
            )
            c.rect(left + 10, top + 40, 110, 6, "#a68c5d", 0.6, 3)
    for _ in range(150):
        across, down = c.random.uniform(0, 1600), c.random.uniform(0, 900)
        c.line([(across, down), (across - 10, down + 34)], "#eef2f2", 1.6, 0.4)


def _house(c: Canvas, x: float, top: float, wall: str) -> None:
    c.rect(x, top, 330, 420, wall)
    c.poly([(x - 26, top), (x + 165, top - 150), (x + 356, top)], "#46414d")
    c.rect(x + 240, top - 150, 40, 100, "#6d4b44")
    for column in (40, 195):
        c.rect(x + column, top + 60, 95, 120, "#f3efe4")
        c.rect(
            x + column + 8, top + 68, 79, 104, "#ffe3a0" if column == 40 else "#58707d"
        )
        c.rect(x + column + 44, top + 68, 7, 104, "#f3efe4")
        c.rect(x + column - 6, top + 180, 107, 10, "#f3efe4")
    c.rect(x + 118, top + 240, 94, 180, "#3f4d57")
    c.rect(x, top + 330, 330, 90, "#5b4b3b", 0.22)


def harbour(c: Canvas) -> None:
    c.wash(["#8fd0e6", "#cfeef0", "#fdf3d6"], 0, 560)
    c.cloud(180, 150, 110, "#ffffff")
    c.cloud(980, 110, 140, "#ffffff")
    c.ridge(500, 60, "#8dbfae", 1.2, 0.8)
    roofs = ("#d9644a", "#b84a3e", "#e08a4d", "#8c5048")
    walls = ("#fff4dc", "#f7c978", "#f3a683", "#a9d5cf", "#f6e0b5")
    for index in range(13):
        x, height = index * 126 - 10, 150 + (index * 53 % 90)
        c.rect(x, 580 - height, 120, height, walls[index % 5])
        c.poly(
            [(x - 6, 580 - height), (x + 60, 510 - height), (x + 126, 580 - height)],
            roofs[index % 4],
        )
        c.windows(x + 18, 600 - height, 2, 2, (24, 34), (56, 62), "#4f7f8f", "#6d97a1")
        c.rect(x + 48, 534, 26, 46, "#6b4b3e")
    c.rect(0, 578, 1600, 24, "#b9a48a")
    c.wash(["#5fc0bf", "#2e97a4", "#166f86"], 602, 1067)
    c.ripples(612, 1060, "#d5f6ee", 190, 0.5)
    for x, y, size, hull in (
        (300, 780, 1.0, "#e3563f"),
        (760, 720, 0.75, "#27576b"),
        (1180, 860, 1.35, "#f2b441"),
        (1420, 710, 0.6, "#8c3b4a"),
    ):
        _sail(c, x, y, size, hull)


def _sail(c: Canvas, x: float, y: float, size: float, hull: str) -> None:
    c.poly(
        [
            (x - 110 * size, y),
            (x + 130 * size, y),
            (x + 84 * size, y + 46 * size),
            (x - 76 * size, y + 46 * size),
        ],
        hull,
    )
    c.rect(x - 110 * size, y - 6 * size, 240 * size, 10 * size, "#fff7e6")
    c.rect(x - 4 * size, y - 270 * size, 8 * size, 270 * size, "#7a5b45")
    c.poly(
        [
            (x + 10 * size, y - 258 * size),
            (x + 118 * size, y - 22 * size),
            (x + 10 * size, y - 22 * size),
        ],
        "#ffffff",
    )
    c.poly(
        [
            (x - 10 * size, y - 230 * size),
            (x - 92 * size, y - 22 * size),
            (x - 10 * size, y - 22 * size),
        ],
        "#f4ead7",
    )
    c.oval(x + 6 * size, y + 60 * size, 120 * size, 12 * size, "#0d5568", 0.35)


def lighthouse(c: Canvas) -> None:
    c.wash(["#101a3c", "#26386b", "#5b6ea0", "#e0a77c"], 0, 760)
    c.stars(480, 130)
    beam = (1010, 262)
    for spread, alpha in ((130, 0.12), (80, 0.16), (40, 0.22)):
        c.poly([beam, (-40, 262 - spread * 2.2), (-40, 262 + spread)], "#fff2b8", alpha)
        c.poly(
            [beam, (1640, 262 - spread * 0.7), (1640, 262 + spread * 1.2)],
            "#fff2b8",
            alpha,
        )
    c.wash(["#4d5f8f", "#253762", "#121c3d"], 760, 1067)
    c.ripples(770, 1060, "#b9c3e2", 150, 0.35)
    c.poly(
        [(700, 860), (800, 770), (900, 742), (1130, 738), (1290, 800), (1420, 880)],
        "#1a1d33",
    )
    c.poly([(900, 742), (1130, 738), (1210, 776), (1010, 790)], "#2d3152")
    for index in range(5):
        low, high = 745 - index * 84, 745 - (index + 1) * 84
        half_low, half_high = 76 - index * 7, 76 - (index + 1) * 7
        colour = "#d9463d" if index % 2 == 0 else "#f6efe2"
        c.poly(
            [
                (1010 - half_low, low),
                (1010 + half_low, low),
                (1010 + half_high, high),
                (1010 - half_high, high),
            ],
            colour,
        )
        c.poly(
            [
                (1010 + half_low * 0.3, low),
                (1010 + half_low, low),
                (1010 + half_high, high),
                (1010 + half_high * 0.3, high),
            ],
            "#000000",
            0.14,
        )
    c.rect(955, 306, 110, 20, "#2b2f45")
    c.rect(976, 228, 68, 78, "#ffe9a0")
    c.rect(1006, 228, 8, 78, "#2b2f45")
    c.poly([(962, 230), (1010, 176), (1058, 230)], "#b8362f")
    c.glow(1010, 264, 210, "#fff3bd", 0.9)
    c.rect(994, 660, 32, 60, "#2b2f45", 1, 14)
    c.rect(1160, 690, 130, 76, "#f1e6d2")
    c.poly([(1150, 692), (1225, 640), (1300, 692)], "#b8362f")
    c.rect(1210, 714, 26, 30, "#ffd98a")


def ferry(c: Canvas) -> None:
    c.wash(["#7ec4e8", "#c6e8f2", "#fbf1d8"], 0, 560)
    c.cloud(120, 130, 130, "#ffffff")
    c.cloud(1040, 200, 110, "#ffffff", 0.8)
    c.ridge(520, 60, "#8fb3b5", 1.1, 2.4)
    c.ridge(550, 34, "#5f918c", 1.8, 0.3)
    for x in range(40, 1600, 46):
        c.fir(x, 566 + (x % 3) * 6, 40 + x % 34, "#3f746b")
    c.wash(["#57b2cf", "#2480ab", "#135a85"], 575, 1067)
    c.ripples(585, 1060, "#e2f6fb", 200, 0.45)
    c.poly([(210, 720), (1400, 720), (1310, 846), (300, 846)], "#1f6e5a")
    c.rect(250, 812, 1100, 34, "#154a3e")
    c.rect(240, 610, 1120, 112, "#fbfaf3")
    c.rect(300, 640, 1000, 50, "#2b4250")
    for x in range(320, 1290, 70):
        c.rect(x, 640, 10, 50, "#fbfaf3")
    c.rect(360, 520, 860, 92, "#fbfaf3")
    for x in range(390, 1190, 58):
        c.disc(x, 566, 16, "#2f7f9e")
    c.rect(330, 600, 940, 12, "#1f6e5a")
    c.rect(470, 440, 240, 82, "#e8dfc4")
    c.rect(486, 456, 208, 34, "#2b4250")
    c.rect(900, 400, 110, 124, "#e9a13b")
    c.rect(900, 428, 110, 30, "#1f6e5a")
    for x, y, size in ((990, 350, 60), (1070, 300, 80)):
        c.cloud(x, y, size, "#f2f2f2", 0.6)
    c.line([(590, 440), (590, 360)], "#54636b", 6)
    c.poly([(593, 362), (650, 378), (593, 396)], "#d9463d")
    for x in range(260, 1360, 120):
        c.oval(x, 850, 90, 14, "#ffffff", 0.75)
    c.oval(800, 880, 640, 20, "#0e4b70", 0.3)


def storm_sea(c: Canvas) -> None:
    c.wash(["#2b3440", "#4b5a66", "#8a979b"], 0, 560)
    for x, y, size in (
        (-60, 120, 220),
        (330, 70, 250),
        (820, 150, 230),
        (1220, 90, 260),
    ):
        c.cloud(x, y, size, "#232b36", 0.75)
    c.glow(1150, 500, 320, "#dfe6da", 0.5)
    colours = ("#4f6e78", "#3d5d6a", "#2d4b5b", "#21394a", "#172a3a")
    for index, colour in enumerate(colours):
        base = 560 + index * 100
        points = []
        for x in range(-20, 1640, 10):
            turn = x / (170 + index * 46) + index * 1.9
            points.append(
                (
                    float(x),
                    base - ((1 - abs(math.sin(turn))) ** 1.4) * (70 + index * 26),
                )
            )
        c.poly([*points, (1640, 1067), (-20, 1067)], colour)
        c.line(points, "#dfe9e8", 3 + index * 1.6, 0.75)
        for left, top in points[:: 11 - index]:
            c.oval(left + 12, top + 16, 24 + index * 6, 5 + index, "#eaf2f0", 0.28)
    c.poly([(700, 470), (900, 448), (872, 510), (735, 520)], "#a8433a")
    c.rect(770, 400, 54, 62, "#f0e8d8")
    c.line([(830, 460), (842, 340)], "#d5d9d4", 5)
    for _ in range(240):
        left, top = c.random.uniform(0, 1700), c.random.uniform(-40, 1000)
        c.line([(left, top), (left - 36, top + 70)], "#e6eeee", 1.5, 0.3)


def wind_turbines(c: Canvas) -> None:
    c.wash(["#5fa9cf", "#a9d8e2", "#f7efcf"], 0, 640)
    c.glow(300, 560, 360, "#fff3c2", 0.8)
    c.cloud(900, 170, 120, "#ffffff", 0.85)
    c.cloud(240, 120, 90, "#ffffff", 0.8)
    c.wash(["#58a7a3", "#2f8184", "#17595f"], 640, 1067)
    c.ripples(648, 1060, "#d2f0e6", 200, 0.4)
    for x, base, size, turn in (
        (330, 690, 0.62, 10),
        (620, 670, 0.5, 50),
        (900, 720, 0.8, 80),
        (1210, 690, 0.62, 30),
        (1460, 660, 0.44, 100),
    ):
        _turbine(c, x, base, size, turn)
    c.poly([(420, 880), (760, 870), (700, 950), (480, 950)], "#d9513c")
    c.rect(420, 872, 342, 12, "#fff7e6")
    c.rect(480, 800, 110, 76, "#fff7e6")
    c.rect(494, 816, 82, 28, "#2d5d6b")
    c.line([(660, 872), (690, 740), (600, 800)], "#6b4b3e", 7)
    c.oval(600, 962, 210, 14, "#0e454a", 0.4)


def _turbine(c: Canvas, x: float, base: float, size: float, turn: float) -> None:
    hub = base - 560 * size
    c.poly(
        [
            (x - 17 * size, base),
            (x + 17 * size, base),
            (x + 8 * size, hub),
            (x - 8 * size, hub),
        ],
        "#f8f7f1",
    )
    c.poly(
        [
            (x + 4 * size, base),
            (x + 17 * size, base),
            (x + 8 * size, hub),
            (x + 2 * size, hub),
        ],
        "#cfd9d8",
    )
    c.rect(x - 24 * size, base - 30 * size, 48 * size, 40 * size, "#f2c23d")
    for blade in range(3):
        angle = math.radians(turn + blade * 120)
        tip = (x + 250 * size * math.cos(angle), hub + 250 * size * math.sin(angle))
        side = (
            x + 60 * size * math.cos(angle + 0.3),
            hub + 60 * size * math.sin(angle + 0.3),
        )
        c.poly([(x, hub), side, tip], "#ffffff")
    c.disc(x, hub, 15 * size, "#dfe6e4")


def port_cranes(c: Canvas) -> None:
    c.wash(["#f7a86b", "#fbd08f", "#fdecc8"], 0, 660)
    c.disc(1270, 330, 110, "#fff4d8")
    c.ridge(620, 26, "#d99a78", 1.4, 0.2)
    for x in (180, 700, 1180):
        _crane(c, x)
    colours = ("#d9513c", "#2e7f8f", "#f0b13c", "#55678f", "#8fae5d", "#b34a62")
    for row in range(4):
        for column in range(11 - row):
            if (row * 7 + column * 5) % 9 == 8:
                continue
            left, top = 330 + column * 92 + row * 20, 690 - row * 52
            colour = colours[(row * 3 + column * 5) % 6]
            c.rect(left, top, 88, 48, colour)
            for rib in range(4):
                c.rect(left + 12 + rib * 20, top + 6, 5, 36, "#000000", 0.12)
    c.rect(1360, 480, 120, 262, "#fbf7ec")
    c.windows(1374, 500, 3, 4, (22, 20), (36, 42), "#37515e", "#37515e")
    c.rect(1390, 430, 50, 54, "#d9513c")
    c.poly([(240, 740), (1540, 740), (1490, 880), (330, 880)], "#263a56")
    c.poly([(284, 812), (1514, 812), (1490, 880), (330, 880)], "#a63b34")
    c.wash(["#c98a6a", "#7a6a78", "#3d4a66"], 880, 1067)
    c.ripples(886, 1060, "#ffe3b8", 140, 0.4)


def _crane(c: Canvas, x: float) -> None:
    steel = "#37415c"
    for leg in (0, 170):
        c.rect(x + leg, 250, 20, 560, steel)
    c.line([(x + 10, 640), (x + 180, 420)], steel, 8)
    c.rect(x, 400, 190, 16, steel)
    c.rect(x - 190, 240, 560, 24, "#e2583e")
    c.poly([(x + 80, 240), (x + 110, 110), (x + 130, 110), (x + 150, 240)], steel)
    c.line([(x + 120, 114), (x - 170, 242)], steel, 5)
    c.line([(x + 120, 114), (x + 350, 242)], steel, 5)
    c.rect(x - 60, 264, 56, 40, "#f5efe0")
    c.line([(x - 32, 304), (x - 32, 430)], "#2a3147", 3)
    c.rect(x - 70, 430, 76, 14, "#2a3147")


def wetland(c: Canvas) -> None:
    c.wash(["#bcd8d4", "#f0e6c8", "#f7d9a8"], 0, 560)
    c.glow(1120, 400, 340, "#fff8dc", 0.9)
    c.disc(1120, 400, 58, "#fffbe8")
    c.ridge(520, 40, "#a7bfae", 1.2, 0.5)
    c.ridge(545, 24, "#86a596", 2.4, 1.9)
    c.haze("#fdf6e2", 430, 660, 0.75)
    c.wash(["#e9dcb6", "#a9c3ac", "#5c8a80"], 560, 1067)
    c.rect(1095, 570, 50, 330, "#fffbe8", 0.35)
    c.ripples(575, 1060, "#fdf7e0", 150, 0.5)
    _heron(c, 560, 800)
    for _ in range(150):
        x = c.random.choice((c.random.uniform(-20, 420), c.random.uniform(1180, 1620)))
        base, height = c.random.uniform(940, 1090), c.random.uniform(150, 420)
        lean = c.random.uniform(-40, 40)
        colour = c.random.choice(("#3e6b55", "#557f5c", "#2f5648", "#6f9160"))
        c.poly([(x, base), (x + 10, base), (x + lean, base - height)], colour)
        if c.random.random() < 0.3:
            c.oval(x + lean, base - height, 7, 30, "#6b4630")


def _heron(c: Canvas, x: float, y: float) -> None:
    for leg in (-14, 22):
        c.line(
            [(x + leg, y - 150), (x + leg + 6, y - 70), (x + leg - 4, y + 40)],
            "#5b5a4e",
            6,
        )
    c.poly(
        [
            (x - 190, y - 150),
            (x - 60, y - 260),
            (x + 60, y - 250),
            (x + 96, y - 190),
            (x + 20, y - 130),
            (x - 90, y - 134),
        ],
        "#6d8799",
    )
    c.poly(
        [(x - 190, y - 150), (x - 60, y - 220), (x + 10, y - 170), (x - 90, y - 134)],
        "#4a6375",
    )
    c.line(
        [(x + 74, y - 215), (x + 130, y - 290), (x + 92, y - 370), (x + 122, y - 440)],
        "#e9ece6",
        26,
    )
    c.oval(x + 132, y - 452, 36, 22, "#e9ece6")
    c.poly([(x + 120, y - 472), (x + 40, y - 484), (x + 130, y - 458)], "#2f4350")
    c.poly([(x + 158, y - 462), (x + 270, y - 444), (x + 158, y - 438)], "#e0a13c")
    c.disc(x + 142, y - 456, 5, "#1c2a33")
    c.oval(x + 4, y + 44, 120, 10, "#3f6a63", 0.35)
