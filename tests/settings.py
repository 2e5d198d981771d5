"""The site's settings, with what tests need otherwise: their own data directory, fast hashes."""

import os
import tempfile

os.environ["CCD_DATA_DIR"] = os.environ.get("CCD_TEST_DATA_DIR") or tempfile.mkdtemp("-ccd-tests")

from hackathon.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {  # no manifest to build before a test
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
CELERY_TASK_EAGER_PROPAGATES = True
