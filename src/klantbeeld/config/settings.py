"""Every setting of klantbeeld: first the typed list of what an administrator may set, then what Django makes of it.

Each `option(...)` is an environment variable with its type, its default and one sentence; docs/settings.md is written
from this list and tests/shape holds the two together.
"""

from __future__ import annotations

import os
import secrets as _random
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from klantbeeld.config.databases import django_database
from klantbeeld.config.home import Home, default_home
from klantbeeld.config.options import SettingError, option

_CPUS = os.cpu_count() or 1
_PACKAGE = Path(__file__).resolve().parent.parent

# --- where things live
HOME_DIR = option(
    "KLANTBEELD_HOME",
    default_home(),
    "Folder of the embedded database, the secrets, the backups and the run-time state.",
    shown="/var/lib/klantbeeld as root, else $XDG_DATA_HOME/klantbeeld",
)
DATABASE_URL = option(
    "DATABASE_URL",
    "",
    "Any PostgreSQL 15 or newer to use in place of the embedded one, as postgresql://user:password@host/name.",
)
DATABASE_OWNER_URL = option(
    "KLANTBEELD_DATABASE_OWNER_URL",
    "",
    "The same database under the role that owns the tables, for migrations; empty means DATABASE_URL does it all.",
)
DATABASE_ROLE = option(
    "KLANTBEELD_DATABASE_ROLE",
    "app",
    "Role of this process: app (reads and writes) or owner (migrations and partitions).",
)
DATABASE_POOL = option(
    "KLANTBEELD_DATABASE_POOL",
    0,
    "Size of the pool of database connections in this process; 0 gives each thread a connection of its own.",
)
POSTGRES_BIN = option(
    "KLANTBEELD_POSTGRES_BIN",
    "",
    "Folder with PostgreSQL's own programs for the embedded database; empty means those that were installed with us.",
)
POSTGRES_SYSTEM_USER = option(
    "KLANTBEELD_POSTGRES_USER",
    "klantbeeld",
    "System user that the embedded database runs as when we are started by root; made when it does not exist.",
)
LOW_DISK_MB = option(
    "KLANTBEELD_LOW_DISK_MB",
    512,
    "Below this much free room (in MB) beside the database, writes are refused with 503 until there is room again.",
)
IMPORT_DIR = option(
    "KLANTBEELD_IMPORT_DIR",
    HOME_DIR / "import",
    "Folder whose files scheduled imports may read, besides those of the demo; a declaration cannot name any other.",
    shown="import in KLANTBEELD_HOME",
)
SOURCE_SECRETS_DIR = option(
    "KLANTBEELD_SOURCE_SECRETS_DIR",
    HOME_DIR / "source-secrets",
    "Folder whose files declarations may name as secrets; environment variables they may name begin with"
    " KLANTBEELD_SOURCE_.",
    shown="source-secrets in KLANTBEELD_HOME",
)

_PRIVATE_HOSTS = option(
    "KLANTBEELD_SOURCE_PRIVATE_HOSTS",
    "",
    "Hosts of our own network that declarations may read from, as host or host:port, separated by commas; without it"
    " sources are read from the internet only.",
)
SOURCE_PRIVATE_HOSTS = tuple(filter(None, _PRIVATE_HOSTS.replace(" ", "").split(",")))

# --- addresses
HOST = option(
    "KLANTBEELD_HOST", "127.0.0.1", "Address that web, intake and live listen on; demo logins exist only on loopback."
)
WEB_PORT = option("KLANTBEELD_WEB_PORT", 8000, "Port of the screens and the API.")
INTAKE_PORT = option("KLANTBEELD_INTAKE_PORT", 8001, "Port where sources deliver events in bulk.")
LIVE_PORT = option("KLANTBEELD_LIVE_PORT", 8002, "Port of the server-sent events.")
DEMO_PORT = option(
    "KLANTBEELD_DEMO_PORT", 8003, "Port where the invented systems of the demo answer, on this machine only."
)
PUBLIC_URL = option(
    "KLANTBEELD_PUBLIC_URL",
    "",
    "Address that browsers use, such as https://klantbeeld.example; empty means http on the web port, this machine.",
)
LIVE_URL = option(
    "KLANTBEELD_LIVE_URL", "", "Address that browsers use for server-sent events; empty means the live port."
)
ALLOWED_HOST_NAMES = option(
    "KLANTBEELD_ALLOWED_HOSTS",
    "",
    "Host names we answer to, separated by commas, besides localhost and the one in KLANTBEELD_PUBLIC_URL.",
)

# --- processes
WEB_PROCESSES = option(
    "KLANTBEELD_WEB_PROCESSES", min(_CPUS, 4), "Web processes.", shown="the number of cores, at most 4"
)
WEB_THREADS = option("KLANTBEELD_WEB_THREADS", 4, "Threads in each web process, each with a database connection.")
INTAKE_THREADS = option("KLANTBEELD_INTAKE_THREADS", 4, "Threads of the intake process.")
INTAKE_QUEUE = option(
    "KLANTBEELD_INTAKE_QUEUE", 64, "Requests that the intake process takes on at once before it lets senders wait."
)
WORKER_THREADS = option("KLANTBEELD_WORKER_THREADS", 2, "Short jobs that run at the same time.")
API_RATE = option(
    "KLANTBEELD_API_RATE",
    0,
    "Requests a second that one API key may make in each web process (ten times as many at once); 0 sets no limit.",
)
API_MOST_MB = option("KLANTBEELD_API_MOST_MB", 16, "The largest body of a request, in MB; a larger one gets 413.")
DRAIN_SECONDS = option(
    "KLANTBEELD_DRAIN_SECONDS", 20, "Seconds that running requests and jobs get to finish when the product stops."
)
DEMO = option("KLANTBEELD_DEMO", True, "Load the invented demo world into a new, empty database.")
DEBUG = option("KLANTBEELD_DEBUG", False, "Show details of errors in the browser: for developers only.")
TIME_ZONE = option("KLANTBEELD_TIME_ZONE", "Europe/Amsterdam", "Time zone that moments are shown in.")
LANGUAGE_CODE = option("KLANTBEELD_LANGUAGE", "nl", "Language when the browser asks for neither: nl or en.")

