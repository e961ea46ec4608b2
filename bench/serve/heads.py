"""What browsers, robots and readers' apps send, so that no two heads are alike for long."""

from __future__ import annotations

import itertools

_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{n}.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/{n}.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS {n}_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
    "like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; Pixel {n}) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{n}.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (compatible; Searchbot/{n}.1; +http://search.example/bot.html)",
)
_ACCEPTS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "text/html,application/xhtml+xml,*/*;q=0.8",
    "*/*",
)
_ENCODINGS = ("gzip, deflate, br, zstd", "gzip, deflate, br", "gzip, deflate", "gzip")
_LANGUAGES = ("en-US,en;q=0.9", "en-GB,en;q=0.7,de;q=0.3", "es-419,es;q=0.9,en;q=0.8")
_FURTHER = (
    "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r\n"
    "Upgrade-Insecure-Requests: 1\r\nConnection: keep-alive\r\n",
    "Connection: keep-alive\r\n",
    "DNT: 1\r\nReferer: http://news.example/\r\nCookie: consent=all; seen={n}\r\n",
    "",
)


def heads(count: int = 400) -> list[str]:
    """Give ``count`` different blocks of header lines, mixed as they come in."""
    choices = (_AGENTS, _ACCEPTS, _ENCODINGS, _LANGUAGES, _FURTHER)
    wheels = [itertools.cycle(each) for each in choices]
    blocks = []
    for number in range(count):
        # Wheels of different sizes that now and then miss a turn give many mixtures.
        for place, wheel in enumerate(wheels):
            if number % (place + 5) == 0:
                next(wheel)
        agent, accept, encoding, language, further = (next(wheel) for wheel in wheels)
        blocks.append(
            f"User-Agent: {agent.format(n=number % 90 + 11)}\r\nAccept: {accept}\r\n"
            f"Accept-Encoding: {encoding}\r\nAccept-Language: {language}\r\n"
            f"{further.format(n=number)}"
        )
    return blocks
