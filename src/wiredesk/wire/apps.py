from __future__ import annotations

from django.apps import AppConfig


class WireConfig(AppConfig):
    name = "wiredesk.wire"
    label = "wire"
