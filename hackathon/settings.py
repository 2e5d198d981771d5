"""Settings of the site. Every value from outside is a `CCD_*` environment variable.

Without any of them the site is one process with SQLite and files in `var/`, without Redis.
`docs/operations.md` lists the variables for production.
"""

import os
import tomllib
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environs import Env, validate

from hackathon.base.core.database_options import postgresql_options, sqlite_options
from hackathon.base.core.logs import logging_config
from hackathon.fixed_settings import *  # noqa: F403

# Secrets may stand in files, as containers get them: CCD_SECRET_KEY_FILE=/run/secrets/secret-key.
for _secret in SECRETS:  # noqa: F405
    if _path := os.environ.get(f"{_secret}_FILE"):
        os.environ.setdefault(_secret, Path(_path).read_text().strip())

env = Env(expand_vars=False)

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
# What this process is in logs, metrics and signs of life: web, live, uploads, worker, mail, beat.
PROCESS: str = env.str("CCD_PROCESS", "")
DATA_DIR: Path = env.path("CCD_DATA_DIR", BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _closed_to_others(path: Path, mode: int = 0o700) -> Path:
    """Of another owner the permissions stay as they are."""
    with suppress(PermissionError):
        path.chmod(mode)
    return path


# The web server passes through it to `STATIC_ROOT`; it can't list it.
_closed_to_others(DATA_DIR, 0o711)
FILE_FOLDERS = ("deposits", "attachments", "previews", "incoming", "uploads")
for _name in FILE_FOLDERS:
    (DATA_DIR / _name).mkdir(exist_ok=True)
    _closed_to_others(DATA_DIR / _name)

# ---------------------------------------------------------------- security

DEBUG: bool = env.bool("CCD_DEBUG", False)
HTTPS: bool = env.bool("CCD_HTTPS", False)  # behind a TLS proxy that sets X-Forwarded-Proto


def _is_needed(secret: str) -> bool:
    return PROCESS not in EVERYONE or PROCESS in SECRETS[secret]  # noqa: F405


def _kept_secret(name: str, secret: str) -> str:
    """Made once and kept in the data directory. Empty for a process that has to do without."""
    if not _is_needed(secret):
        return ""
    file = DATA_DIR / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(get_random_secret_key())
    return file.read_text()


def _secret_key() -> str:
    """Empty: Django raises `ImproperlyConfigured` to who uses it."""
    if value := env.str("CCD_SECRET_KEY", ""):
        return value
    if HTTPS and _is_needed("CCD_SECRET_KEY"):
        raise ImproperlyConfigured("CCD_SECRET_KEY must be set when CCD_HTTPS is on.")
    return _kept_secret("secret-key", "CCD_SECRET_KEY")


SECRET_KEY = _secret_key()
# Push services know this site by the key that `hackathon.base.push.vapid` derives from it.
PUSH_SECRET: str = env.str("CCD_PUSH_SECRET", "") or _kept_secret("push-secret", "CCD_PUSH_SECRET")
# Former keys: receipts that were signed with them stay valid.
SECRET_KEY_FALLBACKS: list[str] = env.list("CCD_FORMER_SECRET_KEYS", [])
ALLOWED_HOSTS: list[str] = env.list("CCD_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CCD_TRUSTED_ORIGINS", [])

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The proxy replaces what a client sends. Used by `accounts.attempts` alone.
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP" if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Browsers' lists keep a name for months, with all names below it: the operator decides.
SECURE_HSTS_PRELOAD: bool = HTTPS and env.bool("CCD_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# Browsers take such a cookie from this host alone, over https and for all of its paths.
_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_HOST}django_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # a week: sessions must not end during the event
# ---------------------------------------------------------------- the site

ROOT_URLCONF = "hackathon.urls"
# Empty: the core alone. Until 1.5 this variable named packages of the image.
if not env.str("CCD_EXTRAS", "").startswith("--extra"):
    EXTRAS = env.list("CCD_EXTRAS", EXTRAS, validate=validate.ContainsOnly(EXTRAS))  # noqa: F405
INSTALLED_APPS = [*INSTALLED_APPS, *(f"hackathon.extras.{name}" for name in EXTRAS)]  # noqa: F405
ASGI_APPLICATION = "hackathon.asgi.application"
WSGI_APPLICATION = "hackathon.wsgi.application"


def _likely_url() -> str:
    """The first allowed host; without HTTPS, on the port of `make run`."""
    host = next((name.lstrip(".") for name in ALLOWED_HOSTS if name != "*"), "localhost")
    return f"https://{host}" if HTTPS else f"http://{host}:{env.int('PORT', 8000)}"


# Base URL for links in mails and PDFs, where there is no request.
SITE_NAME: str = env.str("CCD_SITE_NAME", "Crazy Charly Day")  # while no edition is shown
SITE_URL: str = env.str("CCD_SITE_URL", _likely_url()).rstrip("/")
SECURITY_CONTACT: str = env.str("CCD_SECURITY_CONTACT", "") or f"{SITE_URL}/contact/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hackathon.day.site.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "hackathon.base.core.templatetags.kept",
                "hackathon.base.core.templatetags.components",
                "hackathon.base.core.templatetags.extras",
                "hackathon.base.live.templatetags.fragments",
                "hackathon.base.core.templatetags.modules",
                "submissions.templatetags.progress",
            ],
        },
    }
]
FRAGMENTS_CACHED = True  # `live.fragments`
FORM_RENDERER = "hackathon.base.core.forms.Renderer"

