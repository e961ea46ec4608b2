"""Root without its leave to read and write everything: for promises about rights."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522  # of the kernel's interface: capget(2), two words of each set
_BEYOND_RIGHTS = (1 << 1) | (1 << 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
_EFFECTIVE = 0  # the first word of (effective, permitted, inheritable)


@contextmanager
def like_anybody() -> Iterator[None]:
    """Have this thread bound by the rights of files, also where it is root's (Linux)."""
    if os.geteuid() != 0:
        yield
        return
    kernel = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    if kernel.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    before = sets[_EFFECTIVE]
    try:
        sets[_EFFECTIVE] = before & ~_BEYOND_RIGHTS
        if kernel.capset(header, sets):
            raise OSError(ctypes.get_errno(), "capset")
        yield
    finally:
        sets[_EFFECTIVE] = before
        kernel.capset(header, sets)