# --- secrets (made and kept in KLANTBEELD_HOME when not given; several machines must be given the same)
_SECRET_KEY = option("KLANTBEELD_SECRET_KEY", "", "Signs sessions and tickets.", shown="made at the first start")
_MATCH_KEY = option(
    "KLANTBEELD_MATCH_KEY",
    "",
    "Key of the hashes that records are matched by; it must never change for one database.",
    shown="made at the first start",
)
_PARTNER_KEY = option(
    "KLANTBEELD_PARTNER_KEY",
    "",
    "Key of the customer ids that each partner sees; it must never change for one database.",
    shown="made at the first start",
)

# ---------------------------------------------------------------------------------------------------------------------
HOME = Home(HOME_DIR)
_stored = HOME.find_secrets()
# Without stored or given secrets nothing of ours serves or stores (config.processes.require_secrets); a key that lives
# as long as this process lets `--help`, the type checker and the documentation import the settings all the same.
SECRETS_ARE_KEPT = bool(_stored or (_SECRET_KEY and _MATCH_KEY and _PARTNER_KEY))
SECRET_KEY = _SECRET_KEY or (_stored.secret_key if _stored else _random.token_urlsafe(32))
MATCH_KEY = _MATCH_KEY or (_stored.match_key if _stored else _random.token_urlsafe(32))
PARTNER_KEY = _PARTNER_KEY or (_stored.partner_key if _stored else _random.token_urlsafe(32))

if LANGUAGE_CODE not in ("nl", "en"):
    raise SettingError(f"KLANTBEELD_LANGUAGE={LANGUAGE_CODE!r}: expected nl or en.")
if DATABASE_ROLE not in ("app", "owner"):
    raise SettingError(f"KLANTBEELD_DATABASE_ROLE={DATABASE_ROLE!r}: expected app or owner.")

DATABASES: dict[str, dict[str, Any]] = {
    "default": django_database(
        HOME, _stored, url=DATABASE_URL, owner_url=DATABASE_OWNER_URL, role=DATABASE_ROLE, pool=DATABASE_POOL
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "klantbeeld.foundation",
    "klantbeeld.consent",
    "klantbeeld.sources",
    "klantbeeld.identity",
    "klantbeeld.profiles",
    "klantbeeld.interactions",
    "klantbeeld.stewardship",
    "klantbeeld.lifecycle",
    "klantbeeld.flows",
    "klantbeeld.ui",
    "klantbeeld.demo",
    "klantbeeld.desk",
    "klantbeeld.studio",
    "klantbeeld.exchange",
    # After ours, so that our templates win over theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "klantbeeld.config.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "klantbeeld.config.middleware.LowDiskMiddleware",
    # What follows is for people in a browser; the API goes past it.
    "klantbeeld.exchange.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "klantbeeld.config.urls"
WSGI_APPLICATION = "klantbeeld.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- people
AUTH_USER_MODEL = "foundation.User"
AUTHENTICATION_BACKENDS = ["klantbeeld.foundation.login.EmployeeBackend"]
PASSWORD_HASHERS = ["klantbeeld.foundation.login.CappedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Failed logins per address and per account; other actions keep the limits of allauth.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "klantbeeld.foundation.accounts.EmployeeAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

# --- addresses and headers
_PUBLIC = PUBLIC_URL or f"http://localhost:{WEB_PORT}"
_PUBLIC_HOST = urlsplit(_PUBLIC).hostname or "localhost"
_IS_HTTPS = _PUBLIC.startswith("https://")
ALLOWED_HOSTS = sorted(
    {"localhost", "127.0.0.1", "[::1]", _PUBLIC_HOST, *filter(None, map(str.strip, ALLOWED_HOST_NAMES.split(",")))}
)
CSRF_TRUSTED_ORIGINS = [_PUBLIC]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, LIVE_URL or f"http://localhost:{LIVE_PORT}", f"http://127.0.0.1:{LIVE_PORT}"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- requests
DATA_UPLOAD_MAX_MEMORY_SIZE = API_MOST_MB << 20

# --- files
STATIC_URL = "static/"
# Nothing is collected: the files are served from the packages they come with.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# Every address carries the version of its content (config.static).
WHITENOISE_MAX_AGE = 60 if DEBUG else 365 * 24 * 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "klantbeeld.config.static.VersionedStorage"},
}
MEDIA_ROOT = HOME_DIR / "media"

# --- language and time
USE_TZ = True
USE_I18N = True
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [str(path) for path in sorted(_PACKAGE.glob("*/locale"))]
FORMAT_MODULE_PATH = None

# --- jobs
PROCRASTINATE_WORKER_DEFAULTS = {"install_signal_handlers": True, "delete_jobs": "successful"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Never with the values that something broke on.
    "formatters": {
        "plain": {"()": "klantbeeld.config.logs.Discreet", "format": "{levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stream"], "level": "WARNING"},
    "loggers": {"klantbeeld": {"level": "INFO"}},
}