# ---------------------------------------------------------------- data

REDIS_URL: str = env.str("CCD_REDIS_URL", "")

# A second server (docs/operations/standby.md): the name of this one, the address of the other one,
# the rsync module that takes its files, and the file with the password of that module.
SERVER_NAME: str = env.str("CCD_SERVER_NAME", "")
PEER: str = env.str("CCD_PEER", "").rstrip("/")
PEER_FILES: str = env.str("CCD_STANDBY_FILES", "").rstrip("/")
PEER_PASSWORD_FILE: str = env.str("CCD_STANDBY_PASSWORD_FILE", "")


def _database() -> dict[str, Any]:
    config: dict[str, Any] = env.dj_db_url(
        "CCD_DATABASE_URL", f"sqlite:///{DATA_DIR / 'hackathon.sqlite3'}"
    )
    if config["ENGINE"].endswith("sqlite3"):
        if (file := Path(config["NAME"])).parent.is_dir():
            file.touch(mode=0o600)  # SQLite gives its journals the same permissions
            _closed_to_others(file, 0o600)
        return {**config, "OPTIONS": sqlite_options()}
    if password := env.str("CCD_DATABASE_PASSWORD", ""):
        config["PASSWORD"] = password
    options = postgresql_options(env.int("CCD_DATABASE_POOL", 20), has_replica=bool(SERVER_NAME))
    # The pool hands out no connection that PostgreSQL has closed: one round trip per request.
    return {**config, "OPTIONS": options, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()}

S3_BUCKET: str = env.str("CCD_S3_BUCKET", "")  # without one, files lie in the data directory
if S3_BUCKET and not (find_spec("storages") and find_spec("boto3")):
    raise ImproperlyConfigured("CCD_S3_BUCKET needs the extra « s3 »: uv sync --extra s3")


def _storage(
    name: str,
    mode: int,
    local: str = "django.core.files.storage.FileSystemStorage",
    remote: str = "submissions.storage_s3.Bucket",
) -> dict[str, Any]:
    """A directory in the data directory or in the bucket. No web server serves it: views check the
    rights and send the files.
    """
    if not S3_BUCKET:
        options = {"location": DATA_DIR / name, "file_permissions_mode": mode}
        return {"BACKEND": local, "OPTIONS": options}
    return {
        "BACKEND": remote,
        "OPTIONS": {
            "location": name,
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("CCD_S3_ENDPOINT", "") or None,  # AWS
            "region_name": env.str("CCD_S3_REGION", "") or None,
            "access_key": env.str("CCD_S3_ACCESS_KEY", "") or None,
            "secret_key": env.str("CCD_S3_SECRET_KEY", "") or None,
        },
    }


