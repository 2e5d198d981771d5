"""How a push service knows this site (RFC 8292), and what only the browser can read (RFC 8291)."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
TOKEN_VALID = timedelta(hours=12)  # push services accept 24 hours at most
RECORD = 4096  # bytes: what every push service takes


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises `ValueError`."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public_key() -> str:
    """What browsers give to their push service: only this site may then send to them."""
    return encoded(_point(_private_key(settings.PUSH_SECRET).public_key()))


def authorization(endpoint: str, *, at: datetime) -> str:
    """The header of a request to `endpoint`. It has the address of a contact for problems."""
    service = urlsplit(endpoint)
    mail = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    claims = {
        "aud": f"{service.scheme}://{service.netloc}",
        "exp": int((at + TOKEN_VALID).timestamp()),
        "sub": settings.SITE_URL if settings.HTTPS else f"mailto:{mail}",
    }
    parts = [{"typ": "JWT", "alg": "ES256"}, claims]
    signed = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    key = _private_key(settings.PUSH_SECRET)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key()}"


def encrypt(plain: bytes, *, p256dh: str, auth: str) -> bytes:
    """One record of `aes128gcm`, with a key of its own. At most 3,993 bytes."""
    theirs = decoded(p256dh)
    ours = ec.generate_private_key(CURVE)
    point, salt = _point(ours.public_key()), os.urandom(16)
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    secret = _derived(shared, decoded(auth), b"WebPush: info\0" + theirs + point, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack(">IB", RECORD, len(point)) + point
    return header + AESGCM(key).encrypt(nonce, plain + b"\2", None)


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether a message can be encrypted for them."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(p256dh))
        return len(decoded(auth)) == 16
    except ValueError:
        return False


@cache
def _private_key(secret: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha512(secret.encode()).digest(), "big")
    return ec.derive_private_key(number % (CURVE.group_order - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
