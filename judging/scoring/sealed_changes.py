"""Decrypts the changes that a juror could not send before handing the tablet to the next juror.

`static/js/jury-seal.js` encrypts them: ECDH on P-256 with one ephemeral key per batch, HKDF-SHA256,
AES-256-GCM. The private key is derived from `SECRET_KEY` and its fallbacks. The signed ticket is
encrypted too, so that the next juror cannot use it. It says whose changes they are, as long as the
account is as it was.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
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
from django.utils.crypto import constant_time_compare, salted_hmac

from hackathon.base.accounts.models import User
from hackathon.event.editions.selectors import AnyUser

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIVATE, SHARED = b"judging.sealed.private", b"judging.sealed.shared"
TICKET_SALT = "judging.sealed.ticket"
TICKET_SECONDS = 36 * 3600  # a tablet is known for as long


class SealError(ValueError):
    """The batch was not encrypted for this server, or its ticket is forged."""


@dataclass(frozen=True)
class Batch:
    """`account`: the mark of the account when the page was opened; "" if the ticket has expired."""

    user_pk: int
    account: str
    changes: list[Any]

    def writer(self, by: AnyUser) -> User | None:
        """The user of the ticket, even if another user `by` is signed in. Once the ticket has
        ended, or the account was closed, signed out everywhere or got a new password, only that
        user's own session brings the changes; None: they are not written.
        """
        user = User.objects.filter(pk=self.user_pk).first()
        return user if user is not None and (user == by or self._is_valid_for(user)) else None

    def _is_valid_for(self, user: User) -> bool:
        return user.is_active and any(
            constant_time_compare(self.account, mark) for mark in _marks(user)
        )


def public_key() -> str:
    """An uncompressed point, in base64."""
    point = _private_key(settings.SECRET_KEY).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(raw).decode()


def ticket(user: User) -> str:
    return signing.dumps([user.pk, next(_marks(user))], salt=TICKET_SALT, compress=False)


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
            user_pk, account = _read(str(content["ticket"]))
            return Batch(user_pk, account, list(content["changes"]))
        except (
            InvalidTag,
            signing.BadSignature,
            KeyError,
            TypeError,
            ValueError,
            RecursionError,  # nested brackets
        ):
            continue
    raise SealError


def _read(ticket: str) -> tuple[int, str]:
    try:
        user_pk, account = signing.loads(ticket, salt=TICKET_SALT, max_age=TICKET_SECONDS)
    except signing.SignatureExpired:
        user_pk, account = signing.loads(ticket, salt=TICKET_SALT)[0], ""
    return int(user_pk), str(account)


def _marks(user: User) -> Iterator[str]:
    """They change with the password and `sign_outs`; one for each secret key."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        value = f"{user.password}:{user.sign_outs}"
        yield salted_hmac(TICKET_SALT, value, secret=secret, algorithm="sha256").hexdigest()


def _private_key(secret: str | bytes) -> ec.EllipticCurvePrivateKey:
    raw = secret if isinstance(secret, bytes) else secret.encode()
    # 128 bits more than the order, so that the remainder has no measurable bias.
    number = int.from_bytes(_derive(raw, PRIVATE, 48))
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _derive(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret)
