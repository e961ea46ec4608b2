"""The watched folder: a file put into ``inbox/FEED/`` is a delivery of that feed.

A file is touched only once it is quiet. It is first moved to ``.taking/`` beside, so
that a crash at any point leaves it where the next scan knows what to do with it, and
ends in ``done/``, ``set-aside/`` (with ``NAME.reason.txt``) or, if it is a picture, in
``pictures/``, where the story that names it finds it. Nothing that isn't a plain file
is ever opened.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.wire.actions.receive import (
    Payload,
    TooLarge,
    cap_of,
    name_for_people,
    receive,
)
from wiredesk.wire.models import Delivery, Feed, Receipt
from wiredesk.wire.transports.folder_names import (
    DONE,
    PICTURES,
    RESERVED,
    SET_ASIDE,
    TAKING,
    is_picture,
    is_temporary,
    move_into,
    put_aside,
)
from wiredesk.wire.transports.folder_strays import Strays
from wiredesk.wire.transports.folder_whole import has_its_end

if TYPE_CHECKING:
    from collections.abc import Iterator

TRANSPORT = "folder"
QUIET = 0.5  # seconds a file must not have changed
QUIET_UNFINISHED = 10.0  # one that is empty or has no end: its sender may only pause
FILES_A_ROUND = 50
BYTES_A_ROUND = 64 * 1024 * 1024
FEEDS_LAST = 2.0  # seconds until the feeds are looked up again
_STEP = 1024 * 1024
_decided = PreparedQuery(
    lambda deliveries: (
        Delivery.objects.filter(pk__in=deliveries)
        .exclude(state=Delivery.State.WAITING)
        .values_list("pk", "state", "reason")
    )
)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a file was like when it was last seen to change."""

    size: int
    changed: int  # ns
    inode: int
    since: float  # monotonic

    def is_same(self, other: _Look) -> bool:
        """Tell whether nothing changed between the two."""
        return (self.size, self.changed, self.inode) == (
            other.size,
            other.changed,
            other.inode,
        )


