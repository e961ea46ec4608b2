"""Settings of the test suite: a folder of its own, the same engines."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

TEST_HOME = Path(tempfile.gettempdir()) / f"wiredesk-test-{os.getuid()}-{os.getpid()}"
# A worker of the suite starts with its parent's environment, and two of them would
# write into one journal; what a test starts keeps what it's told.
OWNER, ME = "WIREDESK_TEST_HOME_OF", os.environ.get("PYTEST_XDIST_WORKER", "main")
if os.environ.get(OWNER) != ME:
    os.environ[OWNER] = ME
    os.environ["WIREDESK_HOME"] = str(TEST_HOME)
os.environ.setdefault("WIREDESK_SECRET_KEY", "only-for-tests-" * 4)

from wiredesk.config.settings.base import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"] == ENGINES["django.db.backends.sqlite3"]:
    # As Django has it by itself; pytest-django knows that only of Django's own engine.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from the packages: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
AXES_ENABLED = False
