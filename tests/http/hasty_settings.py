"""A newsroom's settings, with a server that has little patience."""

from __future__ import annotations

from tests.http.counted_settings import *  # noqa: F403  (settings are all of them)
from tests.http.counted_settings import INSTALLED_APPS as OF_A_NEWSROOM

INSTALLED_APPS = [*OF_A_NEWSROOM, "tests.http.hasty.Hasty"]
