"""Settings shared by every way of running Wiredesk.

What an engineer may set stands in ``docs/reference/settings.md``; a test holds that
page and this module together. Everything else is a decision of the project.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from wiredesk.config import env
from wiredesk.config.secret import secret_key

PACKAGE = Path(__file__).resolve().parents[2]

# --- where things lie -------------------------------------------------------------
WIREDESK_HOME = env.folder("WIREDESK_HOME", Path("data"))
WIREDESK_ORIGINALS = WIREDESK_HOME / "originals"
WIREDESK_INBOX = WIREDESK_HOME / "inbox"
# Best on another disk: it is what a restore knows of the time since the backup.
WIREDESK_JOURNAL = env.folder("WIREDESK_JOURNAL", WIREDESK_HOME / "journal")
WIREDESK_RUN = WIREDESK_HOME / "run"
# Touched by the worker about every second: its age tells whether it lives.
WIREDESK_WORKER_BEAT = WIREDESK_RUN / "worker.beat"
MEDIA_ROOT = WIREDESK_HOME / "media"
# For the desk alone; readers get pictures by the one gated address.
MEDIA_URL = "/desk/media/"
STATIC_URL = "/static/"
STATIC_ROOT = WIREDESK_HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "wiredesk.web.look.LookFinder",
]

# --- the address ------------------------------------------------------------------
PORT = env.whole_number("PORT", 8000, least=1, most=65535)
WIREDESK_BIND = env.text("WIREDESK_BIND", "127.0.0.1")
WIREDESK_WORKERS = env.whole_number("WIREDESK_WORKERS", 1, least=1, most=64)
WIREDESK_BASE_URL = env.text("WIREDESK_BASE_URL", f"http://localhost:{PORT}").rstrip(
    "/"
)
ALLOWED_HOSTS = env.words("WIREDESK_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
WIREDESK_DESK_HOST = env.host_name("WIREDESK_DESK_HOST")
WIREDESK_DESK_URL = env.on_host(WIREDESK_BASE_URL, WIREDESK_DESK_HOST)
WAGTAILADMIN_BASE_URL = WIREDESK_DESK_URL
if WIREDESK_DESK_HOST:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, WIREDESK_DESK_HOST]
WIREDESK_PROXIES = env.whole_number("WIREDESK_PROXIES", 0, most=8)
BEHIND_TLS = WIREDESK_BASE_URL.startswith("https://")
DEBUG = False

SECRET_KEY = secret_key(WIREDESK_HOME)
USE_X_FORWARDED_HOST = False
if WIREDESK_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "wiredesk.web",
    "wiredesk.delivery",
    "wiredesk.stories",
    "wiredesk.wire",
    "wiredesk.topics",
    "wiredesk.logbook",
    "wiredesk.accounts",
    "wagtail.contrib.settings",
    "wagtail.users",
    "wiredesk.config.wagtail_apps.Snippets",
    "wiredesk.config.wagtail_apps.Documents",
    "wiredesk.config.wagtail_apps.Images",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "wiredesk.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wiredesk.delivery.store.middleware.Encoded",
    "wiredesk.web.desk_host.DeskHost",
    "wiredesk.web.limits.Limits",
    "wiredesk.web.middleware.Revalidated",
    "wiredesk.delivery.surrogate.SurrogateKeys",
    "wiredesk.web.middleware.DeskOnly",
    "django.middleware.common.CommonMiddleware",
    # For every address, so that a new form is protected until it says otherwise; it
    # sets a cookie only where a template asks for a token, which public ones don't.
    "django.middleware.csrf.CsrfViewMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "wiredesk.config.urls"
WSGI_APPLICATION = "wiredesk.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- the database -----------------------------------------------------------------
SQLITE_OPTIONS = {
    # IMMEDIATE: a transaction that will write says so when it begins, so that it
    # waits its turn there and not, too late for the busy timeout, at its first write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # FULL: an acknowledged delivery survives a power cut, not only a crash.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; "
        # Pages; docs/decisions/the-wires-writes.md has the figures.
        "PRAGMA mmap_size=2147418112; PRAGMA wal_autocheckpoint=16000;"
    ),
}
# Django's own, which also say when a transaction is about to end.
ENGINES = {
    "django.db.backends.postgresql": "wiredesk.lib.databases.postgresql",
    "django.db.backends.sqlite3": "wiredesk.lib.databases.sqlite3",
}
DATABASE_URL = env.text("DATABASE_URL", "")
if DATABASE_URL:
    _named: dict[str, Any] = dict(
        dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)
    )
    DATABASES = {
        "default": {**_named, "ENGINE": ENGINES.get(_named["ENGINE"], _named["ENGINE"])}
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": ENGINES["django.db.backends.sqlite3"],
            "NAME": str(WIREDESK_HOME / "wiredesk.sqlite3"),
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,
        }
    }

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- people who sign in -----------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
        )
    },
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
LOGIN_URL = "wagtailadmin_login"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "wiredesk.web.views.errors.refused"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/desk/"
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
# It is so by choice: a site without TLS is one on this machine or in a closed network.
SILENCED_SYSTEM_CHECKS = (
    [] if BEHIND_TLS else [f"security.W{number:03}" for number in (4, 8, 10, 12, 16)]
)
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# --- words and time ---------------------------------------------------------------
LANGUAGE_CODE = env.text("WIREDESK_LANGUAGE", "en-us")
TIME_ZONE = env.text("WIREDESK_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [PACKAGE / "locale"]

# --- wagtail ----------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Wiredesk"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea"}
}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
# The wire writes hundreds of rows a second; Wagtail's indexes follow in tasks.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# No page embeds what another site holds, so nothing is asked for how.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# Nobody is signed in on a public page, so there is no password to share for one.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx"]

# --- mail -------------------------------------------------------------------------
EMAIL_URL = env.text("WIREDESK_SMTP_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_URL
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = WIREDESK_HOME / "mail"
EMAIL_HOST = EMAIL_URL or "localhost"
EMAIL_PORT = env.whole_number("WIREDESK_SMTP_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("WIREDESK_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("WIREDESK_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("WIREDESK_SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("WIREDESK_MAIL_FROM", "wiredesk@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- the wire ---------------------------------------------------------------------
WIREDESK_ALARM_MAIL = env.words("WIREDESK_ALARM_MAIL", ())
WIREDESK_ALARM_WEBHOOK = env.text("WIREDESK_ALARM_WEBHOOK", "")
WIREDESK_DELIVERY_CAP = env.delivery_cap()  # bytes
# Host names of the newsroom's own services, which may have private addresses.
WIREDESK_TRUSTED_HOSTS = env.words("WIREDESK_TRUSTED_HOSTS", ())

# --- the page store -----------------------------------------------------------------
# Megabytes; 0 in memory: no store, every page is drawn.
WIREDESK_STORE_MEMORY = env.whole_number("WIREDESK_STORE_MEMORY", 256, most=1_000_000)
WIREDESK_STORE_DISK = env.whole_number("WIREDESK_STORE_DISK", 2048, most=100_000_000)
WIREDESK_ACCESS_LOG = env.text("WIREDESK_ACCESS_LOG", "")

# --- caches in front ----------------------------------------------------------------
# Seconds a cache of ours may keep a page; 0: nothing tells one that it may.
WIREDESK_SURROGATE_SECONDS = env.whole_number(
    "WIREDESK_SURROGATE_SECONDS", 0, most=86400
)
WIREDESK_SURROGATE_HEADER = env.text("WIREDESK_SURROGATE_HEADER", "Surrogate-Key")
WIREDESK_VARNISH = [
    address.rstrip("/") for address in env.words("WIREDESK_VARNISH", ())
]
WIREDESK_PURGE_URL = env.text("WIREDESK_PURGE_URL", "")
WIREDESK_PURGE_METHOD = env.text("WIREDESK_PURGE_METHOD", "POST")
WIREDESK_PURGE_HEADERS = env.text("WIREDESK_PURGE_HEADERS", "").splitlines()
WIREDESK_PURGE_BODY = env.text("WIREDESK_PURGE_BODY", "")
WIREDESK_PURGE_KEYS = env.whole_number("WIREDESK_PURGE_KEYS", 30, least=1, most=1000)
# Where proofs of a kill are fetched from.
WIREDESK_CACHE_URL = env.text("WIREDESK_CACHE_URL", "").rstrip("/")
WIREDESK_ORIGIN_URL = env.text(
    "WIREDESK_ORIGIN_URL", f"http://{env.local_host(WIREDESK_BIND)}:{PORT}"
).rstrip("/")
WIREDESK_INDEXNOW_KEY = env.text("WIREDESK_INDEXNOW_KEY", "")
WIREDESK_INDEXNOW_URL = env.text(
    "WIREDESK_INDEXNOW_URL", "https://api.indexnow.org/indexnow"
)
# Whom one tells who finds a hole; without one, the station's own contact.
WIREDESK_SECURITY_CONTACT = env.words("WIREDESK_SECURITY_CONTACT", ())
WIREDESK_RELEASE_TAKES_TWO = env.flag("WIREDESK_RELEASE_TAKES_TWO", default=False)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Each 404 and 410 would be a line: what a robot asks for is no news, and proving a
    # kill asks hundreds of addresses for just that.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.text("WIREDESK_LOG_LEVEL", "WARNING").upper(),
    },
}

WAGTAILIMAGES_IMAGE_MODEL = "stories.Picture"
