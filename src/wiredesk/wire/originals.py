"""Originals: the bytes of every delivery, in files named by their SHA-256.

A file is on the disk for good before anybody hears "accepted": written and flushed in
the folder of new ones, and that folder flushed, once a group. Then it is renamed to its
place. The disk may learn of that later: after a power cut it is found in either folder.
Flushing is done by several threads, since a file system lets flushes that wait together
share one write of its journal; ``docs/decisions/durable-originals.md`` has the figures.
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
    from collections.abc import Iterable, Iterator

_DIGEST = re.compile("[0-9a-f]{64}")
_FLUSHING_THREADS = 8
_NEW = "new"  # the folder of what isn't surely in its place yet
_UNFINISHED = "."  # how names begin there: .digest-writer
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
    place = _place_of(sha256)
    try:
        try:
            raw = _read(place)
        except FileNotFoundError:
            if not _bring_home(sha256):
                raise
            raw = _read(place)
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


def _read(place: str) -> bytes:
    with open(place, "rb", buffering=0) as file:
        return file.read()


def is_there(sha256: str) -> bool:
    """Tell whether the original has a file; whether that is whole shows in reading."""
    return os.path.isfile(_place_of(sha256)) or _bring_home(sha256)


def remove(sha256: str) -> None:
    """Remove the original's file for good; one that isn't there is no fault."""
    for place in (path_of(sha256), *_new_ones(sha256)):
        place.unlink(missing_ok=True)


def tidy() -> int:
    """Bring home what a power cut left among the new ones; gives how many.

    What was left half written goes: nobody was ever told that it was accepted. Call it
    now and then.
    """
    found = 0
    for place in _new_ones():
        digest = place.name[len(_UNFINISHED) :].partition("-")[0]
        if not _DIGEST.fullmatch(digest):
            continue
        with suppress(FileNotFoundError):
            found += not os.path.isfile(_place_of(digest)) and _bring_home(digest)
            if time.time() - place.lstat().st_mtime > _SURELY_LEFT:
                place.unlink()
    return found


def _new_ones(sha256: str = "") -> Iterator[Path]:
    return Path(settings.WIREDESK_ORIGINALS, _NEW).glob(f"{_UNFINISHED}{sha256}*-*")


def _bring_home(sha256: str) -> bool:
    """Put a whole file from among the new ones into its place; tells whether one is.

    By a second name, so that a writer who is about to rename his file still finds it.
    """
    place = path_of(sha256)
    for new in _new_ones(sha256):
        with suppress(FileNotFoundError, FileExistsError):  # somebody was quicker
            if digest_of(new.read_bytes()) == sha256:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.hardlink_to(new)
    return place.is_file()


def _keep(wanted: dict[str, bytes]) -> None:
    root = os.fspath(settings.WIREDESK_ORIGINALS)
    new = f"{root}/{_NEW}"
    places = {digest: f"{root}/{digest[:2]}/{digest}" for digest in wanted}
    _make_folders(root, {new, *map(os.path.dirname, places.values())})
    written: list[tuple[int, str, str]] = []
    known: set[str] = set()
    try:
        for digest, place in places.items():
            if _is_whole(place):
                known.add(os.path.dirname(place))
            else:
                written.append((*_write(wanted[digest], new, digest), place))
        _flush([descriptor for descriptor, _, _ in written])
        # Those of what is there: who brought it there may not have flushed its name.
        _flush_folders({new, *known} if written else known)
        while written:
            descriptor, there, place = written[-1]
            os.replace(there, place)
            os.close(descriptor)
            written.pop()
    finally:
        for descriptor, there, _ in written:
            os.close(descriptor)
            Path(there).unlink(missing_ok=True)


def _make_folders(root: str, folders: Iterable[str]) -> None:
    missing = [folder for folder in folders if not os.path.isdir(folder)]
    for folder in missing:
        os.makedirs(folder, exist_ok=True)
    if missing:
        _flush_folders({root})


def _is_whole(place: str) -> bool:
    """Tell whether the file is there with the bytes of its name: repeats are rare."""
    if not os.path.lexists(place):
        return False
    path = Path(place)
    return digest_of(path.read_bytes()) == path.name


def _write(raw: bytes, folder: str, digest: str) -> tuple[int, str]:
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
    return descriptor, there


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
