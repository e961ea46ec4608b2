"""What must stand before the first request: folders, tables, static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from wiredesk.config.backup.catch_up import catch_up, refuse_unfinished
from wiredesk.config.migrated import pending_migrations
from wiredesk.delivery.store.open import prepare_store

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Make folders, bring database and stories up to date, collect static files.

    Stories are brought to what the journal of kills and orders says. Does only what is
    missing, so that a restart is quick. Safe to repeat.
    """
    prepare_data(say)
    catch_up(say)
    prepare_store()
    digest = _static_digest()
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != digest:
        say("Collecting static files …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest, encoding="ascii")


def prepare_data(say: Say, *, is_restore: bool = False) -> None:
    """Make folders and bring the database up to date. Safe to repeat.

    Raises ``ImproperlyConfigured`` where a restore, other than the one that asks, left
    the data folder unfinished.
    """
    if not is_restore:
        refuse_unfinished()
    for folder in (
        settings.WIREDESK_HOME,
        settings.WIREDESK_RUN,
        settings.WIREDESK_ORIGINALS,
        settings.WIREDESK_INBOX,
        settings.MEDIA_ROOT,
    ):
        folder.mkdir(parents=True, exist_ok=True)
    pending = len(pending_migrations())
    if pending:
        say(f"Preparing the database ({pending} migrations) …")
        call_command("migrate", interactive=False, verbosity=0)
        # Here, not above: models can be imported only once the apps are set up.
        from wiredesk.stories.actions.lay_front import lay_front

        lay_front(title="Wiredesk")
    from wiredesk.stories.actions.keep_address import keep_address

    keep_address(base_url=settings.WIREDESK_BASE_URL)


def _static_digest() -> str:
    """Give a digest that changes with any static file's name, size or time."""
    lines = sorted(_static_lines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _static_lines() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            yield f"{name} {state.st_size} {state.st_mtime_ns}"
