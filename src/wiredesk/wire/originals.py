"""Originals: the bytes of every delivery, in files named by their SHA-256.

A file is on the disk for good before anybody hears "accepted": written under another
name, flushed, renamed, and its folder flushed. Flushing is done for a group at a time
and by several threads, since a file system lets flushes that wait together share one
write of its journal; ``docs/decisions/durable-originals.md`` has the figures.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGEST = re.compile("[0-9a-f]{64}")
_FLUSHING_THREADS = 8
_UNFINISHED = "."  # how names begin while a file is written
_SURELY_LEFT = 3600.0  # seconds after which an unfinished file is nobody's any more
_MADE_PRIVATE = 0o600  # what an agency sends is not for other users of the machine


class OriginalError(OSError):
    """The file of an original can't be kept or read; the text says which and why."""


class OriginalMissingError(OriginalError):
    """There is no file for this digest."""


class OriginalDamagedError(OriginalError):
    """The file's bytes are not those its name promises."""


def digest_of(raw: bytes) -> str:
    """Give the name of these bytes: their SHA-256, in hex."""
    return hashlib.sha256(raw).hexdigest()


def path_of(sha256: str) -> Path:
    """Give where the original with this digest lies, there or not."""
    return Path(_place_of(sha256))


def _place_of(sha256: str) -> str:
    # As text: building a Path takes longer than opening what it names.
    if not _DIGEST.fullmatch(sha256):
        raise OriginalMissingError(f"“{sha256[:80]}” is no SHA-256 in hex.")
    return f"{os.fspath(settings.WIREDESK_ORIGINALS)}/{sha256[:2]}/{sha256}"


def keep(raws: Iterable[bytes]) -> list[str]:
    """Make the bytes durable; gives the SHA-256 of each, in hex, in their order.

    When this returns the files survive a power cut. Raises ``OriginalError`` where the
    disk is full or the folder can't be written to: then nothing may be acknowledged.
    """
    digests: list[str] = []
    wanted: dict[str, bytes] = {}
    for raw in raws:
        digest = digest_of(raw)
        digests.append(digest)
        wanted[digest] = raw
    try:
        _keep(wanted)
    except OSError as error:
        raise OriginalError(
            f"The bytes can't be kept in {settings.WIREDESK_ORIGINALS}: "
            f"{error.strerror or error}. Nothing was accepted; make room or make the "
            "folder writable, then send again."
        ) from error
    return digests


def read(sha256: str) -> bytes:
    """Give the original's bytes, checked against their name.

    Raises ``OriginalMissingError``, ``OriginalDamagedError`` or ``OriginalError``.
    """
    try:
        with open(_place_of(sha256), "rb", buffering=0) as file:
            raw = file.read()
    except FileNotFoundError as error:
        raise OriginalMissingError(
            f"There is no file for the original {sha256}."
        ) from error
    except OSError as error:
        raise OriginalError(
            f"The original {sha256} can't be read: {error.strerror}."
        ) from error
    if digest_of(raw) != sha256:
        raise OriginalDamagedError(
            f"The file of the original {sha256} holds other bytes than its name "
            "promises; bring it back from a backup."
        )
    return raw


def remove(sha256: str) -> None:
    """Remove the original's file for good; one that isn't there is no fault."""
    Path(_place_of(sha256)).unlink(missing_ok=True)


def remove_unfinished() -> int:
    """Remove what crashes left of files half written; gives how many.

    Nobody was ever told that these bytes were accepted. Call it now and then.
    """
    removed = 0
    for place in Path(settings.WIREDESK_ORIGINALS).glob(f"??/{_UNFINISHED}*"):
        with suppress(FileNotFoundError):
            if time.time() - place.lstat().st_mtime > _SURELY_LEFT:
                place.unlink()
                removed += 1
    return removed


def _keep(wanted: dict[str, bytes]) -> None:
    root = os.fspath(settings.WIREDESK_ORIGINALS)
    places = {digest: f"{root}/{digest[:2]}/{digest}" for digest in wanted}
    folders = {f"{root}/{digest[:2]}" for digest in wanted}
    new_folders = [folder for folder in folders if not os.path.isdir(folder)]
    for folder in new_folders:
        os.makedirs(folder, exist_ok=True)
    written: list[tuple[int, str, str]] = []
    try:
        for digest, place in places.items():
            if not _is_whole(place):
                written.append(_write(wanted[digest], place))
        _flush([descriptor for descriptor, _, _ in written])
        while written:
            descriptor, there, place = written[-1]
            os.replace(there, place)
            os.close(descriptor)
            written.pop()
    finally:
        for descriptor, there, _ in written:
            os.close(descriptor)
            Path(there).unlink(missing_ok=True)
    # Also where the file was there: another process may not have flushed its name yet.
    _flush_folders(folders)
    if new_folders:
        _flush_folders({root})


def _is_whole(place: str) -> bool:
    """Tell whether the file is there with the bytes of its name: repeats are rare."""
    if not os.path.lexists(place):
        return False
    path = Path(place)
    return digest_of(path.read_bytes()) == path.name


def _write(raw: bytes, place: str) -> tuple[int, str, str]:
    folder, _, digest = place.rpartition("/")
    # Its own name, so that two processes that keep the same bytes don't meet.
    there = f"{folder}/{_UNFINISHED}{digest}-{os.getpid()}-{get_ident()}"
    descriptor = os.open(there, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MADE_PRIVATE)
    try:
        done = os.write(descriptor, raw)
        while done < len(raw):
            done += os.write(descriptor, memoryview(raw)[done:])
    except OSError:
        os.close(descriptor)
        Path(there).unlink(missing_ok=True)
        raise
    return descriptor, there, place


class _Flushers:
    """The threads that flush, made when first needed; a forked child makes its own."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None
        self._process = 0

    def run(self, descriptors: list[int]) -> None:
        """Flush them all; raises what a flush raised."""
        if self._threads is None or self._process != os.getpid():
            self._threads = ThreadPoolExecutor(_FLUSHING_THREADS, "flush")
            self._process = os.getpid()
        # A share for each thread: handing over every file by itself costs more work
        # than the flushing of a small one.
        shares = [descriptors[n::_FLUSHING_THREADS] for n in range(_FLUSHING_THREADS)]
        # list: so that what a thread raised is raised here.
        list(self._threads.map(_flush_one_by_one, filter(None, shares)))


_flushers = _Flushers()


def _flush_one_by_one(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.fsync(descriptor)


def _flush(descriptors: list[int]) -> None:
    if len(descriptors) > 1:
        _flushers.run(descriptors)
    else:
        _flush_one_by_one(descriptors)


def _flush_folders(folders: set[str]) -> None:
    descriptors: list[int] = []
    try:
        for folder in folders:
            descriptors.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
        _flush(descriptors)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
