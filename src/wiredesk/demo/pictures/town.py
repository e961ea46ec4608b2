"""Scenes of streets and buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas


def courthouse(c: Canvas) -> None:
    c.wash(["#6db3d8", "#b9dfea", "#f4f1dc"], 0, 810)
    c.wash(["#b3c98e", "#8fae74"], 805, 1067)
    c.cloud(90, 180, 130, "#ffffff")
    c.cloud(1180, 130, 150, "#ffffff")
    for x in (90, 230, 1370, 1510):
        c.tree(x, 860, 330, "#5f9460")
    stone, shade = "#f3ead6", "#d8cbb0"
    c.rect(330, 430, 940, 400, shade)
    c.poly([(290, 430), (800, 210), (1310, 430)], stone)
    c.poly([(400, 410), (800, 242), (1200, 410)], shade)
    c.disc(800, 350, 44, stone)
    c.disc(800, 350, 34, "#b88a4a")
    c.rect(290, 428, 1020, 42, stone)
    c.rect(290, 466, 1020, 8, "#b9a988")
    c.rect(720, 590, 160, 240, "#5f4434")
    c.rect(795, 590, 10, 240, "#3f2c21")
    for index in range(6):
        x = 360 + index * 164
        c.rect(x, 490, 60, 330, stone)
        c.rect(x + 40, 490, 20, 330, "#ddd0b5")
        c.rect(x - 10, 474, 80, 20, stone)
        c.rect(x - 12, 810, 84, 22, stone)
    for step in range(6):
        c.rect(
            300 - step * 34,
            830 + step * 26,
            1000 + step * 68,
            26,
            mix("#efe5cf", "#bfae8c", step / 6),
        )
    c.wash(["#9bb57f", "#7f9f6b"], 986, 1067)
    c.rect(96, 960, 1408, 30, "#b3a283")


def school(c: Canvas) -> None:
    c.wash(["#8ccbe6", "#d8eff0", "#fdf5dd"], 0, 830)
    c.cloud(1080, 150, 140, "#ffffff")
    c.cloud(200, 110, 110, "#ffffff")
    brick, trim = "#c5604a", "#fbf3e2"
    c.rect(260, 430, 1060, 390, brick)
    for row in range(13):
        c.rect(260, 430 + row * 30, 1060, 3, "#a84e3b", 0.5)
    c.rect(240, 410, 1100, 28, trim)
    c.rect(650, 330, 280, 490, mix(brick, "#ffffff", 0.08))
    c.poly([(620, 332), (790, 220), (960, 332)], "#4d5566")
    c.rect(750, 120, 80, 120, trim)
    c.rect(768, 150, 44, 62, "#7d8ea0")
    c.poly([(736, 124), (790, 66), (844, 124)], "#4d5566")
    c.slice(790, 190, 16, 180, 360, "#e2b23e")
    c.disc(790, 300, 0.1, trim)
    for x in (300, 420, 540, 950, 1070, 1190):
        for y in (480, 650):
            c.rect(x, y, 84, 112, trim)
            c.rect(x + 7, y + 7, 70, 98, "#7fb6c9")
            c.rect(x + 39, y + 7, 6, 98, trim)
            c.poly(
                [(x + 7, y + 105), (x + 7, y + 60), (x + 62, y + 7), (x + 77, y + 7)],
                "#ffffff",
                0.25,
            )
    c.disc(790, 410, 46, trim)
    c.disc(790, 410, 38, "#ffffff")
    c.line([(790, 410), (790, 382)], "#33404f", 5)
    c.line([(790, 410), (812, 418)], "#33404f", 5)
    c.rect(720, 620, 140, 200, "#3f6f62")
    c.rect(787, 620, 6, 200, "#2c5048")
    c.wash(["#a9c77e", "#86ad64"], 820, 960)
    c.poly([(720, 820), (860, 820), (980, 960), (600, 960)], "#e5d9bd")
    c.rect(0, 940, 1600, 127, "#6e7480")
    for x in range(30, 1600, 160):
        c.rect(x, 1000, 86, 8, "#f4eccb")
    c.tree(130, 890, 380, "#6f9f55")
    _bus(c, 1020, 770, "#f2b632", "#4a5560")


def _bus(c: Canvas, x: float, y: float, body: str, glass: str) -> None:
    c.rect(x, y, 440, 170, body, 1, 26)
    c.rect(x + 26, y + 26, 300, 62, glass, 1, 8)
    c.rect(x + 352, y + 26, 66, 92, glass, 1, 8)
    for pillar in range(1, 5):
        c.rect(x + 26 + pillar * 60, y + 26, 10, 62, body)
    c.rect(x, y + 108, 340, 10, mix(body, "#000000", 0.5))
    for wheel in (90, 350):
        c.disc(x + wheel, y + 170, 42, "#2d333b")
        c.disc(x + wheel, y + 170, 19, "#c9ccd0")
    c.disc(x + 430, y + 134, 9, "#fff3c4")
    c.oval(x + 220, y + 214, 240, 9, "#000000", 0.2)


def skyline(c: Canvas) -> None:
    c.wash(["#5d6fb0", "#b889b5", "#f7b28a", "#ffe3a8"], 0, 900)
    c.glow(860, 640, 460, "#fff0c0", 0.9)
    c.disc(860, 640, 96, "#fff6dc")
    layers = (
        ("#b98fb0", 620, 90, 340),
        ("#8870a5", 720, 110, 430),
        ("#56508c", 830, 130, 470),
    )
    for index, (colour, base, width, tallest) in enumerate(layers):
        x = -30.0 - index * 20
        while x < 1620:
            height = tallest * (0.35 + 0.65 * c.random.random())
            across = width * (0.7 + 0.6 * c.random.random())
            c.rect(x, base - height + 120, across, height + 300, colour)
            if c.random.random() < 0.3:
                c.poly(
                    [
                        (x, base - height + 121),
                        (x + across / 2, base - height + 50),
                        (x + across, base - height + 121),
                    ],
                    colour,
                )
            if c.random.random() < 0.25:
                c.rect(x + across / 2 - 3, base - height + 30, 6, 100, colour)
            if index > 0:
                columns = max(1, int(across // 26) - 1)
                rows = max(1, int(height // 40) - 1)
                c.windows(
                    x + 14,
                    base - height + 145,
                    columns,
                    rows,
                    (11, 15),
                    (25, 38),
                    "#ffe09a",
                    mix(colour, "#ffffff", 0.1),
                    0.4,
                )
            x += across + 4
    c.haze("#ffdcae", 560, 900, 0.35)
    c.wash(["#6b5f98", "#3d3b72", "#2a2a58"], 900, 1067)
    c.ripples(905, 1060, "#ffdca0", 130, 0.4)


def hospital(c: Canvas) -> None:
    c.wash(["#7cc1dd", "#d3ecef", "#faf4de"], 0, 855)
    c.cloud(120, 170, 120, "#ffffff")
    c.cloud(1240, 120, 120, "#ffffff")
    c.rect(250, 330, 640, 520, "#f7f8f5")
    c.rect(250, 330, 640, 24, "#d5dedd")
    c.windows(290, 390, 8, 5, (54, 50), (74, 88), "#79b4c4", "#5d9bb0", 0.5)
    c.rect(890, 480, 520, 370, "#e8efed")
    c.rect(890, 480, 520, 20, "#2f8f86")
    for floor in range(3):
        c.rect(912, 530 + floor * 100, 476, 58, "#5aa0b4")
        for pane in range(1, 8):
            c.rect(912 + pane * 60, 530 + floor * 100, 7, 58, "#e8efed")
        c.poly(
            [
                (912, 588 + floor * 100),
                (1010, 530 + floor * 100),
                (1060, 530 + floor * 100),
                (962, 588 + floor * 100),
            ],
            "#ffffff",
            0.25,
        )
    c.rect(420, 290, 300, 44, "#c6d2d2")
    c.rect(390, 280, 360, 14, "#4d5c66")
    _helicopter(c, 560, 170)
    c.rect(500, 700, 150, 150, "#3f5967")
    c.rect(450, 680, 250, 24, "#d94a43")
    c.disc(570, 480, 62, "#ffffff")
    c.rect(555, 436, 30, 88, "#d94a43")
    c.rect(526, 465, 88, 30, "#d94a43")
    c.wash(["#9fc27e", "#7ea764"], 850, 960)
    c.poly([(500, 850), (650, 850), (820, 960), (380, 960)], "#e0dccd")
    c.rect(0, 950, 1600, 117, "#737b86")
    c.rect(0, 1004, 1600, 8, "#f2ead0", 0.8)
    for x, height in ((110, 300), (1480, 330), (1330, 200)):
        c.tree(x, 900, height, "#5f9d68")
    c.rect(960, 880, 210, 100, "#fbfbf7", 1, 14)
    c.rect(960, 926, 210, 14, "#d94a43")
    c.rect(1120, 894, 40, 34, "#52707d")
    for wheel in (1006, 1124):
        c.disc(wheel, 980, 24, "#2b3138")


def _helicopter(c: Canvas, x: float, y: float) -> None:
    c.line([(x + 50, y + 10), (x + 190, y - 6)], "#e8b23c", 18)
    c.poly([(x + 180, y - 40), (x + 206, y - 40), (x + 196, y + 14)], "#e8b23c")
    c.oval(x, y + 10, 92, 50, "#e8b23c")
    c.slice(x - 18, y + 6, 52, 170, 275, "#5d8794")
    c.rect(x - 4, y - 60, 8, 30, "#4d5c66")
    c.oval(x, y - 62, 200, 5, "#4d5c66", 0.8)
    c.rect(x - 84, y + 82, 168, 8, "#4d5c66")
    c.line([(x - 40, y + 50), (x - 48, y + 84)], "#4d5c66", 6)
    c.line([(x + 40, y + 50), (x + 48, y + 84)], "#4d5c66", 6)


def water_tower(c: Canvas) -> None:
    c.wash(["#4b5fa0", "#c27f9a", "#f9b57c", "#ffe1a6"], 0, 860)
    c.glow(330, 700, 400, "#fff0bd", 0.8)
    c.ridge(760, 70, "#8a6a92", 1.2, 0.7)
    c.ridge(810, 44, "#6a5585", 2.0, 2.2)
    steel, shade = "#e9edf0", "#b7c3cc"
    for leg in (-170, -70, 70, 170):
        c.line([(900 + leg * 0.72, 470), (900 + leg * 1.25, 930)], "#5c6a80", 14)
    for y, reach in ((600, 150), (760, 185)):
        c.line([(900 - reach, y), (900 + reach, y)], "#5c6a80", 9)
        c.line([(900 - reach, y), (900 + reach + 16, y + 150)], "#5c6a80", 5)
        c.line([(900 + reach, y), (900 - reach - 16, y + 150)], "#5c6a80", 5)
    c.rect(884, 480, 32, 450, "#74829a")
    c.poly([(680, 400), (1120, 400), (1040, 500), (760, 500)], shade)
    c.rect(670, 230, 460, 180, steel)
    c.rect(960, 230, 170, 180, shade)
    c.rect(660, 400, 480, 16, "#7d8a9c")
    c.poly([(660, 234), (900, 110), (1140, 234)], "#cf5a48")
    c.poly([(900, 110), (1140, 234), (980, 234)], "#a9453a")
    c.rect(670, 290, 460, 44, "#3f7f9f")
    c.disc(900, 104, 12, "#cf5a48")
    for index in range(9):
        x, height = index * 186 - 40, 110 + index * 41 % 70
        c.rect(
            x,
            940 - height,
            160,
            height + 130,
            ("#4a4068", "#564a73", "#413860")[index % 3],
        )
        c.poly(
            [(x - 14, 942 - height), (x + 80, 860 - height), (x + 174, 942 - height)],
            "#352e55",
        )
        c.windows(
            x + 30, 970 - height, 2, 1, (34, 38), (64, 60), "#ffd98c", "#6b5f8c", 0.6
        )
    c.rect(0, 1010, 1600, 57, "#2f2a4d")


def statehouse(c: Canvas) -> None:
    c.wash(["#68aed6", "#bfe2ec", "#fbf3da"], 0, 940)
    c.cloud(160, 200, 130, "#ffffff")
    c.cloud(1190, 150, 150, "#ffffff")
    stone, shade, dark = "#f4eee0", "#dcd2bc", "#b8ab90"
    c.rect(180, 560, 1240, 300, stone)
    c.rect(180, 546, 1240, 20, shade)
    c.windows(220, 610, 8, 2, (40, 76), (58, 112), "#6f93a5", "#5f8496", 0.5)
    c.windows(960, 610, 8, 2, (40, 76), (58, 112), "#6f93a5", "#5f8496", 0.5)
    c.rect(660, 470, 280, 110, shade)
    for column in range(9):
        c.rect(668 + column * 31, 476, 14, 96, stone)
    c.slice(800, 470, 150, 180, 360, "#c99a3b")
    c.slice(800, 470, 150, 290, 360, "#a87d2b")
    for rib in (-80, -30, 30, 80):
        c.line([(800 + rib * 0.3, 326), (800 + rib * 1.5, 468)], "#e3bb63", 4)
    c.rect(640, 462, 320, 18, stone)
    c.rect(772, 262, 56, 66, stone)
    c.slice(800, 264, 34, 180, 360, "#c99a3b")
    c.line([(800, 236), (800, 130)], "#6c6f76", 5)
    c.poly([(803, 134), (896, 150), (803, 186)], "#2f6fa3")
    c.poly([(803, 150), (850, 158), (803, 168)], "#f2c84b")
    c.poly([(620, 580), (800, 500), (980, 580)], stone)
    c.poly([(660, 572), (800, 512), (940, 572)], shade)
    c.rect(640, 580, 320, 280, shade)
    for column in range(6):
        c.rect(652 + column * 54, 590, 28, 250, stone)
    c.rect(770, 690, 60, 170, "#5c4632")
    for step in range(5):
        c.rect(
            600 - step * 30,
            846 + step * 18,
            400 + step * 60,
            18,
            mix(stone, dark, step / 5),
        )
    c.wash(["#9dc17a", "#77a35d"], 930, 1067)
    c.rect(180, 856, 420, 80, "#9dc17a")
    c.rect(1000, 856, 420, 80, "#9dc17a")
    c.rect(0, 856, 200, 80, "#9dc17a")
    c.rect(1400, 856, 200, 80, "#9dc17a")
    c.poly([(480, 936), (1120, 936), (1300, 1067), (300, 1067)], "#e8dfc8")
    for x in (70, 210, 350, 1250, 1390, 1530):
        c.tree(x, 960, 240, "#4f8a55")


def mill(c: Canvas) -> None:
    c.wash(["#93bcca", "#dbe6da", "#f8ead0"], 0, 820)
    for x, y, size in ((470, 150, 110), (560, 90, 150), (1060, 110, 130)):
        c.cloud(x, y, size, "#f4f1ea", 0.8)
    c.ridge(620, 90, "#87a894", 1.2, 0.6)
    c.ridge(670, 50, "#678f79", 2.2, 1.7)
    brick, dark = "#b05a45", "#8d4536"
    for x in (420, 560):
        c.poly([(x, 560), (x + 8, 210), (x + 62, 210), (x + 70, 560)], dark)
        c.rect(x + 2, 200, 66, 18, "#6b352b")
        c.rect(x + 6, 250, 58, 10, "#e6c7a8", 0.6)
    c.rect(230, 500, 1090, 320, brick)
    for row in range(11):
        c.rect(230, 508 + row * 29, 1090, 3, dark, 0.4)
    for tooth in range(6):
        x = 230 + tooth * 182
        c.poly([(x, 500), (x, 420), (x + 182, 500)], "#5d6874")
        c.poly([(x + 6, 496), (x + 6, 434), (x + 60, 458), (x + 60, 496)], "#bfe0e6")
    for column in range(11):
        for row in range(2):
            x, y = 262 + column * 96, 560 + row * 122
            c.rect(x, y, 58, 84, "#f1dfc6")
            c.rect(x + 5, y + 5, 48, 74, "#557c8a")
            c.rect(x + 27, y + 5, 4, 74, "#f1dfc6")
            c.rect(x + 5, y + 40, 48, 4, "#f1dfc6")
    c.wash(["#8fb9b4", "#5d929a", "#3a6f7e"], 810, 1067)
    c.rect(0, 800, 1600, 20, "#7c7464")
    c.rect(0, 880, 1600, 26, "#e9f3ee", 0.9)
    for x in range(0, 1600, 26):
        c.rect(x, 890, 12, 56 + (x * 13 % 30), "#eaf5f1", 0.65, 6)
    c.ripples(950, 1060, "#e6f4f0", 80, 0.5)
    for x, height in ((90, 300), (1450, 330), (1560, 260)):
        c.tree(x, 830, height, "#5b8f5b")
