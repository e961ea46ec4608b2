"""A page as the store keeps it: status, headers, body in codings, and what makes it stale."""

from __future__ import annotations

import gzip
import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from wiredesk.delivery.store.clock import Words, is_true, is_untouched
from wiredesk.lib.encodings import BROTLI, GZIP, IDENTITY, encode

SET_BACK = 1.0  # seconds by which a clock may be corrected without a question
# Additions to a list that a page shows beside its own matter may be so late, in seconds.
LAZY = 4.0


# Not frozen: making one would take three times as long, for each page read from the disk.
@dataclass(slots=True)
class Stamp:
    """When something was drawn, and what ends it; never changed.

    ``position`` is the clock's head before the first look into the database, ``born`` the
    time then, ``until`` the time at which it is true no more (seconds since 1970).
    ``strict`` slots end it at once, ``lazy`` ones ``LAZY`` seconds after it was born.
    """

    position: int
    born: float
    until: float
    strict: array[int]
    lazy: array[int]

    def recheck_at(self, words: Words, now: float) -> float:
        """Give the time up to which it is true unless something changes; 0: it isn't."""
        if now >= self.until or not is_true(words, self.strict, self.position):
            return 0.0
        if now < self.born - SET_BACK:
            return 0.0  # the wall's clock was set back, and an embargo follows it
        if is_untouched(words, self.lazy, self.position):
            return self.until
        grace = self.born + LAZY
        return min(self.until, grace) if now < grace else 0.0

    def without(self, slot: int) -> Stamp:
        """Give what it is where a change of ``slot`` doesn't show."""
        rest = array("I", (each for each in self.strict if each != slot))
        return replace(self, strict=rest)


@dataclass(slots=True)
class Page:
    """One answer. ``heads`` are its header lines but for those that ``answers`` adds.

    ``stamp`` is the whole's, fragments included. ``own``, that of what stands around
    them, and ``pieces``, where they stand, are packed until a page is joined anew.
    ``bodies`` has what was made or asked for so far, by coding. ``is_asked_for`` is not
    so where it was drawn before anybody wanted it; whether somebody did since, the time
    of its file says.
    """

    status: int
    heads: bytes
    etag: bytes
    compressible: bool
    stamp: Stamp
    own: bytes
    pieces: bytes = b""
    bodies: dict[str, bytes] = field(default_factory=dict)
    is_asked_for: bool = True

    @property
    def is_worth_much(self) -> bool:
        """Tell whether it is a page: of other answers there are more than of pages."""
        return self.status == HTTPStatus.OK

    def is_made_in(self, coding: str) -> bool:
        """Tell whether ``coding`` costs no compressing any more."""
        return coding != BROTLI or not self.compressible or BROTLI in self.bodies

    def body(self, coding: str) -> bytes:
        """Give the body in ``coding``, made now where it wasn't yet."""
        if not self.compressible:
            coding = IDENTITY
        if coding not in self.bodies:
            self.bodies[coding] = encode(
                self.plain(), coding, thoroughly=is_lasting(self.heads)
            )
        return self.bodies[coding]

    def plain(self) -> bytes:
        """Give the body as it was drawn."""
        if IDENTITY in self.bodies:
            return self.bodies[IDENTITY]
        return gzip.decompress(self.bodies[GZIP])


def header_lines(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Give header lines as HTTP has them, each with its end."""
    return "".join(f"{name}: {value}\r\n" for name, value in pairs).encode("latin-1")


def is_lasting(heads: bytes) -> bool:
    """Tell whether the answer will never be another one, such as a named version's file."""
    return b", immutable" in heads


# --- fragments ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a fragment stands in the body, in bytes of it, and the mark that calls it."""

    mark: str
    start: int
    end: int


def pack_pieces(pieces: Iterable[Piece]) -> bytes:
    """Give pieces as a page has them."""
    lines = (f"{piece.start} {piece.end} {piece.mark}" for piece in pieces)
    return "\n".join(lines).encode()


def unpack_pieces(raw: bytes) -> list[Piece]:
    """Give the pieces that ``pack_pieces`` packed."""
    found = []
    for line in raw.decode().splitlines():
        start, end, mark = line.split(" ", 2)
        found.append(Piece(mark, int(start), int(end)))
    return found


# --- as bytes, for the second level ---------------------------------------------------

_MAGIC = b"WDP3"
# Magic, era, status, whether it is compressible and asked for, and its parts' lengths.
_FRONT = struct.Struct("<4sQH??8I")
_STAMP = struct.Struct("<QddHH")
_SLOT = array("I").itemsize


def pack(page: Page, era: int) -> bytes:
    """Give the page as bytes, in gzip if it can be compressed, in brotli if it is there."""
    coding = GZIP if page.compressible else IDENTITY
    bodies = {coding: page.body(coding)}
    if page.compressible and BROTLI in page.bodies:
        bodies[BROTLI] = page.bodies[BROTLI]
    parts = (
        pack_stamp(page.stamp),
        page.own,
        page.heads,
        page.etag,
        page.pieces,
        *(bodies.get(coding, b"") for coding in (GZIP, BROTLI, IDENTITY)),
    )
    front = (_MAGIC, era, page.status, page.compressible, page.is_asked_for)
    return b"".join((_FRONT.pack(*front, *map(len, parts)), *parts))


def unpack(raw: bytes, era: int) -> Page | None:
    """Give the page in ``raw``; ``None`` for what isn't one of this era, or is cut off."""
    if len(raw) < _FRONT.size:
        return None
    # Once for each page that isn't in memory, so without a loop over its parts.
    front = _FRONT.unpack_from(raw)
    magic, its_era, status, compressible, is_asked_for = front[:5]
    if magic != _MAGIC or its_era != era:
        return None
    stamp, own, heads, etag, pieces, zipped, brotli, plain = front[5:]
    own_at = _FRONT.size + stamp
    heads_at = own_at + own
    etag_at = heads_at + heads
    pieces_at = etag_at + etag
    zipped_at = pieces_at + pieces
    brotli_at = zipped_at + zipped
    plain_at = brotli_at + brotli
    if plain_at + plain != len(raw):
        return None
    bodies = {}
    if zipped:
        bodies[GZIP] = raw[zipped_at:brotli_at]
    if brotli:
        bodies[BROTLI] = raw[brotli_at:plain_at]
    if plain or not bodies:  # a page without a word has no body in any coding
        bodies[IDENTITY] = raw[plain_at:]
    return Page(
        status,
        raw[heads_at:etag_at],
        raw[etag_at:pieces_at],
        compressible,
        unpack_stamp(raw[_FRONT.size : own_at]),
        raw[own_at:heads_at],
        raw[pieces_at:zipped_at],
        bodies,
        is_asked_for,
    )


def pack_stamp(stamp: Stamp) -> bytes:
    """Give a stamp as bytes."""
    front = _STAMP.pack(
        stamp.position, stamp.born, stamp.until, len(stamp.strict), len(stamp.lazy)
    )
    return front + stamp.strict.tobytes() + stamp.lazy.tobytes()


def unpack_stamp(raw: bytes) -> Stamp:
    """Give the stamp that ``pack_stamp`` packed."""
    position, born, until, strict, _lazy = _STAMP.unpack_from(raw)
    lazy_at = _STAMP.size + strict * _SLOT
    slots, beside = raw[_STAMP.size : lazy_at], raw[lazy_at:]
    return Stamp(position, born, until, array("I", slots), array("I", beside))
