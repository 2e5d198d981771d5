"""Decrypts the changes that a juror could not send before handing the tablet to the next juror.

`static/js/jury-seal.js` encrypts them: ECDH on P-256 with one ephemeral key per batch, HKDF-SHA256,
AES-256-GCM. The private key is derived from `SECRET_KEY` and its fallbacks. The signed ticket is
encrypted too, so that the next juror cannot use it.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core import signing

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIVATE, SHARED = b"judging.sealed.private", b"judging.sealed.shared"
TICKET_SALT = "judging.sealed.ticket"
TICKET_SECONDS = 7 * 24 * 3600


class SealError(ValueError):
    """The batch was not encrypted for this server, or its ticket is invalid or expired."""


@dataclass(frozen=True)
class Batch:
    user_pk: int
    changes: list[Any]


def public_key() -> str:
    """An uncompressed point, in base64."""
    point = _private_key(settings.SECRET_KEY).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(raw).decode()


def ticket(user_pk: int) -> str:
    """A signed user id."""
    return signing.dumps(user_pk, salt=TICKET_SALT, compress=False)


def unseal(sealed: Mapping[str, str]) -> Batch:
    """Raises `SealError`."""
    try:
        point, nonce, data = (base64.b64decode(sealed[name]) for name in ("point", "nonce", "data"))
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise SealError from error
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        shared = _private_key(secret).exchange(ec.ECDH(), theirs)
        try:
            content = json.loads(AESGCM(_derive(shared, SHARED, 32)).decrypt(nonce, data, None))
            user_pk = signing.loads(content["ticket"], salt=TICKET_SALT, max_age=TICKET_SECONDS)
            return Batch(int(user_pk), list(content["changes"]))
        except (InvalidTag, signing.BadSignature, KeyError, TypeError, ValueError):
            continue
    raise SealError


def _private_key(secret: str | bytes) -> ec.EllipticCurvePrivateKey:
    raw = secret if isinstance(secret, bytes) else secret.encode()
    # 128 bits more than the order, so that the remainder has no measurable bias.
    number = int.from_bytes(_derive(raw, PRIVATE, 48))
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _derive(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret)