STORAGES = {
    "default": _storage("attachments", 0o600),
    "deposits": _storage(
        "deposits",
        0o400,
        "submissions.storage.DepositDirectory",
        "submissions.storage_s3.DepositBucket",
    ),
    "previews": _storage("previews", 0o600),
    "staticfiles": {
        "BACKEND": "hackathon.base.core.static.StaticStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # the proxy reads them
    },
}
# On the file system of the deposits, so that a received file is moved and not copied.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
# Partial files of resumable uploads, on the same file system. Shared by all processes.
UPLOADS_DIR = DATA_DIR / "uploads"
UPLOAD_MAX_BYTES = 20_000_000_000  # sent to clients; each deliverable has a smaller limit
# An upload that would leave fewer free bytes on the disk is refused.
DISK_RESERVE: int = env.int("CCD_DISK_RESERVE", 1_000_000_000)
FILE_UPLOAD_HANDLERS = ["hackathon.base.core.received_files.HashingUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

# Beyond so many entries a third of them is dropped: limits of attempts must not be among them.
IN_MEMORY = {"MAX_ENTRIES": 100_000}
CACHES = {
    "default": {
        "BACKEND": "hackathon.base.core.cache.OptionalRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": IN_MEMORY}
}

# ---------------------------------------------------------------- static files

STATIC_URL = "/static/"
STATIC_ROOT = env.path("CCD_STATIC_ROOT", DATA_DIR / "static")
NODE_MODULES = env.path("CCD_NODE_MODULES", BASE_DIR / "node_modules")
STATICFILES_DIRS = [
    BASE_DIR / "hackathon" / "static",
    (
        "fonts/bricolage",
        NODE_MODULES / "@fontsource-variable" / "bricolage-grotesque" / "files",
    ),
    ("fonts/inter", NODE_MODULES / "@fontsource-variable" / "inter" / "files"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/tus", NODE_MODULES / "tus-js-client" / "dist"),
    ("vendor/qrcode", NODE_MODULES / "qrcode-generator" / "dist"),
    # The builds for browsers of the last years, which tablets have, and the decoders of images.
    ("vendor/pdfjs", NODE_MODULES / "pdfjs-dist" / "legacy" / "build"),
    ("vendor/pdfjs/wasm", NODE_MODULES / "pdfjs-dist" / "wasm"),
]
TABLER_ICONS = NODE_MODULES / "@tabler" / "icons" / "icons" / "outline"
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("woff", "woff2", "png", "jpg", "webp")

# ---------------------------------------------------------------- checks of deposits

# host:port or socket path of a clamd; without one, files are not scanned
CLAMAV: str = env.str("CCD_CLAMAV", "")

# Addresses that stamp the digests of seals and envelopes, and the certificates they are verified by
TIMESTAMP_AUTHORITIES: list[str] = env.list("CCD_TIMESTAMP_AUTHORITIES", [])
TIMESTAMP_ROOTS: Path | None = env.path("CCD_TIMESTAMP_ROOTS", None)

# ---------------------------------------------------------------- languages and time

# Message ids are French. English is chosen by the user, never by the browser.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"  # `CurrentEdition` activates the zone of the edition

# ---------------------------------------------------------------- people

# Domains of e-mail addresses that may sign up (empty: any): "etu.univ-lorraine.fr".
SIGNUP_DOMAINS: list[str] = env.list("CCD_SIGNUP_DOMAINS", [])

# Whether organizers and superusers must have a second factor; everybody may.
SECOND_FACTOR_REQUIRED: bool = env.bool("CCD_SECOND_FACTOR", False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost

# Accounts of a university: docs/operations/sign-in.md.
OIDC_ISSUER: str = env.str("CCD_OIDC_ISSUER", "")
OIDC_LABEL: str = env.str("CCD_OIDC_LABEL", "")
CAS_URL: str = env.str("CCD_CAS_URL", "").rstrip("/")
for _name, _url in (("CCD_OIDC_ISSUER", OIDC_ISSUER), ("CCD_CAS_URL", CAS_URL)):
    if HTTPS and _url.startswith("http://"):
        raise ImproperlyConfigured(f"{_name} must begin with https:// when CCD_HTTPS is on.")
CAS_LABEL: str = env.str("CCD_CAS_LABEL", "")
# Domains whose addresses the university gives to its people: no code proves them.
UNIVERSITY_DOMAINS: list[str] = env.list("CCD_UNIVERSITY_DOMAINS", [])
# Values of eduPersonAffiliation that may sign up (empty: any): "student", "employee".
UNIVERSITY_AFFILIATIONS: list[str] = env.list("CCD_UNIVERSITY_AFFILIATIONS", [])
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_ISSUER,
                "client_id": env.str("CCD_OIDC_CLIENT_ID"),
                "secret": env.str("CCD_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

# ---------------------------------------------------------------- mail

SMTP_HOST: str = env.str("CCD_SMTP_HOST", "")  # without one, mail is printed on the console
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": env.int("CCD_SMTP_PORT", 587),
            "username": env.str("CCD_SMTP_USER", ""),
            "password": env.str("CCD_SMTP_PASSWORD", ""),
            "use_tls": env.bool("CCD_SMTP_TLS", True),
            "timeout": 10,
        },
    }
    if SMTP_HOST
    else {"BACKEND": "hackathon.base.core.mail.ConsoleBackend"}
}
DEFAULT_FROM_EMAIL = env.str("CCD_MAIL_FROM", f"{SITE_NAME} <noreply@localhost>")

# ---------------------------------------------------------------- background work

# `hackathon.celery` sets the other options.
CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
# Without Redis a task runs in the caller, until hackathon.asgi starts the embedded worker.
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TIMEZONE = "UTC"
# Short timeouts: `core.background` tries again.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        # What a worker took and did not finish within so many seconds is given to another one: it
        # was killed. Longer than the delay before any retry, which a worker waits out itself.
        "visibility_timeout": env.int("CCD_REDELIVERY_SECONDS", 60),
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    }
    if REDIS_URL
    else {}
)

