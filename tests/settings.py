"""The site's settings, with what tests need otherwise: their own data directory, fast hashes.

The database is a SQLite file (threads of a test must not share one connection), or the PostgreSQL
of CCD_DATABASE_URL: `python -m tests` runs the suite on both.
"""

import os
import tempfile
from pathlib import Path

os.environ["CCD_DATA_DIR"] = os.environ.get("CCD_TEST_DATA_DIR") or tempfile.mkdtemp("-ccd-tests")
os.environ.pop("CCD_REDIS_URL", None)  # tests that need Redis start or find their own

from hackathon.settings import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": Path(os.environ["CCD_DATA_DIR"]) / "test.sqlite3"}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
else:  # a migrated database, or PostgreSQL's own empty one
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("CCD_TEST_TEMPLATE")}  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {  # no manifest to build before a test
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = Path(os.environ["CCD_DATA_DIR"]) / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
FRAGMENTS_CACHED = False  # tests change rows without live messages
CELERY_TASK_EAGER_PROPAGATES = True
