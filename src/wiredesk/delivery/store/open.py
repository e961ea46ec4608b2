"""Open the page store of a web process, and look after it."""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import django
import wagtail
from django.conf import settings
from django.db import DatabaseError, connections

from wiredesk.delivery.store.ahead import Ahead
from wiredesk.delivery.store.changes import (
    clock,
    draw_ahead_with,
    finish_for_the_dead,
    folder,
)
from wiredesk.delivery.store.disk import Disk
from wiredesk.delivery.store.drawing import Handler
from wiredesk.delivery.store.heads import Reader
from wiredesk.delivery.store.store import Limits, PageStore

logger = logging.getLogger(__name__)

_MEGABYTE = 1024 * 1024
_LOOK = 1.0  # seconds between looks for changes that somebody left unsaid
# What pages are made of besides the database. Other settings don't show on them.
_SEEN_ON_PAGES = (
    "ALLOWED_HOSTS",
    "BEHIND_TLS",
    "DATABASE_URL",
    "LANGUAGE_CODE",
    "TIME_ZONE",
    "WIREDESK_BASE_URL",
    "WIREDESK_INDEXNOW_KEY",
    "WIREDESK_SURROGATE_HEADER",
    "WIREDESK_SURROGATE_SECONDS",
)


def prepare_store() -> None:
    """Make the clock, and begin a new era where pages from before are worth nothing.

    That is after an update of the code, a change of settings or another database. Call
    before the first request, while no web process runs. Safe to repeat.
    """
    known = folder() / "fingerprint"
    if not settings.WIREDESK_STORE_MEMORY:
        known.unlink(missing_ok=True)  # what changes from now on isn't noted
        return
    here = clock()
    finish_for_the_dead()
    print_ = _fingerprint()
    if not known.is_file() or known.read_text(encoding="ascii") != print_:
        here.renew()
        known.write_text(print_, encoding="ascii")


def forget_pages() -> None:
    """Delete all pages that are kept, by all processes: words were erased for good."""
    if settings.WIREDESK_STORE_MEMORY:
        clock().renew()
    Disk(folder() / "pages", 0).empty()


def reader() -> Reader:
    """Give what reads the heads of requests by the site's settings."""
    addresses = (settings.WIREDESK_BASE_URL, settings.WIREDESK_CACHE_URL)
    ports = {str(urlsplit(address).port or "") for address in addresses}
    return Reader(
        hosts=tuple(settings.ALLOWED_HOSTS),
        ports=frozenset({"", "80", "443", str(settings.PORT), *ports}),
        behind_tls=settings.BEHIND_TLS,
    )


def open_store(
    handler: Handler, wait: Callable[[], None] = lambda: None
) -> PageStore | None:
    """Open the store; ``None`` where the settings say so, or it can't be opened.

    ``wait`` returns once ``handler``, Django's, can be asked.
    """
    if not settings.WIREDESK_STORE_MEMORY:
        return None
    limits = Limits(
        memory=settings.WIREDESK_STORE_MEMORY * _MEGABYTE,
        disk=settings.WIREDESK_STORE_DISK * _MEGABYTE,
    )
    try:
        return PageStore(clock(), folder() / "pages", limits, handler, wait)
    except OSError:
        # Slower, and right: every page is drawn.
        logger.exception("The page store can't be opened, so it isn't used.")
        return None


def tend(store: PageStore) -> None:
    """Look after the store for as long as the process lives."""
    time.sleep(_LOOK)
    try:
        store.joiner.warm(urlsplit(settings.WIREDESK_BASE_URL).netloc)
    except DatabaseError as error:
        logger.warning("No page can be drawn ahead: %s", error)
    finally:
        connections.close_all()
    if store.disk.room:
        # What an editor changes is written by this process.
        draw_ahead_with(Ahead(store.disk, store.joiner.handler).draw)
    turn = 0
    while True:
        time.sleep(_LOOK)
        turn += 1
        try:
            finish_for_the_dead()
            store.disk.tidy(turn)
        except OSError as error:
            logger.warning("The page store can't be looked after: %s", error)


def _fingerprint() -> str:
    lines = [f"{name} {getattr(settings, name)!r}" for name in _SEEN_ON_PAGES]
    lines.append(f"{django.__version__} {wagtail.__version__} {_boot()}")
    name = settings.DATABASES["default"]["NAME"]
    lines.append(f"database {name} {_number_of(Path(str(name)))}")
    for path in sorted(settings.PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo", ".txt"}:
            state = path.stat()
            lines.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _boot() -> str:
    """Give what is another one after each start of the machine.

    A power cut can take the clock's newest numbers and leave the pages.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        return secrets.token_hex(8)


def _number_of(path: Path) -> int:
    """Give a database file's number: another file in its place has another one."""
    return path.stat().st_ino if path.is_file() else 0
