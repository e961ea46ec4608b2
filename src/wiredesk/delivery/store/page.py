"""A page as the store keeps it: status, headers, body in codings, and what makes it stale."""

from __future__ import annotations

import gzip
import struct
from array import array
from dataclasses import dataclass, field

from wiredesk.delivery.store.clock import is_true
from wiredesk.lib.encodings import BROTLI, GZIP, IDENTITY, encode

SET_BACK = 1.0  # seconds by which a clock may be corrected without a question
# Additions to a list that a page shows beside its own matter may be so late, in seconds.
LAZY = 4.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was drawn, and what ends it.

    ``position`` is the clock's head before the first look into the database, ``born`` the
    time then, ``until`` the time at which it is true no more (seconds since 1970).
    ``strict`` slots end it at once, ``lazy`` ones ``LAZY`` seconds after it was born.
    """

    position: int
    born: float
    until: float
    strict: array[int]
    lazy: array[int]

    def recheck_at(self, words: memoryview, now: float) -> float:
        """Give the time up to which it is true unless something changes; 0: it isn't."""
        if now >= self.until or not is_true(words, self.strict, self.position):
            return 0.0
        if now < self.born - SET_BACK:
            return 0.0  # the wall's clock was set back, and an embargo follows it
        if is_true(words, self.lazy, self.position):
            return self.until
        grace = self.born + LAZY
        return min(self.until, grace) if now < grace else 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a fragment stands in the body, in bytes of it, and the mark that calls it."""

    mark: str
    start: int
    end: int


@dataclass(slots=True)
class Page:
    """One answer. ``headers`` leave out Date, Content-Encoding, -Length, ETag, Vary.

    ``stamp`` is the whole's, fragments included; ``own`` that of what stands around
    them. ``bodies`` has what was made or asked for so far, by coding.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    etag: str
    compressible: bool
    stamp: Stamp
    own: Stamp
    pieces: tuple[Piece, ...] = ()
    bodies: dict[str, bytes] = field(default_factory=dict)

    def body(self, coding: str) -> bytes:
        """Give the body in ``coding``, made now where it wasn't yet."""
        if not self.compressible:
            coding = IDENTITY
        if coding not in self.bodies:
            self.bodies[coding] = encode(
                self.plain(), coding, thoroughly=is_lasting(self.headers)
            )
        return self.bodies[coding]

    def plain(self) -> bytes:
        """Give the body as it was drawn."""
        if IDENTITY in self.bodies:
            return self.bodies[IDENTITY]
        return gzip.decompress(self.bodies[GZIP])


def is_lasting(headers: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether the answer will never be another one, such as a named version's file."""
    return any(
        name == "Cache-Control" and "immutable" in value for name, value in headers
    )


# --- as bytes, for the second level ---------------------------------------------------

_MAGIC = b"WDP1"
_FRONT = struct.Struct("<4sQHB")  # magic, era, status, compressible
_STAMP = struct.Struct("<QddHH")
_LENGTHS = struct.Struct("<HHHIII")


def pack(page: Page, era: int) -> bytes:
    """Give the page as bytes, compressed bodies only where it can be compressed."""
    heads = "\n".join(f"{name}: {value}" for name, value in page.headers).encode()
    etag = page.etag.encode()
    pieces = "\n".join(
        f"{piece.start} {piece.end} {piece.mark}" for piece in page.pieces
    ).encode()
    codings = (BROTLI, GZIP) if page.compressible else (IDENTITY,)
    bodies = {coding: page.body(coding) for coding in codings}
    sizes = [len(bodies.get(coding, b"")) for coding in (GZIP, BROTLI, IDENTITY)]
    return b"".join(
        (
            _FRONT.pack(_MAGIC, era, page.status, page.compressible),
            _pack_stamp(page.stamp),
            _pack_stamp(page.own),
            _LENGTHS.pack(len(heads), len(etag), len(pieces), *sizes),
            heads,
            etag,
            pieces,
            *(bodies.get(coding, b"") for coding in (GZIP, BROTLI, IDENTITY)),
        )
    )


def unpack(raw: bytes, era: int) -> Page | None:
    """Give the page in ``raw``; ``None`` for what isn't one of this era, or is cut off."""
    if len(raw) < _FRONT.size:
        return None
    magic, its_era, status, compressible = _FRONT.unpack_from(raw)
    if magic != _MAGIC or its_era != era:
        return None
    try:
        stamp, at = _unpack_stamp(raw, _FRONT.size)
        own, at = _unpack_stamp(raw, at)
        lengths = _LENGTHS.unpack_from(raw, at)
    except (struct.error, ValueError):
        return None
    at += _LENGTHS.size
    if at + sum(lengths) != len(raw):
        return None
    parts = []
    for length in lengths:
        parts.append(raw[at : at + length])
        at += length
    heads, etag, pieces, *bodies = parts
    codings = zip((GZIP, BROTLI, IDENTITY), bodies, strict=True)
    return Page(
        status=status,
        headers=tuple(_header(line) for line in heads.decode().split("\n")),
        etag=etag.decode(),
        compressible=bool(compressible),
        stamp=stamp,
        own=own,
        pieces=tuple(map(_piece, pieces.decode().splitlines())),
        # A page without a word has no body in any coding.
        bodies={coding: body for coding, body in codings if body} or {IDENTITY: b""},
    )


def _pack_stamp(stamp: Stamp) -> bytes:
    front = _STAMP.pack(
        stamp.position, stamp.born, stamp.until, len(stamp.strict), len(stamp.lazy)
    )
    return front + stamp.strict.tobytes() + stamp.lazy.tobytes()


def _unpack_stamp(raw: bytes, at: int) -> tuple[Stamp, int]:
    position, born, until, *counts = _STAMP.unpack_from(raw, at)
    at += _STAMP.size
    slots: list[array[int]] = []
    for count in counts:
        each = array("I")
        end = at + count * each.itemsize
        each.frombytes(raw[at:end])
        slots.append(each)
        at = end
    return Stamp(position, born, until, *slots), at


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name, value


def _piece(line: str) -> Piece:
    start, end, mark = line.split(" ", 2)
    return Piece(mark, int(start), int(end))
