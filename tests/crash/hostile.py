"""Bytes that are no news, or news that does harm, each with what may become of it."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass

from tests.crash.copy import Item, delivery, news_item, news_message

SECRET = "root:x:0:0"


@dataclass(frozen=True)
class Bad:
    """A file and what becomes of its items, in words of the ledger."""

    name: str
    raw: bytes
    outcomes: tuple[str, ...] = ("set-aside",)


def bad_files() -> list[Bad]:
    """Give the files; each is different from each other."""
    good = news_item(Item("urn:x:osk:half", 1))
    doctype = '<!DOCTYPE newsItem [<!ENTITY a "b">]>'
    outer = f'<!DOCTYPE newsItem [<!ENTITY a SYSTEM "file:///etc/passwd">]>{good}'
    return [
        Bad("empty.xml", b""),
        Bad("truncated.xml", good[: len(good) // 2].encode()),
        Bad(
            "charset.xml",
            b'<?xml version="1.0" encoding="x-nobodys"?>'
            + good.encode()
            + b"<!--\xff-->",
        ),
        Bad("subset.xml", (doctype + good).encode()),
        Bad("external.xml", outer.replace("boats", "&a;").encode()),
        Bad("bomb.xml", _bomb().encode()),
        Bad("deep.xml", ("<a>" * 100_000 + "</a>" * 100_000).encode()),
        Bad("deep-body.xml", _deep_body().encode()),
        Bad("archive.zip", _archive(good)),
        Bad("packed.gz", gzip.compress(good.encode(), mtime=0)),
        Bad("nul.xml", good.encode().replace(b"boats", b"bo\0ats")),
        Bad("nothing-but-nul.bin", bytes(4096)),
        Bad("noise.bin", bytes(range(256)) * 8),
        Bad("words.txt", b"The ferry runs again from Monday.\n"),
        Bad("deep.json", b"[" * 100_000 + b"]" * 100_000),
        Bad("number.json", b'{"uri": ' + b"9" * 100_000 + b"}"),
    ]


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200) + b"\xff\xd9"

TWICE = delivery(
    Item("urn:x:osk:twice", 1), Item("urn:x:osk:twice", 1), name="twice.xml"
)

FORBIDDEN = ("alert(", "javascript:", "evil.example", "onerror", "onclick", SECRET)

HARMFUL = Item("urn:x:osk:harmful", 1)
HARMFUL_RAW = news_item(
    HARMFUL,
    "<script>alert(1)</script><style>p { color: red } @import 'https://evil.example/';"
    '</style><p onclick="alert(2)">Safe <a href="javascript:alert(3)">words</a>.</p>'
    '<p><a href="&#x6a;ava&#9;script:alert(4)">More</a> words.</p>'
    '<iframe src="https://evil.example/frame">frame</iframe>'
    '<object data="https://evil.example/o">o</object>'
    '<img src="https://evil.example/i.png" onerror="alert(5)" alt="A quay"/>'
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(6)"><script>alert(7)</script>'
    "</svg><form action='https://evil.example/f'><input name='q'/></form>"
    "<p>The last line stays.</p>",
    head="Harbour &lt;script&gt;alert(8)&lt;/script&gt; report",
).encode()


def message_of(number: int) -> bytes:
    """Give a good message of ``number`` items."""
    items = [Item(f"urn:x:osk:many-{index}", 1) for index in range(number)]
    return news_message(items).encode()


def _bomb() -> str:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE newsItem [<!ENTITY e0 "boats">{steps}]><newsItem>&e9;</newsItem>'


def _deep_body() -> str:
    body = "<div>" * 100_000 + "deep" + "</div>" * 100_000
    return news_item(Item("urn:x:osk:deep", 1), body)


def _archive(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("story.xml"), text)
    return packed.getvalue()
