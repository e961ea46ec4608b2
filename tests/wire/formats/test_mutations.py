"""Damaged files, tens of thousands of them: only the readers' own error comes out."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from wiredesk.wire.formats import atom, newsml_g2, ninjs, nitf, rss
from wiredesk.wire.formats.detect import FORMATS, detect, read
from wiredesk.wire.items import UnreadableError, WireItem

SEED = 20260304
MUTATIONS = 4_400  # a format; 22,000 in all, and every reader is given each
LARGEST = 12_000  # bytes of a sample worth damaging
READERS: dict[str, Callable[[bytes], list[WireItem]]] = {
    "newsml-g2": newsml_g2.read,
    "nitf": nitf.read,
    "ninjs": ninjs.read,
    "rss": rss.read,
    "atom": atom.read,
}
PIECES = [
    b"&nbsp;",
    b"&harbour;",
    b"&#0;",
    b"&#x10FFFF;",
    b"&",
    b"<",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<script>alert(1)</script>",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\\ud800",
    b'"',
    b"null",
    b"[[[[",
    b"{}",
    b"1e999",
    b"9" * 5000,
    b"-1",
    b"<p>" * 300,
    b"xmlns='x'",
    b" dir='rtl' colspan='9999999'",
]
VALUES = [
    "",
    " ",
    "0",
    "-1",
    "9" * 5000,
    "2026-13-45T99:99:99Z",
    "9999-12-31T23:59:59-14:00",
    "<p>words</p><script>x</script>",
    "&amp;amp;apos;",
    "medtop:",
    ":",
    "::::",
    "http://",
    "http://[::1",
    "javascript:alert(1)",
    "\u202e\u0085\u2028",
    "a b" * 2000,
    "\N{PILE OF POO}",
]
Mutation = Callable[[random.Random, bytes, bytes], bytes]


def flipped(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    damaged = bytearray(raw)
    for _count in range(chance.randint(1, 8)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def truncated(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    return raw[: chance.randrange(len(raw))]


def spliced(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    return raw[: chance.randrange(len(raw))] + other[chance.randrange(len(other)) :]


def doubled(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    start = chance.randrange(len(raw))
    end = min(len(raw), start + chance.randint(1, 400))
    return raw[:end] + raw[start:end] * chance.randint(1, 3) + raw[end:]


def cut(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.randint(1, 200) :]


def inserted(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    position = chance.randrange(len(raw))
    return raw[:position] + chance.choice(PIECES) + raw[position:]


def swapped(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    """Give one value for another: what stands between two marks is exchanged."""
    marks = [index for index, byte in enumerate(raw) if byte in b'<>"']
    if len(marks) < 3:
        return raw
    start = chance.randrange(len(marks) - 1)
    return raw[: marks[start] + 1] + chance.choice(PIECES) + raw[marks[start + 1] :]


def replanted(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    """Change the tree, not the bytes: well-formed, and still nothing anyone expects."""
    if raw.lstrip()[:1] in (b"{", b"["):
        return replanted_json(chance, raw, other)
    try:
        root, donor = etree.fromstring(raw), etree.fromstring(other)
    except (etree.XMLSyntaxError, ValueError):
        return raw
    for _count in range(chance.randint(1, 4)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        node = chance.choice(nodes)
        what = chance.randrange(6)
        if what == 0 and (parent := node.getparent()) is not None:
            parent.remove(node)
        elif what == 1 and (parent := node.getparent()) is not None:
            parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(node))
        elif what == 2:
            node.tag = chance.choice(nodes).tag
        elif what == 3:
            node.text = chance.choice(VALUES)
        elif what == 4:
            name = chance.choice([*node.keys(), "version", "qcode", "href", "norm"])
            node.set(name, chance.choice(VALUES))
        else:
            node.append(copy.deepcopy(chance.choice(list(donor.iter("*")))))
    return etree.tostring(root)


def replanted_json(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    try:
        root, donor = json.loads(raw), json.loads(other)
    except ValueError:
        return raw
    places = list(json_places(root))
    values = [holder[key] for holder, key in json_places(donor)] or [None]
    for _count in range(min(len(places), chance.randint(1, 4))):
        holder, key = chance.choice(places)
        holder[key] = chance.choice(
            [*VALUES, *values, 0, -1, True, None, [], {}, 1e308]
        )
    return json.dumps(root).encode()


def json_places(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in list(pairs):
            yield value, key
            yield from json_places(inner)


MUTATORS: list[Mutation] = [
    replanted,
    replanted,
    replanted,
    flipped,
    truncated,
    spliced,
    doubled,
    cut,
    inserted,
    swapped,
]


def small_samples(folder: Path) -> list[bytes]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    found = (path.read_bytes() for path in files)
    return [raw for raw in found if 0 < len(raw) <= LARGEST]


def mutated(name: str, samples: list[bytes], count: int) -> Iterator[bytes]:
    chance = random.Random(f"{SEED} {name}")  # noqa: S311 - repeatable, not secret
    for _number in range(count):
        raw = chance.choice(samples)
        for _step in range(chance.choice((1, 1, 1, 2, 3))):
            raw = chance.choice(MUTATORS)(chance, raw, chance.choice(samples))
            raw = raw or b"<"
        yield raw


def read_or_refused(reader: Callable[[bytes], list[WireItem]], raw: bytes) -> bool:
    """Tell whether it was read; what was read can be printed and is safe to show."""
    try:
        found = reader(raw)
    except UnreadableError as error:
        reason = str(error).encode()
        found = []
    else:
        reason = b""
    for item in found:
        json.dumps(item.as_json()).encode()
        assert item.guid, raw
        assert "<script" not in item.body_html.lower(), raw
        for when in (item.version_created, item.embargoed_until, item.expires):
            assert when is None or when.astimezone(UTC).tzinfo is UTC, raw
    return not reason


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    samples: Path, name: str
) -> None:
    originals = small_samples(samples / name)
    others = [reader for format_, reader in READERS.items() if format_ != name]
    outcomes = []
    for raw in mutated(name, originals, MUTATIONS):
        outcomes.append(read_or_refused(READERS[name], raw))
        for reader in others:
            read_or_refused(reader, raw)
    # Both must happen often, or the damage was too great or too small to test anything.
    assert MUTATIONS // 5 < sum(outcomes) < MUTATIONS * 4 // 5


def test_any_damaged_file_finds_its_reader_or_a_reason(samples: Path) -> None:
    originals = [raw for name in FORMATS for raw in small_samples(samples / name)]
    originals += small_samples(samples / "hostile")
    for raw in mutated("all", originals, MUTATIONS):
        if read_or_refused(read, raw):
            assert detect(raw) in FORMATS


def test_damaged_real_files_are_read_or_refused(wire_samples: Path) -> None:
    lines = (wire_samples / "INDEX.tsv").read_text().splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    paths = [row[6] for row in rows if 0 < int(row[2]) <= LARGEST]
    chosen = random.Random(SEED).sample(paths, 300)  # noqa: S311
    originals = [(wire_samples / path).read_bytes() for path in chosen]
    for raw in mutated("real", [raw for raw in originals if raw], MUTATIONS // 2):
        read_or_refused(read, raw)
