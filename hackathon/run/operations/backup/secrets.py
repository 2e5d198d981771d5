"""The settings of the installation, encrypted with a passphrase: without the secret key every
receipt looks altered.
"""

import hashlib
import hmac
import io
import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from hackathon.base.core.encryption import InvalidContainer, decrypt, encrypt
from hackathon.run.operations.backup.errors import BackupError

SALT_BYTES = 16
MIN_PASSPHRASE_CHARS = 12


def read_passphrase(file: Path) -> str:
    """The first line. Raises `BackupError`."""
    try:
        passphrase = file.read_text().split("\n", 1)[0].strip()
    except OSError as error:
        raise BackupError(f"The passphrase cannot be read: {error}") from error
    if len(passphrase) < MIN_PASSPHRASE_CHARS:
        raise BackupError(f"The passphrase needs {MIN_PASSPHRASE_CHARS} characters at least.")
    return passphrase


def seal(passphrase: str) -> bytes:
    values = {
        "secret_key": settings.SECRET_KEY,
        "former_secret_keys": settings.SECRET_KEY_FALLBACKS,
        "push_secret": settings.PUSH_SECRET,
        "environment": {k: v for k, v in os.environ.items() if k.startswith("CCD_")},
    }
    salt = os.urandom(SALT_BYTES)
    sealed = encrypt([json.dumps(values).encode()], _key(passphrase, salt))
    return salt + b"".join(sealed)


def unseal(content: bytes, passphrase: str) -> dict:
    """Raises `BackupError`."""
    salt, sealed = content[:SALT_BYTES], io.BytesIO(content[SALT_BYTES:])
    try:
        return json.loads(b"".join(decrypt(sealed, _key(passphrase, salt))))
    except InvalidContainer:
        raise BackupError("This is not the passphrase of the backup.") from None


def fingerprint(secret_key: str) -> str:
    """Tells whether two installations have the same key, and nothing else about it."""
    return hmac.new(secret_key.encode(), b"ccd-backup", hashlib.sha256).hexdigest()[:16]


def _key(passphrase: str, salt: bytes) -> str:
    derived = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return urlsafe_b64encode(derived).rstrip(b"=").decode()
