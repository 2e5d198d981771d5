"""The settings of a site that a test starts: as in production, with cheap hashes of passwords."""

from hackathon.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
