"""The second level: pages as files, shared by all processes, there after a restart.

A file is written whole under another name and then renamed, so nobody reads half of one.
What it says is checked against the clock when it is read; nothing has to be deleted for
a page to end.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

logger = logging.getLogger(__name__)

# Too many files in one folder make each slower to find.
SHELVES = 256
_USUAL = 64 * 1024  # bytes
# The time on a file that was drawn before anybody asked for it; it goes first, too.
_UNASKED = 0


class Disk:
    """Files in ``folder``, at most about ``room`` bytes of them; 0 keeps nothing."""

    def __init__(self, folder: Path, room: int) -> None:
        self.folder = folder
        self.room = room
        self._shelves = f"{folder}/"
        if room:
            for number in range(SHELVES):
                (folder / f"{number:02x}").mkdir(parents=True, exist_ok=True)
        (folder / "locks").mkdir(parents=True, exist_ok=True)

    def read(self, key: str) -> bytes | None:
        """Give what is kept under ``key``; nothing where it can't be read either."""
        if not self.room:
            return None
        try:
            file = os.open(self._path(key), os.O_RDONLY)
            try:
                raw = os.read(file, _USUAL)
                # Not all at once only if it is larger than nearly all are.
                while len(raw) % _USUAL == 0 and (more := os.read(file, _USUAL)):
                    raw += more
            finally:
                os.close(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("A kept page can't be read: %s", error)
            return None
        return raw

    def note_asked(self, key: str) -> None:
        """Note that somebody wants the page; ``was_asked_for`` will know."""
        if not self.was_asked_for(key):
            with suppress(OSError):  # then it isn't drawn ahead the next time
                os.utime(self._path(key))

    def was_asked_for(self, key: str) -> bool:
        """Tell whether there is a page that somebody wanted since it is that."""
        try:
            return os.stat(self._path(key)).st_mtime != _UNASKED
        except OSError:
            return False  # then nobody's page is late but by its drawing

    def write(self, key: str, content: bytes, *, is_asked_for: bool = True) -> None:
        """Keep ``content`` under ``key``. Raises ``OSError`` where there is no room."""
        if not self.room:
            return
        path = self._path(key)
        half = f"{path}.{os.getpid()}.{threading.get_native_id()}"
        file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with open(file, "wb") as opened:
                opened.write(content)
            if not is_asked_for:
                os.utime(half, (_UNASKED, _UNASKED))
            os.replace(half, path)
        except OSError:
            os.unlink(half)
            raise

    @contextmanager
    def sole(self, key: str) -> Iterator[bool]:
        """Be the only one of all processes that draws ``key``; gives whether one is.

        Raises ``OSError`` where not even an empty file can be made.
        """
        number = hashlib.blake2b(key.encode(), digest_size=2).hexdigest()
        path = self.folder / "locks" / number
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(file)

    def tidy(self, number: int) -> int:
        """Delete the oldest files of one shelf beyond its share of the room.

        ``number`` counts up; with ``SHELVES`` calls all is tidy. Gives how many went.
        """
        found = sorted(self._files(number % SHELVES))
        over = sum(size for _, size, _ in found) - self.room // SHELVES
        gone = 0
        for _, size, path in found:
            if over <= 0:
                break
            Path(path).unlink(missing_ok=True)
            over -= size
            gone += 1
        return gone

    def empty(self) -> None:
        """Delete all of it."""
        for number in range(SHELVES):
            for _, _, path in self._files(number):
                Path(path).unlink(missing_ok=True)

    def _files(self, number: int) -> Iterator[tuple[float, int, str]]:
        shelf = self.folder / f"{number:02x}"
        for entry in os.scandir(shelf) if shelf.is_dir() else ():
            try:
                state = entry.stat()
            except FileNotFoundError:
                continue
            yield state.st_mtime, state.st_size, entry.path

    def _path(self, key: str) -> str:
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        return f"{self._shelves}{name[:2]}/{name[2:]}"
