"""Changes that a juror could not send before the tablet went on to the next: sealed in the browser
so that only the server opens them, and named by a ticket that only the server writes.

ECDH on P-256 with a key made for each seal, HKDF-SHA256, AES-256-GCM; browsers do the same with
WebCrypto (`static/js/jury-seal.js`). The server's private key follows from its secret key, the
former ones included: nothing is kept for it. The ticket is inside the seal, so whoever holds the
tablet next cannot use it.
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
TICKETS = "judging.sealed.ticket"
TICKET_SECONDS = 7 * 24 * 3600


class Unsealable(ValueError):
    """This was not sealed for us, or its ticket does not hold any more."""


@dataclass(frozen=True)
class Opened:
    """What was in a seal, and whose it is."""

    user_pk: int
    changes: list[Any]


def public_key() -> str:
    """What browsers seal for: an uncompressed point, base64."""
    point = _private(settings.SECRET_KEY).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(raw).decode()


def ticket(user_pk: int) -> str:
    """Says to the server later that what comes with it is this person's."""
    return signing.dumps(user_pk, salt=TICKETS, compress=False)


def unseal(sealed: Mapping[str, str]) -> Opened:
    """What was sealed. Raises `Unsealable`."""
    try:
        point, nonce, data = (base64.b64decode(sealed[name]) for name in ("point", "nonce", "data"))
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Unsealable from error
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        shared = _private(secret).exchange(ec.ECDH(), theirs)
        try:
            content = json.loads(AESGCM(_derived(shared, SHARED, 32)).decrypt(nonce, data, None))
            user_pk = signing.loads(content["ticket"], salt=TICKETS, max_age=TICKET_SECONDS)
            return Opened(int(user_pk), list(content["changes"]))
        except (InvalidTag, signing.BadSignature, KeyError, TypeError, ValueError):
            continue
    raise Unsealable


def _private(secret: str | bytes) -> ec.EllipticCurvePrivateKey:
    raw = secret if isinstance(secret, bytes) else secret.encode()
    number = int.from_bytes(_derived(raw, PRIVATE, 48))  # 128 bits more than the order: no bias
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _derived(secret: bytes, what: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=what).derive(secret)
