"""The install's secret key: from the environment, else a file made once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from wiredesk.config import env

SHORTEST = 32


def secret_key(home: Path) -> str:
    """Give ``WIREDESK_SECRET_KEY``, else the key kept in ``home``, made if absent.

    Raises ``ImproperlyConfigured`` for a key under 32 characters or a folder that
    can't be written.
    """
    key = env.text("WIREDESK_SECRET_KEY", "") or _kept_key(home / "secret-key")
    if len(key) < SHORTEST:
        raise ImproperlyConfigured(
            f"WIREDESK_SECRET_KEY has {len(key)} characters; use at least {SHORTEST}."
        )
    return key


def _kept_key(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Exclusive, so that two processes starting together agree on one key.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            key = secrets.token_urlsafe(50)
            stream.write(key)
        return key
    except OSError as error:
        raise ImproperlyConfigured(
            f"The secret key can't be kept in {path}: {error}. "
            "Make the folder writable, or set WIREDESK_SECRET_KEY."
        ) from error
