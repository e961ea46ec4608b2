"""Whether a file in a watched folder has its end: a slow sender may only be pausing."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LOOKED_AT = 4096  # bytes at the beginning, and as many at the end
_ROOT = re.compile(rb"<(?![?!])([^\s<>/]+)")
# What a sender may put around the text: byte order marks and the zeros of UTF-16.
_AROUND = b"\xef\xbb\xbf\xfe\xff \t\r\n\x1a"


def has_its_end(path: Path) -> bool:
    """Tell whether XML ends with its first element's end, and JSON with a bracket.

    Of anything else, and of what can't be opened, nobody knows: that is taken as whole.
    """
    head, tail = _ends_of(path)
    if head.startswith((b"{", b"[")):
        return tail.endswith((b"}", b"]"))
    if not head.startswith(b"<"):
        return True
    root = _ROOT.search(head)
    if root is None:
        return tail.endswith(b">")
    return re.search(rb"</%s\s*>" % re.escape(root[1]), tail) is not None


def _ends_of(path: Path) -> tuple[bytes, bytes]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b"", b""
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return b"", b""
        head = file.read(_LOOKED_AT)
        file.seek(max(0, status.st_size - _LOOKED_AT))
        return _bare(head), _bare(file.read(_LOOKED_AT))


def _bare(raw: bytes) -> bytes:
    return raw.replace(b"\0", b"").strip(_AROUND)
