"""Places where games are played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wiredesk.demo.pictures.canvas import mix

if TYPE_CHECKING:
    from wiredesk.demo.pictures.canvas import Canvas


def ice_rink(c: Canvas) -> None:
    c.wash(["#1b2440", "#2b3963"], 0, 420)
    for row in range(7):
        for seat in range(66):
            x, y = seat * 25 + (row % 2) * 12, 70 + row * 46
            tone = c.random.choice(
                ("#e2b23e", "#d9513c", "#f4ead7", "#3f7fa0", "#6b5a8c", "#24305a")
            )
            c.disc(x, y, 10, mix(tone, "#1b2440", 0.35))
            c.rect(x - 11, y + 10, 22, 22, mix(tone, "#1b2440", 0.55), 1, 8)
    for x in (260, 800, 1340):
        c.glow(x, 0, 330, "#dff1ff", 0.55)
    c.rect(0, 400, 1600, 90, "#f4f7fa")
    c.rect(0, 400, 1600, 14, "#d9443c")
    c.rect(0, 474, 1600, 18, "#e8c23f")
    c.wash(["#dceef7", "#f4fafd", "#cfe6f2"], 490, 1067)
    c.poly([(770, 490), (830, 490), (880, 1067), (720, 1067)], "#d9443c", 0.75)
    c.poly([(330, 490), (370, 490), (120, 1067), (50, 1067)], "#2f6fb3", 0.75)
    c.poly([(1230, 490), (1270, 490), (1550, 1067), (1480, 1067)], "#2f6fb3", 0.75)
    c.oval(800, 760, 320, 120, "#2f6fb3", 0.7)
    c.oval(800, 760, 308, 112, "#eef7fb")
    c.poly([(772, 640), (828, 640), (846, 880), (754, 880)], "#d9443c", 0.6)
    for _ in range(60):
        left, top = c.random.uniform(0, 1600), c.random.uniform(520, 1060)
        c.line(
            [
                (left, top),
                (left + c.random.uniform(40, 150), top + c.random.uniform(-26, 26)),
            ],
            "#b3d3e3",
            2,
            0.6,
        )
    _skater(c, 560, 560, "#e0a83a", "#24305a", 1)
    _skater(c, 1060, 540, "#3f7fa0", "#f4f7fa", -1)
    c.oval(826, 872, 26, 10, "#15181f")


def _skater(c: Canvas, x: float, y: float, shirt: str, trim: str, way: int) -> None:
    c.oval(x, y + 366, 130, 16, "#9fc3d6", 0.6)
    c.poly(
        [
            (x - 40 * way, y + 190),
            (x + 30 * way, y + 190),
            (x + 70 * way, y + 340),
            (x + 26 * way, y + 346),
            (x - 10 * way, y + 250),
            (x - 80 * way, y + 344),
            (x - 122 * way, y + 330),
        ],
        trim,
    )
    c.rect(x + (20 if way > 0 else -100), y + 340, 80, 16, "#15181f", 1, 6)
    c.rect(x - (140 if way > 0 else -70), y + 330, 80, 16, "#15181f", 1, 6)
    c.poly(
        [
            (x - 62 * way, y + 40),
            (x + 40 * way, y + 30),
            (x + 56 * way, y + 200),
            (x - 56 * way, y + 206),
        ],
        shirt,
    )
    c.poly(
        [
            (x - 58 * way, y + 120),
            (x + 50 * way, y + 112),
            (x + 52 * way, y + 140),
            (x - 57 * way, y + 148),
        ],
        trim,
    )
    c.poly(
        [
            (x + 10 * way, y + 56),
            (x + 50 * way, y + 44),
            (x + 150 * way, y + 170),
            (x + 124 * way, y + 190),
        ],
        mix(shirt, "#000000", 0.12),
    )
    c.disc(x + 140 * way, y + 182, 24, "#2c2f36")
    c.line(
        [(x + 110 * way, y + 140), (x + 220 * way, y + 324), (x + 290 * way, y + 330)],
        "#7a5233",
        14,
    )
    c.disc(x + 8 * way, y - 6, 46, "#e2b48f")
    c.slice(x + 6 * way, y - 12, 52, 170, 370, trim if trim != "#f4f7fa" else "#d9443c")
    c.rect(x + (14 if way > 0 else -54), y - 12, 40, 12, "#c9d6de", 0.8, 5)


def stadium(c: Canvas) -> None:
    c.wash(["#1f2a5c", "#51508c", "#c77f8d"], 0, 470)
    c.stars(220, 50)
    for x in (130, 1470):
        c.rect(x - 9, 130, 18, 420, "#2b2f4d")
        c.rect(x - 90, 70, 180, 90, "#2b2f4d", 1, 8)
        c.glow(x, 116, 330, "#fff6d8", 0.75)
        for row in range(2):
            for lamp in range(4):
                c.disc(x - 62 + lamp * 42, 94 + row * 42, 16, "#fffbe8")
    c.poly([(0, 330), (1600, 330), (1600, 600), (0, 600)], "#3a3f6b")
    for row in range(8):
        for seat in range(70):
            left, top = seat * 23.4 + (row % 2) * 11, 352 + row * 27
            tone = c.random.choice(
                (
                    "#e2b23e",
                    "#d9513c",
                    "#f4ead7",
                    "#3f9f8f",
                    "#7f6fa8",
                    "#2b3158",
                    "#2b3158",
                )
            )
            c.disc(left, top, 8, mix(tone, "#2b3158", 0.25))
    c.poly([(0, 300), (1600, 300), (1600, 336), (0, 336)], "#d8d3e0")
    c.rect(0, 560, 1600, 56, "#f4ead7")
    for panel in range(8):
        c.rect(
            panel * 200 + 8,
            568,
            184,
            40,
            ("#d9513c", "#2f7f8f", "#e2b23e", "#51508c")[panel % 4],
        )
    for band in range(8):
        stripe = 616 + band * 56.5
        c.rect(0, stripe, 1600, 57, ("#4fa053", "#459449")[band % 2])
    c.line([(-200, 1067), (320, 640), (1280, 640), (1800, 1067)], "#f7faf2", 7)
    c.line([(800, 640), (800, 1067)], "#f7faf2", 7)
    c.oval(800, 860, 250, 90, "#f7faf2")
    c.oval(800, 860, 241, 83, "#4a9a4e")
    c.rect(797, 770, 7, 180, "#f7faf2")
    for index, (x, y) in enumerate(
        (
            (380, 700),
            (620, 760),
            (930, 700),
            (1180, 780),
            (520, 930),
            (1080, 950),
            (820, 830),
        )
    ):
        _player(c, x, y, "#e2b23e" if index % 2 else "#d9443c", 0.7 + (y - 640) / 700)
    c.disc(888, 872, 12, "#ffffff")


def _player(c: Canvas, x: float, y: float, shirt: str, size: float) -> None:
    c.oval(x, y + 62 * size, 34 * size, 7 * size, "#2f6b36", 0.6)
    c.line(
        [(x - 4 * size, y + 20 * size), (x - 20 * size, y + 60 * size)],
        "#20263f",
        11 * size,
    )
    c.line(
        [(x + 4 * size, y + 20 * size), (x + 22 * size, y + 56 * size)],
        "#20263f",
        11 * size,
    )
    c.rect(x - 17 * size, y - 32 * size, 34 * size, 58 * size, shirt, 1, 10 * size)
    c.line(
        [(x - 14 * size, y - 22 * size), (x - 34 * size, y + 8 * size)],
        shirt,
        10 * size,
    )
    c.line(
        [(x + 14 * size, y - 22 * size), (x + 36 * size, y - 2 * size)],
        shirt,
        10 * size,
    )
    c.disc(x, y - 46 * size, 15 * size, "#c98f6a")
    c.slice(x, y - 48 * size, 16 * size, 180, 360, "#3a2620")
