"""The store that backups share: files by their SHA-256, each kept once.

So a second backup costs what is new. On one disk a file is linked, not copied: the
originals never change once written, and Wagtail writes a picture's file once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

_CHUNK = 1024 * 1024
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.EACCES}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store. ``is_new``: this backup brought it."""

    sha256: str
    size: int  # bytes
    is_new: bool


def place_of(store: Path, sha256: str) -> Path:
    """Give where the file with this digest lies in the store, there or not."""
    return store / sha256[:2] / sha256


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep(path: Path, store: Path, *, sha256: str = "") -> Kept:
    """Keep a file in the store, linked where that can be, else copied.

    ``sha256`` is its digest where its name promises it: then a file that is in the
    store already isn't read again. Raises ``FileNotFoundError`` where it is gone.
    """
    size = path.stat().st_size
    digest = sha256 or digest_of(path)
    place = place_of(store, digest)
    if place.is_file() and place.stat().st_size == size:
        return Kept(digest, size, is_new=False)
    place.parent.mkdir(parents=True, exist_ok=True)
    there = place.with_name(f".{uuid4().hex}")
    try:
        _bring(path, there)
        there.replace(place)
    finally:
        there.unlink(missing_ok=True)
    return Kept(digest, size, is_new=True)


def _bring(path: Path, there: Path) -> None:
    try:
        os.link(path, there)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        shutil.copyfile(path, there)


def copy_out(source: Path, place: Path, sha256: str) -> bool:
    """Copy a file to its place, reading it once; tells whether its bytes were right.

    It appears under its own name only once it is whole.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    there = place.with_name(f".{uuid4().hex}")
    digest = hashlib.sha256()
    try:
        with source.open("rb") as stream, there.open("xb") as out:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                out.write(chunk)
        if digest.hexdigest() != sha256:
            return False
        there.chmod(0o600)
        there.replace(place)
        return True
    finally:
        there.unlink(missing_ok=True)
