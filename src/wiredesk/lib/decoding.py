"""Content codings undone (RFC 9110, 8.4.1), within a bound on what comes out."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

import brotli

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CODINGS = 3
_STEP = 65536


class NotDecodableError(ValueError):
    """The coding is unknown, or the bytes are not in it."""


class UnknownCodingError(NotDecodableError):
    """We don't know how to undo this coding."""


class OverCapError(ValueError):
    """What comes out is larger than allowed; nothing beyond was unpacked."""


class _Inflater(Protocol):
    """What zlib's decompression objects offer."""

    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def decode(raw: bytes, codings: str, *, cap: int) -> bytes:
    """Give the bytes with every coding of a Content-Encoding header undone.

    Knows gzip, deflate (zlib or raw), br and identity. Raises ``UnknownCodingError``,
    ``NotDecodableError`` and, beyond ``cap`` bytes, ``OverCapError``.
    """
    names = [name.strip().lower() for name in codings.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MOST_CODINGS:
        raise UnknownCodingError("More codings on top of each other than make sense.")
    for name in reversed(names):
        undo = _UNDO.get(name)
        if undo is None:
            raise UnknownCodingError(
                f"The coding “{name[:40]}” is not known; use gzip, deflate, br or none."
            )
        raw = undo(raw, cap)
    if len(raw) > cap:
        raise OverCapError(f"It holds more than {cap:,} bytes.")
    return raw


def _gunzip(raw: bytes, cap: int) -> bytes:
    out = bytearray()
    while raw:
        # A gzip file may be several, one after the other (RFC 1952, 2.2).
        inflater = zlib.decompressobj(wbits=31)
        out += _inflate(inflater, raw, cap - len(out), "gzip")
        raw = inflater.unused_data.lstrip(b"\0")
    return bytes(out)


def _deflate(raw: bytes, cap: int) -> bytes:
    if not raw:
        return b""
    # The name means zlib's form (RFC 9110, 8.4.1.2); many send the bare stream.
    has_header = raw[0] & 0x0F == 8 and int.from_bytes(raw[:2], "big") % 31 == 0
    inflater = zlib.decompressobj(wbits=15 if has_header else -15)
    return _inflate(inflater, raw, cap, "deflate")


def _inflate(inflater: _Inflater, raw: bytes, cap: int, name: str) -> bytes:
    out = bytearray()
    try:
        while raw and not inflater.eof:
            out += inflater.decompress(raw, _STEP)
            raw = inflater.unconsumed_tail
            if len(out) > cap:
                raise OverCapError(f"It holds more than {cap:,} bytes.")
    except zlib.error as error:
        raise NotDecodableError(f"These bytes are not {name}: {error}.") from error
    if not inflater.eof:
        raise NotDecodableError(f"These {name} bytes end too early.")
    return bytes(out)


def _unbrotli(raw: bytes, cap: int) -> bytes:
    if not raw:
        return b""
    decompressor = brotli.Decompressor()
    out = bytearray()
    try:
        piece = decompressor.process(raw, output_buffer_limit=_STEP)
        while piece:
            out += piece
            if len(out) > cap:
                raise OverCapError(f"It holds more than {cap:,} bytes.")
            piece = decompressor.process(b"", output_buffer_limit=_STEP)
    except brotli.error as error:
        raise NotDecodableError(f"These bytes are not br: {error}.") from error
    if not decompressor.is_finished():
        raise NotDecodableError("These br bytes end too early.")
    return bytes(out)


_UNDO: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
}
