"""Scenes indoors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas


def council_chamber(c: Canvas) -> None:
    c.wash(["#efe2c6", "#dcc79f"], 0, 720)
    for x in (130, 470, 810, 1150):
        c.rect(x, 70, 300, 480, "#c9ae80")
        c.rect(x + 16, 86, 268, 464, "#a9d6e3")
        c.slice(x + 150, 230, 0.5, 180, 360, "#a9d6e3")
        c.cloud(x + 50, 250, 60, "#ffffff", 0.85)
        c.tree(x + 190, 552, 200, "#7fae74")
        c.rect(x + 145, 86, 10, 464, "#f4ead3")
        c.rect(x + 16, 300, 268, 10, "#f4ead3")
        c.poly([(x - 26, 60), (x + 40, 60), (x + 14, 560), (x - 26, 580)], "#9c3b3a")
        c.poly(
            [(x + 326, 60), (x + 260, 60), (x + 286, 560), (x + 326, 580)], "#9c3b3a"
        )
    c.rect(0, 40, 1600, 26, "#8d6a44")
    c.wash(["#b8814f", "#8f5f38"], 700, 1067)
    c.poly([(0, 780), (1600, 780), (1600, 1067), (0, 1067)], "#8c4a42")
    for index in range(9):
        x = 190 + index * 152
        drop = 34 * ((index - 4) / 4) ** 2
        c.rect(x - 44, 470 + drop, 88, 190, "#4c3327", 1, 26)
        c.rect(x - 34, 484 + drop, 68, 110, "#7c2f35", 1, 18)
    points = [(60.0 + 14.8 * s, 620 + 46 * ((s - 50) / 50) ** 2) for s in range(101)]
    c.poly([*points, (1540, 900), (60, 900)], "#7d4f2f")
    c.line(points, "#b07a48", 22)
    for panel in range(9):
        x = 112 + panel * 156
        c.rect(x, 714, 122, 140, "#6a4227", 1, 6)
        c.rect(x + 10, 724, 102, 120, "#8b5a36", 1, 4)
    for index in range(9):
        x = 190 + index * 152
        drop = 44 * ((index - 4) / 4) ** 2
        c.line([(x, 628 + drop), (x + 8, 576 + drop)], "#2c2c30", 5)
        c.oval(x + 9, 572 + drop, 9, 13, "#2c2c30")
        c.rect(x - 42, 606 + drop, 46, 10, "#fbf7ea")
    c.disc(800, 785, 62, "#d9b25b")
    c.disc(800, 785, 50, "#2f5f7f")
    c.poly([(762, 800), (800, 752), (838, 800)], "#d9b25b")
    c.rect(680, 930, 240, 137, "#6a4227", 1, 8)
    c.poly([(660, 930), (940, 930), (910, 900), (690, 900)], "#a9714a")
    c.line([(800, 912), (800, 850)], "#2c2c30", 5)
    c.oval(800, 846, 9, 14, "#2c2c30")


def library(c: Canvas) -> None:
    c.wash(["#e9d8b8", "#d6bd92"], 0, 860)
    spines = (
        "#b8473d",
        "#2f6f7f",
        "#d99b3c",
        "#5b6f9c",
        "#7f8f4e",
        "#8d4a6b",
        "#e3d3ae",
        "#3f4c5c",
    )
    for left in (40, 1080):
        c.rect(left, 60, 480, 810, "#6b4429")
        for shelf in range(6):
            y = 84 + shelf * 130
            c.rect(left + 18, y, 444, 112, "#4a2d1b")
            x = left + 22.0
            while x < left + 438:
                width = c.random.uniform(14, 32)
                height = c.random.uniform(74, 106)
                colour = c.random.choice(spines)
                c.rect(x, y + 112 - height, width - 2, height, colour)
                c.rect(x + 3, y + 122 - height, width - 8, 5, "#f4e3b5", 0.7)
                x += width
            c.rect(left + 10, y + 112, 460, 14, "#8d5c38")
    c.rect(600, 240, 400, 560, "#f6ecd6")
    c.slice(800, 250, 200, 180, 360, "#f6ecd6")
    c.rect(622, 246, 356, 540, "#9fd3e6")
    c.slice(800, 250, 178, 180, 360, "#9fd3e6")
    c.cloud(660, 330, 80, "#ffffff")
    c.tree(700, 786, 260, "#76a867")
    c.tree(900, 786, 330, "#5f9560")
    c.rect(794, 74, 12, 712, "#f6ecd6")
    c.rect(622, 420, 356, 10, "#f6ecd6")
    c.rect(622, 610, 356, 10, "#f6ecd6")
    c.wash(["#a4693f", "#7b4a2a"], 860, 1067)
    c.poly([(560, 860), (1040, 860), (1240, 1067), (360, 1067)], "#fff3c4", 0.18)
    c.rect(430, 880, 740, 36, "#5b3722", 1, 8)
    c.rect(480, 910, 30, 157, "#4a2d1b")
    c.rect(1090, 910, 30, 157, "#4a2d1b")
    c.glow(990, 780, 210, "#fff0b5", 0.8)
    c.rect(984, 790, 12, 92, "#c9983f")
    c.poly([(910, 800), (950, 720), (1030, 720), (1070, 800)], "#2f7a5c")
    c.rect(950, 872, 80, 12, "#c9983f", 1, 6)
    c.poly([(600, 880), (720, 862), (730, 880)], "#f8f2e2")
    c.poly([(730, 880), (740, 862), (860, 880)], "#efe6d0")
    for index, colour in enumerate(("#b8473d", "#2f6f7f", "#d99b3c")):
        c.rect(500 + index * 6, 856 - index * 22, 90 - index * 8, 22, colour, 1, 4)


def theatre(c: Canvas) -> None:
    c.wash(["#1c2147", "#34396f", "#6a5a94"], 0, 1067)
    c.stars(560, 80)
    c.glow(920, 330, 330, "#ffe9b0", 0.7)
    c.disc(920, 330, 120, "#fff3cf")
    for x, y, radius in ((890, 300, 22), (960, 360, 16), (930, 280, 10)):
        c.disc(x, y, radius, "#ecd9a8")
    c.ridge(700, 60, "#2b2f5e", 1.5, 0.8)
    for index in range(9):
        x = 420 + index * 92
        height = 90 + index * 37 % 70
        c.rect(x, 760 - height, 80, height + 40, "#1d2049")
        c.poly(
            [(x - 6, 762 - height), (x + 40, 706 - height), (x + 86, 762 - height)],
            "#15183a",
        )
        c.windows(
            x + 16, 780 - height, 2, 1, (16, 20), (32, 30), "#ffd98c", "#343a6b", 0.6
        )
    c.wash(["#b9824e", "#7d4f2f"], 800, 930)
    for x in range(-200, 1900, 110):
        c.line([(800 + (x - 800) * 0.7, 800), (x, 930)], "#64401f", 3)
    c.poly([(800, 40), (560, 930), (1100, 930)], "#fff3c4", 0.14)
    c.oval(820, 880, 230, 34, "#fff0bd", 0.35)
    for fold in range(9):
        shade = mix("#c02f35", "#7b1a26", (fold % 3) / 2.4)
        width = 60 - fold * 2
        x = fold * 50
        sway = 90 - fold * 14
        c.poly(
            [
                (x, 0),
                (x + width, 0),
                (x + width - sway * (fold / 9), 560),
                (x + width - 10, 940),
                (x - 8, 940),
                (x - sway * (fold / 9), 560),
            ],
            shade,
        )
        x = 1600 - fold * 50
        c.poly(
            [
                (x, 0),
                (x - width, 0),
                (x - width + sway * (fold / 9), 560),
                (x - width + 10, 940),
                (x + 8, 940),
                (x + sway * (fold / 9), 560),
            ],
            shade,
        )
    for swag in range(8):
        c.slice(100 + swag * 200, 60, 118, 0, 180, ("#a8262f", "#c23a3d")[swag % 2])
        c.slice(100 + swag * 200, 60, 118, 70, 110, "#d95a4f")
    c.rect(0, 0, 1600, 66, "#8d1c28")
    c.rect(0, 62, 1600, 14, "#e3b653")
    c.rect(0, 925, 1600, 142, "#3a1d1c")
    for x in range(60, 1600, 148):
        c.glow(x, 930, 70, "#ffe9a8", 0.8)
        c.slice(x, 936, 22, 180, 360, "#fff3cf")
    for row in range(2):
        for seat in range(15 + row):
            x = seat * 112 - row * 56 + 20
            c.rect(x - 42, 990 + row * 44, 84, 90, ("#5b1620", "#74202a")[row], 1, 26)


def classroom(c: Canvas) -> None:
    c.wash(["#f3e7c9", "#e6d3a6"], 0, 780)
    c.rect(420, 130, 820, 400, "#9a6a40", 1, 8)
    c.rect(440, 150, 780, 360, "#2f5b4c")
    c.line([(500, 240), (640, 236), (790, 244)], "#e9f1e4", 5, 0.8)
    c.line([(500, 300), (720, 296)], "#e9f1e4", 5, 0.8)
    c.line([(960, 420), (1120, 420), (1120, 250), (960, 420)], "#f7e29a", 5, 0.9)
    c.disc(880, 300, 0.5, "#e9f1e4")
    c.line(
        [(510, 380), (560, 440), (620, 360), (690, 430), (760, 350)], "#f2b6a0", 5, 0.9
    )
    c.rect(420, 520, 820, 16, "#7d5432")
    c.rect(520, 508, 60, 12, "#f4f0e2")
    for x in (60, 1310):
        c.rect(x, 120, 230, 420, "#fbf6e8")
        c.rect(x + 14, 134, 202, 392, "#a5d8e8")
        c.cloud(x + 40, 260, 60, "#ffffff")
        c.rect(x + 108, 134, 12, 392, "#fbf6e8")
        c.rect(x + 14, 320, 202, 10, "#fbf6e8")
    c.poly([(60, 540), (290, 540), (760, 1067), (300, 1067)], "#fffbe0", 0.35)
    c.wash(["#c8955c", "#a26f3f"], 780, 1067)
    for x in range(-300, 1900, 130):
        c.line([(800 + (x - 800) * 0.72, 780), (x, 1067)], "#8a5b32", 3, 0.7)
    c.rect(1010, 610, 260, 190, "#8d5c38")
    c.rect(990, 596, 300, 24, "#b5804f")
    c.disc(1210, 520, 58, "#5fa9c4")
    c.poly([(1180, 490), (1220, 480), (1230, 520), (1200, 550), (1176, 520)], "#8fb35c")
    c.line([(1160, 500), (1172, 566), (1240, 580), (1266, 550)], "#c9983f", 6)
    c.rect(1196, 578, 30, 20, "#c9983f")
    c.disc(1060, 580, 18, "#d9443c")
    c.line([(1060, 564), (1066, 552)], "#5c7a3b", 4)
    for row in range(2):
        for desk in range(4):
            size = 1 + row * 0.28
            x, y = 90 + desk * 380 - row * 70, 770 + row * 140
            c.poly(
                [
                    (x, y + 40 * size),
                    (x + 36 * size, y),
                    (x + 230 * size, y),
                    (x + 266 * size, y + 40 * size),
                ],
                "#e0aa68",
            )
            c.rect(x, y + 40 * size, 266 * size, 16 * size, "#b98148")
            for leg in (12, 240):
                c.rect(x + leg * size, y + 56 * size, 12 * size, 100 * size, "#5b6670")
            colour = ("#d9513c", "#2f7f8f", "#f2b441", "#6f7fb5")[(desk + row) % 4]
            c.poly(
                [
                    (x + 90 * size, y + 26 * size),
                    (x + 106 * size, y + 8 * size),
                    (x + 176 * size, y + 8 * size),
                    (x + 168 * size, y + 26 * size),
                ],
                colour,
            )


def concert(c: Canvas) -> None:
    c.wash(["#6f5a4a", "#4c3a33"], 0, 700)
    c.rect(900, 60, 560, 520, "#8d6c4e")
    c.rect(920, 80, 520, 480, "#bfe0e4")
    c.wash(["#6f5a4a", "#4c3a33"], 0, 2)
    c.cloud(980, 220, 90, "#ffffff")
    c.poly(
        [
            (920, 560),
            (920, 440),
            (1060, 330),
            (1190, 430),
            (1310, 350),
            (1440, 460),
            (1440, 560),
        ],
        "#86a8a0",
    )
    for x in (960, 1050, 1330, 1400):
        c.fir(x, 560, 130, "#4f7a68")
    c.rect(1174, 80, 14, 480, "#8d6c4e")
    c.rect(920, 310, 520, 12, "#8d6c4e")
    for index, x in enumerate((110, 260, 410, 560, 710)):
        c.line([(x, 60), (x, 130)], "#2c221e", 4)
        _violin(c, x, 300, 0.42, 0, ("#9a5328", "#b5703a", "#c98a4b")[index % 3])
    c.rect(60, 54, 760, 14, "#3a2c25")
    c.poly([(920, 560), (1440, 560), (900, 1067), (160, 1067)], "#fff3c4", 0.12)
    c.wash(["#b5834f", "#8a5c33"], 680, 1067)
    for y in (760, 850, 960):
        c.rect(0, y, 1600, 4, "#75491f", 0.6)
    c.oval(790, 930, 520, 40, "#5c3a1c", 0.4)
    _violin(c, 760, 840, 1.25, 78, "#b5622d")
    c.line([(300, 990), (1320, 740)], "#5a2f1c", 12)
    c.line([(310, 1008), (1310, 766)], "#f2ead6", 4)
    for _ in range(26):
        left, top = c.random.uniform(60, 1540), c.random.uniform(960, 1050)
        c.slice(
            left,
            top,
            c.random.uniform(14, 30),
            c.random.uniform(0, 180),
            c.random.uniform(200, 330),
            "#e8c896",
        )
    for index, height in enumerate((130, 160, 110)):
        c.rect(
            1330 + index * 70,
            680 - height,
            14,
            height,
            ("#c9983f", "#d9513c", "#3f7f8f")[index],
        )
    c.rect(1300, 660, 240, 120, "#6a4227", 1, 8)


def _violin(c: Canvas, x: float, y: float, size: float, turn: float, wood: str) -> None:
    angle = math.radians(turn)

    def at(across: float, down: float) -> tuple[float, float]:
        sx, sy = across * size, down * size
        return (
            x + sx * math.cos(angle) - sy * math.sin(angle),
            y + sx * math.sin(angle) + sy * math.cos(angle),
        )

    outline = []
    for step in range(73):
        turn_at = math.radians(step * 5)
        waist = 1 - 0.36 * math.exp(-((math.cos(turn_at) * 190 - 14) ** 2) / 2200)
        width = (118 if math.cos(turn_at) < 0 else 96) * waist
        outline.append(at(math.sin(turn_at) * width, -math.cos(turn_at) * 190))
    c.poly(outline, mix(wood, "#000000", 0.3))
    c.poly([((px - x) * 0.94 + x, (py - y) * 0.94 + y) for px, py in outline], wood)
    c.poly([at(-14, -330), at(14, -330), at(20, 40), at(-20, 40)], "#2a1c18")
    c.poly(
        [at(-18, -400), at(18, -400), at(16, -326), at(-16, -326)],
        mix(wood, "#000000", 0.35),
    )
    c.disc(*at(0, -408), 24 * size, mix(wood, "#000000", 0.35))
    for peg in (-1, 1):
        for row in (-386, -352):
            c.line([at(0, row), at(40 * peg, row)], "#2a1c18", 8 * size)
    c.poly([at(-44, 74), at(44, 74), at(34, 88), at(-34, 88)], "#e8c896")
    c.poly([at(-24, 110), at(24, 110), at(14, 184), at(-14, 184)], "#2a1c18")
    for string in (-12, -4, 4, 12):
        c.line(
            [at(string * 0.6, -330), at(string, 74), at(string, 112)],
            "#f2e7d0",
            max(1.0, 2 * size),
        )
    for side in (-1, 1):
        c.line(
            [at(52 * side, 20), at(44 * side, 60), at(56 * side, 104)],
            "#2a1c18",
            7 * size,
        )
