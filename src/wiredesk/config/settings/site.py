"""Settings of a running newsroom: the environment decides, nothing is added."""

from __future__ import annotations

from wiredesk.config.settings.base import *
