"""Content codings: which one a client gets, and the bytes in it (RFC 9110, 8.4, 12.5.3)."""

from __future__ import annotations

import gzip
import re

import brotli

IDENTITY, GZIP, BROTLI = "identity", "gzip", "br"
# Ours in order: what a client likes equally well, it gets in the smaller form.
OFFERED = (BROTLI, GZIP, IDENTITY)
# Below, compressing saves no packet.
LEAST = 200  # bytes
# Quick for what may be another page in a minute, thorough for what never changes.
_GZIP_LEVELS = (6, 9)
_BROTLI_QUALITIES = (5, 11)
_COMPRESSIBLE = re.compile(
    r"(?:text/|application/(?:[a-z.+-]*json|[a-z.+-]*xml|javascript)|image/svg\+xml)"
)
_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
# The same bytes in another coding are another representation, so another strong tag.
_TAG_MARK = re.compile(r"-(?:gzip|br)\"")


def is_compressible(content_type: str) -> bool:
    """Tell whether a body of that type gets smaller."""
    return _COMPRESSIBLE.match(content_type) is not None


def choose(accept_encoding: str | None) -> str:
    """Give the coding for an ``Accept-Encoding``; without one, or in doubt, identity.

    What forbids everything gets identity too: a page is better than a 406.
    """
    if not accept_encoding:
        return IDENTITY
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if weight is None:
            return IDENTITY
        weights[name.strip()] = weight
    others = weights.get("*", 0.0)
    # Not named, identity is always there, but last.
    liked = {
        BROTLI: weights.get(BROTLI, others),
        GZIP: weights.get(GZIP, weights.get("x-gzip", others)),
        IDENTITY: weights.get(IDENTITY, weights.get("*", 0.0005)),
    }
    best = max(OFFERED, key=lambda name: liked[name])
    return best if liked[best] > 0 else IDENTITY


def encode(body: bytes, coding: str, *, thoroughly: bool = False) -> bytes:
    """Give ``body`` in ``coding``; the same bytes for the same body every time.

    ``thoroughly`` takes fifty times as long and saves a tenth.
    """
    if coding == GZIP:
        return gzip.compress(body, _GZIP_LEVELS[thoroughly], mtime=0)
    if coding == BROTLI:
        quality = _BROTLI_QUALITIES[thoroughly]
        compressed: bytes = brotli.compress(body, quality=quality)
        return compressed
    return body


def tag_in(etag: str, coding: str) -> str:
    """Give the entity tag of what ``etag`` names, in ``coding``."""
    if coding == IDENTITY or not etag.endswith('"'):
        return etag
    return f'{etag[:-1]}-{coding}"'


def plain_tags(header: str) -> str:
    """Give an ``If-None-Match`` with the tags of all codings as identity's."""
    return _TAG_MARK.sub('"', header)


def _weight(parameter: str) -> float | None:
    parameter = parameter.strip()
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    if name.strip() != "q" or not _WEIGHT.fullmatch(value.strip()):
        return None
    return float(value)
