"""The address that the QR code of a computer without a network has (decision 49)."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

# Bytes, SHA-256, and the clock of the computer in seconds since 1970.
PROMISED = re.compile(r"(\d{1,12})-([0-9a-f]{64})-(\d{1,10})")


class Promised(NamedTuple):
    size: int
    digest: str
    client_at: datetime


class Key(NamedTuple):
    """Ids, and the number of the team's key. It permits to promise for this team and deliverable,
    as long as this member is in the team and the number is the team's, and nothing else.
    """

    team: int
    deliverable: int
    membership: int
    number: int


def key_text(key: Key) -> str:
    return _signer().sign("-".join(map(str, key)))


def address_of(key: Key) -> str:
    """The page adds what it promises."""
    path = reverse("promises:promise", args=[key_text(key), "-"])
    return settings.SITE_URL + path.removesuffix("-/")


def parse_key(text: str) -> Key | None:
    try:
        return Key(*map(int, _signer().unsign(text).split("-")))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def parse_promised(text: str) -> Promised | None:
    if (found := PROMISED.fullmatch(text)) is None:
        return None
    size, digest, clock = found.groups()
    try:
        client_at = datetime.fromtimestamp(int(clock), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Promised(int(size), digest, client_at)


def _signer() -> signing.Signer:
    return signing.Signer(salt="submissions.promise")
