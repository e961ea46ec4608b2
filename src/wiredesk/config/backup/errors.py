"""What can go wrong with a backup, said to the engineer."""

from __future__ import annotations


class BackupError(Exception):
    """It can't be done; the text says why and what to do. Nothing half-done is left."""
