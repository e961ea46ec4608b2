"""The server's patience cut short, so that its ends can be seen in seconds."""

from __future__ import annotations

from django.apps import AppConfig

SILENT, HEAD, BODY = 3.0, 1.0, 2.0  # seconds


class Hasty(AppConfig):
    """Sets the patience before the server reads it."""

    name = "tests.http"
    label = "hasty"

    def ready(self) -> None:
        """Change what says how long a connection may do what."""
        from wiredesk.config.server import protocol

        protocol.IDLE, protocol.SLOW, protocol.STUCK = SILENT, HEAD, BODY
