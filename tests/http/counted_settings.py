"""A newsroom's settings, and nothing but a count of what reaches Django."""

from __future__ import annotations

from wiredesk.config.settings.site import *  # noqa: F403  (settings are all of them)
from wiredesk.config.settings.site import MIDDLEWARE as OF_A_NEWSROOM

MIDDLEWARE = ["tests.http.counting.Counted", *OF_A_NEWSROOM]
