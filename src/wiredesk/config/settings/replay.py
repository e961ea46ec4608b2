"""Settings of a replay: its own database to write to, the site's only to read."""

from __future__ import annotations

import tempfile
from pathlib import Path

from wiredesk.config import env
from wiredesk.config.replay.databases import only_read, parse
from wiredesk.config.settings.base import *

DATABASES = {
    "default": parse(env.replay_into(), SQLITE_OPTIONS),
    "source": only_read(DATABASES["default"]),
}
# The site's journal and its page store must not hear of anything a second time.
_SCRATCH = Path(tempfile.mkdtemp(prefix="wiredesk-replay-"))
WIREDESK_JOURNAL = _SCRATCH / "journal"
WIREDESK_RUN = _SCRATCH / "run"
# Nobody asks it from outside; pages are drawn for whichever site they stand on.
ALLOWED_HOSTS = ["*"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
# Names of static files without their digests: they needn't have been collected.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
