import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from hackathon.base.core.codes import ALPHABET
from submissions.receipts.rules import CODE_LENGTH
from submissions.versions.rules import DepositPeriod
from teams.models import Membership


class CertificateKind(StrEnum):
    """The first letter of the code."""

    TAKING_PART = "P"
    PRIZE = "L"


CODE = re.compile(r"([PL])([0-9]{1,12})([0-9A-Z]{10})")


@dataclass(frozen=True)
class Prize:
    """A place, or a special prize with a title."""

    rank: int | None
    title: str = ""
    is_tied: bool = False  # not in the code: certificates that were printed before stay genuine
    by_jury: bool = True


@dataclass(frozen=True)
class Certificate:
    membership: Membership
    kind: CertificateKind
    prizes: list[Prize] = field(default_factory=list)
    read_name: str = ""  # as the reader has it on paper, where the account has another name by now

    @property
    def name(self) -> str:
        return (
            self.read_name or self.membership.certificate_name or self.membership.user.display_name
        )

    @property
    def code(self) -> str:
        return f"{self.kind}{self.membership.pk}{_digests(self)[0]}"

    @property
    def spoken_code(self) -> str:
        """« P12-K7QM2-XRD4P »"""
        code, half = self.code, CODE_LENGTH // 2
        return f"{code[:-CODE_LENGTH]}-{code[-CODE_LENGTH:-half]}-{code[-half:]}"


def is_absent(membership: Membership) -> bool:
    return bool(membership.absent_at or membership.team.absent_at)


def is_due(period: DepositPeriod, *, at: datetime) -> bool:
    """Whether a team has a certificate of its own: once no upload of it can end in time."""
    return at > period.grace_ends_at


def parsed_code(code: str) -> tuple[CertificateKind, int] | None:
    match = CODE.fullmatch(code)
    return (CertificateKind(match[1]), int(match[2])) if match else None


def is_genuine(certificate: Certificate, code: str) -> bool:
    """Also with a former secret key. False if what the certificate says has changed since."""
    digest = code[-CODE_LENGTH:]
    return any(constant_time_compare(digest, right) for right in _digests(certificate))


def _digests(certificate: Certificate) -> list[str]:
    """HMAC-SHA256 with each secret key, the present one first, as a number in base 28."""
    member, team = certificate.membership, certificate.membership.team
    signed = json.dumps(
        [
            certificate.kind,
            member.pk,
            certificate.read_name or member.certificate_name or member.user.name,
            team.name,
            team.department.name,
            team.edition.name,
            [[prize.rank, prize.title] for prize in certificate.prizes],
        ]
    )
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_letters(salted_hmac("certificate", signed, key, algorithm="sha256")) for key in keys]


def _letters(mac: hmac.HMAC) -> str:
    number, letters = int.from_bytes(mac.digest()), ""
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return letters
