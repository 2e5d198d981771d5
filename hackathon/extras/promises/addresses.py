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


def key_of(team_pk: int, deliverable_pk: int) -> str:
    """It permits to promise for this team and deliverable, and nothing else."""
    return _signer().sign(f"{team_pk}-{deliverable_pk}")


def address_of(team_pk: int, deliverable_pk: int) -> str:
    """The page adds what it promises."""
    path = reverse("promises:promise", args=[key_of(team_pk, deliverable_pk), "-"])
    return settings.SITE_URL + path.removesuffix("-/")


def parse_key(key: str) -> tuple[int, int] | None:
    """The ids of team and deliverable."""
    try:
        team, deliverable = _signer().unsign(key).split("-")
        return int(team), int(deliverable)
    except (signing.BadSignature, ValueError):
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