class Inbox:
    """The folders below ``settings.WIREDESK_INBOX``; one process scans at a time."""

    def __init__(self) -> None:
        self.root = Path(settings.WIREDESK_INBOX)
        self.strays = Strays()
        self._lock: BinaryIO | None = None
        self._looks: dict[Path, _Look] = {}
        self._pending: dict[Path, int] = {}  # file in .taking/: delivery
        self._feeds: dict[str, Feed] = {}
        self._feeds_at = 0.0

    def scan(self) -> int:
        """Look at every folder once; gives how many files were received.

        Raises ``OSError``, also as ``originals.OriginalError``, and Django's
        ``DatabaseError`` where it can't go on; the next scan goes on from there.
        """
        if not self._is_ours():
            return 0
        self._look_up_feeds()
        self.strays.begin()
        received = 0
        for entry in sorted(os.scandir(self.root), key=lambda entry: entry.name):
            if is_temporary(entry.name):
                continue
            feed = self._feeds.get(entry.name)
            if feed is None or not entry.is_dir(follow_symlinks=False):
                self._note_stray(entry)
            else:
                received += self._scan_feed(feed, Path(entry.path))
        self.strays.end()
        return received

    def close(self) -> None:
        """Let another process scan."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _is_ours(self) -> bool:
        if self._lock is not None:
            return True
        self.root.mkdir(parents=True, exist_ok=True)
        lock = (self.root / ".lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _look_up_feeds(self) -> None:
        if self._feeds and time.monotonic() - self._feeds_at < FEEDS_LAST:
            return
        self._feeds = {feed.slug: feed for feed in Feed.objects.filter(active=True)}
        self._feeds_at = time.monotonic()
        for slug in self._feeds:
            (self.root / slug).mkdir(exist_ok=True)

    def _note_stray(self, entry: os.DirEntry[str]) -> None:
        is_folder = entry.is_dir(follow_symlinks=False)
        # A folder that is empty, perhaps of a feed that is no more, troubles nobody.
        if not is_folder or any(map(_is_meant, os.listdir(entry.path))):
            self.strays.note(entry.path)

    def _scan_feed(self, feed: Feed, folder: Path) -> int:
        taking = folder / TAKING
        taking.mkdir(exist_ok=True)
        self._finish(folder)
        self._adopt(feed, folder)
        ready = list(self._ready(folder))
        if not ready:
            return 0
        payloads: list[tuple[Path, Payload | TooLarge]] = []
        for path in ready:
            try:
                held = move_into(taking, path)
            except FileNotFoundError:
                continue  # whoever put it there took it away again
            payload = self._open(feed, folder, held)
            if payload is not None:
                payloads.append((held, payload))
        self._receive(feed, payloads)
        return len(ready)

    def _receive(
        self, feed: Feed, payloads: list[tuple[Path, Payload | TooLarge]]
    ) -> None:
        receipts = receive(
            feed=feed,
            payloads=[payload for _, payload in payloads],
            transport=TRANSPORT,
        )
        for (held, _), receipt in zip(payloads, receipts, strict=True):
            self._pending[held] = receipt.delivery_id

    def _ready(self, folder: Path) -> Iterator[Path]:
        """Give the quiet files, the oldest first, as many as one round may take."""
        seen: dict[Path, _Look] = {}
        found: list[tuple[int, str, Path]] = []
        for entry in os.scandir(folder):
            if is_temporary(entry.name) or entry.name in RESERVED:
                continue
            path = Path(entry.path)
            look = self._look(folder, entry)
            if look is None:
                continue
            seen[path] = look
            if time.monotonic() - look.since >= QUIET:
                found.append((look.changed, entry.name, path))
        for path in [path for path in self._looks if path.parent == folder]:
            del self._looks[path]
        self._looks |= seen
        count = size = 0
        for _, _, path in sorted(found):
            if not _is_finished(path, seen[path]):
                continue
            count += 1
            size += seen[path].size
            yield path
            if count == FILES_A_ROUND or size > BYTES_A_ROUND:
                return

    def _look(self, folder: Path, entry: os.DirEntry[str]) -> _Look | None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(status.st_mode):
            self.strays.note(entry.path)
            return None
        path = Path(entry.path)
        if not stat.S_ISREG(status.st_mode):
            self._refuse(
                folder,
                path,
                "This is no plain file (a link, a pipe or a device), so it was not "
                "opened. Copy the file itself here.",
            )
            return None
        now = _Look(status.st_size, status.st_mtime_ns, status.st_ino, time.monotonic())
        before = self._looks.get(path)
        return before if before is not None and before.is_same(now) else now

    def _open(self, feed: Feed, folder: Path, held: Path) -> Payload | TooLarge | None:
        """Read a file in ``.taking/``; ``None`` where it was no delivery after all."""
        try:
            # NOFOLLOW and NONBLOCK: what was swapped in meanwhile must not be followed
            # and can't make us wait.
            descriptor = os.open(held, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            self._refuse(folder, held, f"The file can't be opened: {error.strerror}.")
            return None
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                self._refuse(folder, held, "This is no plain file.")
                return None
            cap = cap_of(feed)
            raw = file.read(cap + 1)
            if is_picture(raw):
                move_into(folder / PICTURES, held, replace=True)
                return None
            if len(raw) > cap:
                return _measured(raw, file, held.name, folder)
        return Payload(raw, name=held.name, origin=str(folder))

    def _adopt(self, feed: Feed, folder: Path) -> None:
        """Go on with files that a crash or an error left in ``.taking/``."""
        left = [
            path
            for path in (folder / TAKING).iterdir()
            if path not in self._pending and not is_temporary(path.name)
        ]
        payloads: list[tuple[Path, Payload | TooLarge]] = []
        for held in sorted(left)[:FILES_A_ROUND]:
            payload = self._open(feed, folder, held)
            if payload is None:
                continue
            delivery_id = _received_before(feed, held, payload)
            if delivery_id is not None:
                self._pending[held] = delivery_id
            else:
                payloads.append((held, payload))
        if payloads:
            self._receive(feed, payloads)

    def _finish(self, folder: Path) -> None:
        """Move what was taken, or set aside, to where people look for it."""
        taking = folder / TAKING
        held = {path: pk for path, pk in self._pending.items() if path.parent == taking}
        if not held:
            return
        decided = {
            pk: (state, reason) for pk, state, reason in _decided(set(held.values()))
        }
        for path, delivery_id in held.items():
            if delivery_id not in decided:
                continue
            state, reason = decided[delivery_id]
            # Suppressed: somebody took the file away; it was received all the same.
            with suppress(FileNotFoundError):
                if state == Delivery.State.TAKEN:
                    move_into(folder / DONE, path)
                else:
                    put_aside(folder / SET_ASIDE, path, reason)
            del self._pending[path]

    def _refuse(self, folder: Path, path: Path, reason: str) -> None:
        with suppress(FileNotFoundError):
            put_aside(folder / SET_ASIDE, path, reason)
        self.strays.refuse(str(path), reason)


def _is_finished(path: Path, look: _Look) -> bool:
    if time.monotonic() - look.since >= QUIET_UNFINISHED:
        return True
    return look.size > 0 and has_its_end(path)


def _is_meant(name: str) -> bool:
    return not is_temporary(name) and name not in RESERVED


def _measured(start: bytes, rest: BinaryIO, name: str, folder: Path) -> TooLarge:
    """Hash a file over the cap without ever holding it whole."""
    digest, size = hashlib.sha256(start), len(start)
    while piece := rest.read(_STEP):
        digest.update(piece)
        size += len(piece)
    return TooLarge(digest.hexdigest(), size, name=name, origin=str(folder))


def _received_before(feed: Feed, held: Path, payload: Payload | TooLarge) -> int | None:
    """Give the delivery of a file that was received just before a crash.

    Moving a file to ``.taking/`` sets its change time, so a receipt of the same bytes
    by the same name after that moment is this very file's.
    """
    if isinstance(payload, Payload):
        sha256 = hashlib.sha256(payload.raw).hexdigest()
    else:
        sha256 = payload.sha256
    moved = datetime.fromtimestamp(held.lstat().st_ctime, tz=UTC)
    return (
        Receipt.objects.filter(
            delivery__feed=feed,
            delivery__sha256=sha256,
            transport=TRANSPORT,
            name=name_for_people(payload.name),
            at__gte=moved,
        )
        .values_list("delivery_id", flat=True)
        .first()
    )