# ---------------------------------------------------------------- operations

# The kinds that this site has: one that has never started is as silent as one that died.
EXPECTED_PROCESSES: list[str] = env.list("CCD_PROCESSES", [])
# Each process keeps its numbers below it, and `manage.py metrics` adds them up.
METRICS_DIR: Path | None = env.path("CCD_METRICS_DIR", None)
if METRICS_DIR is not None:
    METRICS_DIR.mkdir(parents=True, exist_ok=True)
    # Read by prometheus_client when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)
# Touched while the process works: a health check looks at its age.
HEARTBEAT_FILE: Path | None = env.path("CCD_HEARTBEAT_FILE", None)

# Where beat has a backup made, and what encrypts the secret key and the settings in it.
BACKUP_DIR: Path | None = (
    env.path("CCD_BACKUP_DIR", None) if env.str("CCD_BACKUP_DIR", "") else None
)
BACKUP_PASSPHRASE_FILE: Path | None = env.path("CCD_BACKUP_PASSPHRASE_FILE", None)
# Older ones are deleted. The page of privacy says so.
BACKUP_DAYS: int = env.int("CCD_BACKUP_DAYS", 30, validate=validate.Range(min=1))
BACKUP_MINUTES: int = env.int("CCD_BACKUP_MINUTES", 60, validate=validate.Range(min=5))
SENTRY_DSN: str = env.str("CCD_SENTRY_DSN", "")
if SENTRY_DSN and not find_spec("sentry_sdk"):
    raise ImproperlyConfigured("CCD_SENTRY_DSN needs the extra « sentry »: uv sync --extra sentry")

# ---------------------------------------------------------------- logs

LOG_FORMAT: str = env.str("CCD_LOG_FORMAT", "line", validate=validate.OneOf(["line", "json"]))
LOGGING = logging_config(
    env.str("CCD_LOG_LEVEL", "INFO"), as_json=LOG_FORMAT == "json", process=PROCESS
)

# ---------------------------------------------------------------- public demonstration

# Anybody may try the site: nothing leaves it, and it holds little (docs/operations.md).
PUBLIC_DEMO: bool = env.bool("CCD_PUBLIC_DEMO", False)
OUTBOUND = not PUBLIC_DEMO  # connections to addresses that somebody typed
DISK_QUOTA: int | None = None  # bytes of all files
if PUBLIC_DEMO:
    if S3_BUCKET or SERVER_NAME:
        raise ImproperlyConfigured("CCD_PUBLIC_DEMO goes with no bucket and no second server.")
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    SMTP_HOST = OIDC_ISSUER = CAS_URL = ""
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    TIMESTAMP_AUTHORITIES = []
    SECOND_FACTOR_REQUIRED = False
    UPLOAD_MAX_BYTES, DISK_RESERVE, DISK_QUOTA = 5_000_000, 100_000_000, 500_000_000
