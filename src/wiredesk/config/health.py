"""Two addresses for whoever watches the machine; neither says more than it must."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wiredesk.config.migrated import pending_migrations

BEAT_IS_OLD_AFTER = 30.0  # seconds; the worker beats about every second
LEAST_FREE_SPACE = 256 * 1024 * 1024  # bytes; below, deliveries are soon refused


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as this process answers at all."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the newsroom can work, else 503; each part is true or false."""
    parts = {name: check() for name, check in CHECKS.items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def standing_checks() -> dict[str, bool]:
    """Give what must be right even while the site doesn't run."""
    return {name: CHECKS[name]() for name in ("database", "migrations", "disk")}


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _migrations_are_in() -> bool:
    try:
        return not pending_migrations()
    except DatabaseError:
        return False


def _worker_beats() -> bool:
    try:
        beat = settings.WIREDESK_WORKER_BEAT.stat().st_mtime
    except FileNotFoundError:
        return False
    # abs: after the clock was set back, a beat from the future proves nothing either.
    return abs(time.time() - beat) < BEAT_IS_OLD_AFTER


def _disk_has_room() -> bool:
    # The originals and the journal may have disks of their own.
    places = (
        settings.WIREDESK_HOME,
        settings.WIREDESK_ORIGINALS,
        settings.WIREDESK_JOURNAL,
    )
    return all(
        shutil.disk_usage(place).free > LEAST_FREE_SPACE
        for place in places
        if place.is_dir()
    )


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "migrations": _migrations_are_in,
    "worker": _worker_beats,
    "disk": _disk_has_room,
}
